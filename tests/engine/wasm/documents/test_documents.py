"""Plugins over JSON documents: what they get, what they may give, and what becomes of bad ones."""

from __future__ import annotations

import hashlib
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from engine.wasm.documents.abi import MOST_BYTES
from engine.wasm.documents.fields import DocumentField, encode_fields
from engine.wasm.documents.json_text import Document, merged
from engine.wasm.documents.stage import DocumentOutput, DocumentPlugin
from engine.wasm.errors import GuestTimeout, GuestTrap, ModuleRefused, OutputRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.manifest import parse_manifest
from engine.wasm.plugins.build import build_plugin
from engine.wasm.plugins.conformance import check_plugin
from engine.wasm.plugins.library import shipped_folder
from engine.wasm.plugins.package import PluginPackage, read_package
from engine.wasm.python.compiling import compile_python
from engine.wasm.stage.stage import StagePlugin
from tests.guests import RESERVE, manifest_for, wasm_of

DOCUMENTS = {"abi": "document/1", "documents": ["query", "result"], "changes": []}


def module(process: str = "", *, abi: int = 1, reserve: str = RESERVE, data: str = "") -> bytes:
    """A module of the document ABI; ``process`` has the descriptor in ``$d``."""
    return wasm_of(f"""(module
        (memory (export "memory") 1)
        (data (i32.const 16) "{data}")
        (func (export "lanescope_document_abi") (result i32) (i32.const {abi}))
        (func (export "lanescope_reserve") (param $bytes i32) (result i32) {reserve})
        (func (export "lanescope_document") (param $d i32) (result i32) {process} (i32.const 0)))""")


def plugin_of(host: Host, wasm: bytes, **changes: Any) -> DocumentPlugin:
    return DocumentPlugin(host, manifest_for(wasm, **(DOCUMENTS | changes)), wasm)


def outcome(plugin: DocumentPlugin, document: Document) -> DocumentOutput:
    with plugin.open() as stage:
        return stage.process(document)


def writes(size: int) -> str:
    """Gives the bytes at 16 as output."""
    return (
        f"(i32.store offset=48 (local.get $d) (i32.const 16)) (i32.store offset=52 (local.get $d) (i32.const {size}))"
    )


def said(text: str) -> dict[str, Any]:
    return {"process": writes(len(text)), "data": text.replace('"', '\\"')}


def test_doing_nothing_leaves_the_document(host: Host) -> None:
    document: Document = {"ä": [1, None, {"x": "\u2028"}]}
    assert outcome(plugin_of(host, module()), document) == DocumentOutput(document)


def test_what_is_written_is_merged(host: Host) -> None:
    document: Document = {"a": {"b": 1, "c": 2}, "d": [1], "e": 3}
    found = outcome(plugin_of(host, module(**said('{"a":{"b":null,"n":5},"d":7,"f":{"g":{"h":null}}}'))), document)
    assert found.document == {"a": {"c": 2, "n": 5}, "d": 7, "e": 3, "f": {"g": {}}}
    assert document["a"] == {"b": 1, "c": 2}
    assert merged({"a": 1}, {}) == {"a": 1}


def test_documents_are_rejected_and_measured(host: Host) -> None:
    process = """(i32.store offset=32 (local.get $d) (i32.const 0)) (i32.store offset=36 (local.get $d) (i32.const 1))
        (f64.store offset=40 (local.get $d) (f64.const 2.5))"""
    found = outcome(plugin_of(host, module(process)), {})
    assert (found.keep, found.number) == (False, 2.5)


def test_fields_are_found_where_the_manifest_says() -> None:
    document: Document = {"a": {"b": [1, {"c": 2.5}]}, "big": 1 << 80, "huge": 10**400, "on": True, "word": "x"}
    cases: list[tuple[str, str, object, bytes]] = [
        ("a.b.0", "integer", None, b"\1" + bytes(7)),
        ("a.b.1.c", "number", None, bytes(6) + b"\4\x40"),
        ("a.b.7", "integer", 3, b"\3" + bytes(7)),
        ("a.b.x", "integer", None, bytes(8)),
        ("big", "integer", None, b"\xff" * 7 + b"\x7f"),
        ("huge", "number", None, bytes(6) + b"\xf8\x7f"),
        ("word", "number", None, bytes(6) + b"\xf8\x7f"),
        ("on", "boolean", None, b"\1" + bytes(7)),
    ]
    for path, kind, default, wanted in cases:
        field = DocumentField.model_validate({"name": "x", "path": path, "type": kind, "default": default})
        assert encode_fields([field], document) == wanted, path


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"process": "unreachable"}, GuestTrap, "lanescope_document stopped"),
        ({"process": "(return (i32.const 3))"}, PluginError, "it cannot go on: status 3"),
        ({"abi": 2}, ModuleRefused, "made for version 2"),
        ({"reserve": "(i32.const 0)"}, PluginError, "no room for a document"),
        ({"reserve": "(i32.const 8)"}, OutputRefused, "not aligned"),
        ({"reserve": "(i32.const 65520)"}, OutputRefused, "not in its memory"),
        ({"process": writes(1 << 20)}, OutputRefused, "not inside the memory"),
        ({"process": writes(MOST_BYTES + 1)}, OutputRefused, "more than 16 MiB"),
        ({"process": "(i32.store offset=32 (local.get $d) (i32.const 7))"}, OutputRefused, "keep = 7"),
        (said("[1]"), OutputRefused, "not a JSON object"),
        (said('{"a":NaN}'), OutputRefused, "NaN is not a number of JSON"),
        (said('{"a":1e999}'), OutputRefused, "is not JSON"),
        ({"process": writes(14), "data": '{\\"a\\":\\"\\\\ud83d\\"}'}, OutputRefused, "is not JSON"),
        ({"process": writes(9), "data": '{\\"a\\":9' + "9" * 20}, OutputRefused, "is not JSON"),
        (said('{"a":' + "9" * 5000 + "}"), OutputRefused, "is not JSON"),
        (said('{"a":'), OutputRefused, "is not JSON"),
        (said("\\ff\\fe"), OutputRefused, "is not JSON"),
        (said('{"a":' + "[" * 120 + "]" * 120 + "}"), OutputRefused, "nested more than 100 deep"),
    ],
)
def test_bad_plugins_are_named_and_the_next_document_is_well(
    host: Host, change: dict[str, Any], error: type[PluginError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        outcome(plugin_of(host, module(**change)), {"a": 1})
    assert caught.value.plugin == "guest"
    assert outcome(plugin_of(host, module()), {"a": 1}).document == {"a": 1}


def test_limits_hold_as_for_reads(host: Host) -> None:
    started = time.monotonic()
    with pytest.raises(GuestTimeout):
        outcome(plugin_of(host, module("(loop (br 0))"), limits={"call_seconds": 0.2}), {})
    assert time.monotonic() - started < 20
    with pytest.raises(PluginError, match="no room for a document"):
        outcome(plugin_of(host, module(), limits={"memory_mib": 1}), {"a": "x" * (2 << 20)})
    with pytest.raises(PluginError, match="larger than 16 MiB"):
        outcome(plugin_of(host, module()), {"a": "x" * MOST_BYTES})


def test_a_stage_goes_on_after_a_trap(host: Host) -> None:
    process = "(if (i32.gt_u (i32.load offset=16 (local.get $d)) (i32.const 20)) (then (unreachable)))"
    with plugin_of(host, module(process)).open() as stage:
        for _ in range(50):
            with pytest.raises(GuestTrap):
                stage.process({"long": "x" * 30})
            assert stage.process({"a": 1}, "query").document == {"a": 1}


def test_plugins_take_what_their_manifest_says(host: Host) -> None:
    wasm = module()
    with pytest.raises(PluginError, match="documents of the kind query, not result"):
        outcome(plugin_of(host, wasm, documents=["query"]), {})
    with pytest.raises(ModuleRefused, match="works on documents, not on reads"):
        StagePlugin(host, manifest_for(wasm, **DOCUMENTS), wasm)
    with pytest.raises(ModuleRefused, match="works on reads, not on documents"):
        DocumentPlugin(host, manifest_for(wasm), wasm)
    text = b'name = "a"\ntitle = "A"\nversion = "1"\nsha256 = "%s"\n' % (b"0" * 64)
    for lines in (b'abi = "document/1"', b'documents = ["query"]', b'[[fields]]\nname = "a"\npath = "a"'):
        with pytest.raises(ModuleRefused):
            parse_manifest(text + lines, "a")


def test_python_over_documents(host: Host) -> None:
    fields = [{"name": "reads", "path": "reads", "type": "integer"}, {"name": "q30", "path": "quality.q30"}]
    parameters = [{"name": "least", "type": "number", "default": 80.0}]
    changes: dict[str, Any] = DOCUMENTS | {"fields": fields, "parameters": parameters}
    manifest = manifest_for(b"", **changes)
    keeps = compile_python("def process(q30: float, least: float) -> bool:\n    return q30 >= least\n", manifest)
    plugin = DocumentPlugin(host, manifest, keeps)
    assert [outcome(plugin, {"quality": {"q30": value}}).keep for value in (79.5, 80, 95.0)] == [False, True, True]
    assert not outcome(plugin, {}).keep

    text = "import math\n\ndef process(reads: int) -> float:\n    return math.log10(reads)\n"
    assert outcome(DocumentPlugin(host, manifest, compile_python(text, manifest)), {"reads": 1000}).number == 3

    text = "def process(reads: int) -> None:\n    if reads == 0:\n        raise ValueError('no reads')\n"
    plugin = DocumentPlugin(host, manifest, compile_python(text, manifest))
    assert outcome(plugin, {"reads": 1}) == DocumentOutput({"reads": 1})
    with pytest.raises(PluginError, match="line 3: ValueError: no reads"):
        outcome(plugin, {})

    for source, words in (
        ("def process(bases) -> bool:\n    return True\n", "neither a field nor a parameter"),
        ("def process(reads: int) -> tuple[int, int]:\n    return 0, 1\n", "must say what it returns"),
        ("def process(reads: float) -> bool:\n    return True\n", "write reads: int"),
    ):
        with pytest.raises(PluginError, match=words):
            compile_python(source, manifest)


def test_the_shipped_gate_behaves_as_its_source(host: Host, tmp_path: Path) -> None:
    package = read_package(shipped_folder() / "yield-gate")
    assert [finding for finding in check_plugin(host, package) if finding.trouble] == []
    copy = tmp_path / "yield-gate"
    shutil.copytree(shipped_folder() / "yield-gate", copy, ignore=shutil.ignore_patterns("*.wasm"))
    fresh = build_plugin(copy).read_bytes()
    manifest = package.manifest.model_copy(update={"sha256": hashlib.sha256(fresh).hexdigest()})
    settings = {"least_reads": 100, "least_bases": 10_000, "reject": True}
    for wasm in (package.wasm, fresh):
        plugin = DocumentPlugin(host, manifest, wasm, settings)
        assert outcome(plugin, {"reads": 100, "bases": 10_000}).keep
        failed = outcome(plugin, {"reads": 93, "bases": 10_001, "yield_gate": {"note": "mine"}})
        gate = {"note": "mine", "passed": False, "missing_reads": 7, "missing_bases": 0}
        assert (failed.keep, failed.document["yield_gate"]) == (False, gate)


def test_the_check_finds_what_is_kept_between_documents(host: Host) -> None:
    process = """(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
        (i32.store offset=36 (local.get $d) (i32.const 1))
        (f64.store offset=40 (local.get $d) (f64.convert_i32_u (i32.load (i32.const 0))))"""
    wasm = module(process)
    package = PluginPackage(manifest_for(wasm, **DOCUMENTS), wasm, {})
    found = [finding.trouble for finding in check_plugin(host, package)]
    assert found[0] == ""
    assert all("nothing may be kept" in trouble for trouble in found[1:])
