"""Real plugins over JSON documents, installed as a user's are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import tomli_w

from engine.home import find_home
from engine.wasm.manifest import Manifest
from engine.wasm.plugins.library import PluginLibrary
from engine.wasm.python.compiling import compile_python
from tests.guests import RESERVE, wasm_of


def document_module(process: str = "", data: str = "") -> bytes:
    """A module of the document ABI; ``process`` has the descriptor in ``$d``, and ``data`` stands at 16."""
    quoted = data.replace('"', '\\"')
    return wasm_of(f"""(module
        (memory (export "memory") 1)
        (data (i32.const 16) "{quoted}")
        (func (export "lanescope_document_abi") (result i32) (i32.const 1))
        (func (export "lanescope_reserve") (param $bytes i32) (result i32) {RESERVE})
        (func (export "lanescope_document") (param $d i32) (result i32) {process} (i32.const 0)))""")


def writing(patch: str) -> bytes:
    """A module that merges a patch into every document."""
    process = f"""(i32.store offset=48 (local.get $d) (i32.const 16))
        (i32.store offset=52 (local.get $d) (i32.const {len(patch)}))"""
    return document_module(process, patch)


def install(name: str, wasm: bytes, *documents: str, **manifest: Any) -> None:
    """Installs a plugin over documents."""
    fields = {"title": name.title(), "version": "1", "abi": "document/1", "documents": list(documents), **manifest}
    _install(name, wasm, fields)


def install_python(name: str, source: str, *documents: str, **manifest: Any) -> None:
    """Installs a plugin over documents that is written in Python."""
    fields = {"title": name.title(), "version": "1", "abi": "document/1", "documents": list(documents), **manifest}
    made = Manifest.model_validate({"name": name, "sha256": "0" * 64, **fields})
    _install(name, compile_python(source, made), fields)


def _install(name: str, wasm: bytes, fields: dict[str, Any]) -> None:
    text = tomli_w.dumps({"name": name, "sha256": hashlib.sha256(wasm).hexdigest(), **fields})
    PluginLibrary(find_home()).put(name, {"plugin.toml": text.encode(), "plugin.wasm": wasm})


def plugin(name: str, stage: str = "", **fields: Any) -> dict[str, Any]:
    """A stage that a plugin carries out, as a file has it."""
    return {"name": stage or name, "type": "wasm", "udf_name": name, **fields}


READS = b"@one 1\nCCGATTACACC\n+\nIIIIIIIIIII\n@two 1\nCTGTAATCCCC\n+\nIIIIIIIIIII\n@three\nACGT\n+\n!!!!\n"


def write_reads(folder: Path) -> Path:
    """Three reads, of which the first two have GATTACA on either strand."""
    path = folder / "reads.fastq"
    path.write_bytes(READS)
    return path
