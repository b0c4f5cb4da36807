"""Compiling modules: large ones in a process of its own, which can be ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from wasmtime import Config, Engine, Module, WasmtimeError

from engine.wasm.errors import ModuleRefused

Settings = Mapping[str, str | int | bool]
"""Attributes of a `Config`."""

_SMALL = 8 << 10
"""Size of a module that takes a quarter of a second at worst. What takes a minute fits into four times as much."""

_SECONDS = 60
"""Time to compile one module."""

_MEMORY = 6 << 30
_MOST_WORDS = 500


def engine_for(settings: Settings) -> Engine:
    """An engine with these settings."""
    config = Config()
    for name, value in settings.items():
        setattr(config, name, value)
    return Engine(config)


def compile_module(plugin: str, wasm: bytes, engine: Engine, settings: Settings) -> Module:
    """Compiles a module.

    Args:
        plugin: the name to blame.
        wasm: the module in binary form.
        engine: what it is to run on.
        settings: those of the engine.

    Raises:
        ModuleRefused: it is not valid, or takes too much time or memory to compile.
    """
    try:
        if len(wasm) <= _SMALL or getattr(sys, "frozen", False):  # a bundle has no interpreter to start
            return Module(engine, wasm)
        return Module.deserialize(engine, _compiled_apart(plugin, wasm, settings))
    except WasmtimeError as error:
        raise ModuleRefused(f"{plugin}: the module is not valid: {_first_lines(error)}", plugin=plugin) from error


def _compiled_apart(plugin: str, wasm: bytes, settings: Settings) -> bytes:
    paths = [str(Path(__file__).resolve().parents[2]), *filter(None, sys.path)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "engine.wasm.compiler"], input=json.dumps(dict(settings)).encode() + b"\n" + wasm,
            capture_output=True, timeout=_SECONDS, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ModuleRefused(f"{plugin}: compiling the module takes too long.", plugin=plugin) from error
    except OSError as error:
        raise ModuleRefused(
            f"{plugin}: the compiler cannot be started: {error}.", plugin=plugin,
            hint="Close other programs, and try it again.",
        ) from error  # fmt: skip
    answer = done.stdout
    if done.returncode:
        raise ModuleRefused(f"{plugin}: compiling the module takes too much memory.", plugin=plugin)
    if answer[:1] != b"+":
        words = answer[1:].decode(errors="replace")
        raise ModuleRefused(f"{plugin}: the module is not valid: {words}", plugin=plugin)
    return answer[1:]


def _first_lines(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Caused by")]
    return "; ".join(lines[:3])[:_MOST_WORDS]


def _limit_memory() -> None:
    # Windows has no such limits. macOS sets terabytes of addresses aside for every process, and refuses any less.
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard in {resource.RLIM_INFINITY, -1} or hard > _MEMORY:
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, hard))


def main() -> None:
    """The process: settings in a line and a module come in, the compiled module or what is wrong with it goes out."""
    _limit_memory()
    settings = json.loads(sys.stdin.buffer.readline())
    try:
        answer = b"+" + bytes(Module(engine_for(settings), sys.stdin.buffer.read()).serialize())
    except WasmtimeError as error:
        answer = b"-" + _first_lines(error).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
