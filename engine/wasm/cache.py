"""Compiled modules, kept between starts."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
from wasmtime import Engine, Module, WasmtimeError

from engine.home import HOME_VARIABLE
from engine.wasm.compiler import Settings, compile_module
from engine.wasm.errors import ModuleRefused
from engine.wasm.module_size import check_size
from engine.wasm.private_files import PrivateFiles

MOST_BYTES = 64 << 20
"""Size of the largest module that is taken."""

_MAGIC = b"\0asm"
_CORE = b"\1\0\0\0"
_MOST_ENTRIES = 200


def cache_folder() -> Path:
    """Where compiled modules are kept: in ``LANESCOPE_HOME`` if it is set, else in the user's cache folder."""
    if home := os.environ.get(HOME_VARIABLE):
        return Path(home).expanduser().absolute() / "cache" / "modules"
    return platformdirs.user_cache_path("Lanescope", appauthor=False) / "modules"


class CompiledCache:
    """Compiled modules in a folder that only the user may enter.

    An entry is machine code that will be run as it is, so it is named by a hash of the compiler, its
    settings and the module, and begins with a hash of itself, which is checked before it is loaded.
    """

    def __init__(self, folder: Path | None, engine: Engine, settings: Settings) -> None:
        self._files = PrivateFiles(folder, ".cwasm", _MOST_ENTRIES)
        self._engine = engine
        self._settings = settings
        self._compiler = f"wasmtime {_compiler_version()} {dict(settings)}".encode()

    def module(self, plugin: str, wasm: bytes) -> Module:
        """The compiled module, from the folder if it is there.

        Raises:
            ModuleRefused: it is not WebAssembly, not valid, or too large.
        """
        _recognise(plugin, wasm)
        path = self._entry(wasm)
        return self._load(path) or self._compile(plugin, wasm, path)

    def _entry(self, wasm: bytes) -> Path | None:
        return self._files.path(hashlib.sha256(self._compiler + b"\0" + hashlib.sha256(wasm).digest()).hexdigest())

    def _load(self, path: Path | None) -> Module | None:
        code = None if path is None else self._files.read(path)
        if code is None:
            return None
        try:
            return Module.deserialize(self._engine, code)
        except WasmtimeError:  # made on another processor
            return None

    def _compile(self, plugin: str, wasm: bytes, path: Path | None) -> Module:
        module = compile_module(plugin, wasm, self._engine, self._settings)
        if path is not None:
            self._files.write(path, bytes(module.serialize()))
        return module


def _compiler_version() -> str:
    try:
        return version("wasmtime")
    except PackageNotFoundError:  # a bundle without package metadata; the compiler itself checks entries too
        return "unknown"


def _recognise(plugin: str, wasm: bytes) -> None:
    if wasm[:4] != _MAGIC:
        raise ModuleRefused(f"{plugin}: this is not WebAssembly.", plugin=plugin)
    if wasm[4:8] != _CORE:
        raise ModuleRefused(f"{plugin}: this is a component or of an unknown version, not a module.", plugin=plugin)
    if len(wasm) > MOST_BYTES:
        raise ModuleRefused(f"{plugin}: the module is larger than {MOST_BYTES >> 20} MiB.", plugin=plugin)
    check_size(plugin, wasm)
