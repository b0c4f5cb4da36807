"""Compiling Python plugins in a process of their own."""

from __future__ import annotations

import ast
import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from engine.flow.interrupts import OWN_GROUP
from engine.wasm.documents.abi import NAME as DOCUMENTS
from engine.wasm.errors import PluginError
from engine.wasm.manifest import Manifest
from engine.wasm.python.source import PARTS, SOURCE_NAME, Declared, SourceError, read_source
from engine.wasm.python.untypable import HINT, reason_at

_SECONDS = 120
_UNKEPT = "On this system the compiler of Python plugins could not be kept from"
_HINT = "Mend the source, then build anew."

Tell = Callable[[str], object]


def say_nothing(_words: str) -> None:
    """For those whom nobody listens to."""


class NotCompilable(PluginError):
    """It is Python, and there is no machine code for it."""

    hint = HINT


def compile_python(text: str, manifest: Manifest, tell: Tell = say_nothing) -> bytes:
    """A module of the manifest's ABI from a Python source, in some seconds.

    Args:
        text: the source; ``process`` takes parts of one read (``name``, ``bases``, ``qualities``: uint8 arrays)
            and parameters of the manifest. A bool that is false drops the read, a number becomes its
            metric, two numbers are the bounds to trim to, and ``None`` leaves it as it is. Over documents it
            takes fields and parameters; a bool keeps or rejects, a number is what it measured.
        manifest: what it says about itself, but for the hash.
        tell: called with a sentence about anything that its user should know.

    Raises:
        NotCompilable: it is Python that cannot be compiled; the message names the line.
        PluginError: it is wrong; likewise.
    """
    declared = [Declared(parameter.name, parameter.type) for parameter in manifest.parameters]
    fields = [Declared(field.name, field.type) for field in manifest.fields] if manifest.abi == DOCUMENTS else None
    try:
        function = read_source(text, declared, fields)
        check_manifest(manifest, function.result, function.parts)
    except SourceError as error:
        raise complaint(manifest.name, error) from error
    task: dict[str, object] = {
        "text": text,
        "parameters": [asdict(parameter) for parameter in declared],
        "fields": None if fields is None else [asdict(field) for field in fields],
    }
    answer = _ask(manifest.name, task)
    unkept = answer.get("unkept")
    if isinstance(unkept, list) and unkept:
        tell(f"{_UNKEPT}: {', '.join(map(str, unkept))}. Build only sources that you trust.")
    if "wasm" not in answer:
        line = answer.get("line")
        words, place = str(answer.get("error")), line if isinstance(line, int) else 0
        raise complaint(manifest.name, SourceError(words, place, is_python=bool(answer.get("is_python"))))
    return base64.b64decode(str(answer["wasm"]))


def check_manifest(manifest: Manifest, result: str, parts: tuple[str, ...]) -> None:
    """Checks that the manifest says what a function does.

    Raises:
        SourceError: it does not.
    """
    for part in parts:
        if PARTS[part] not in manifest.needs:
            raise SourceError(f"it looks at {part}: name {PARTS[part]} among the needs in plugin.toml")
    if manifest.abi == DOCUMENTS:
        return
    change = {"filter": "keep", "trim": "trim"}.get(result)
    if change is not None and change not in manifest.changes:
        raise SourceError(f"it is to {change} reads: name {change} among the changes in plugin.toml")
    if result == "metric" and [metric.kind for metric in manifest.metrics] != ["per_read"]:
        raise SourceError("it returns a number: declare one metric of the kind per_read in the manifest")


def _ask(plugin: str, task: dict[str, object]) -> dict[str, object]:
    root = Path(__file__).resolve().parents[3]
    # Nothing of the environment but what the interpreter needs; vectors are made later, for WebAssembly.
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    settings = {
        **kept, "PYTHONPATH": os.pathsep.join([str(root), *filter(None, sys.path)]), "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0", "NUMBA_CPU_NAME": "generic",
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="lanescope-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "engine.wasm.python.worker"], input=json.dumps(task), capture_output=True,
                encoding="utf-8", errors="replace", timeout=_SECONDS, env=settings, cwd=folder, check=False,
                start_new_session=True, creationflags=OWN_GROUP,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PluginError(f"{plugin}: the compiler did not end: {error}.", plugin=plugin, hint=_HINT) from error
    try:
        answer: dict[str, object] = json.loads(done.stdout)
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        words, line = reason_at(ast.parse(str(task["text"])), 0)
        words = words or f"the compiler cannot translate this: {last}"
        raise complaint(plugin, SourceError(words, line, is_python=True)) from error
    return answer


def complaint(plugin: str, error: SourceError) -> PluginError:
    """What is wrong with a plugin's source, for its user."""
    place = f"{SOURCE_NAME}, line {error.line}" if error.line else SOURCE_NAME
    words = f"{plugin}: {place}: {error}."
    return NotCompilable(words, plugin=plugin) if error.is_python else PluginError(words, plugin=plugin, hint=_HINT)
