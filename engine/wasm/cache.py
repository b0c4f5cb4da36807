"""Compiled modules, kept between starts."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs
from wasmtime import Engine, Module, WasmtimeError

from engine.home import HOME_VARIABLE
from engine.wasm.errors import ModuleRefused

MOST_BYTES = 64 << 20
"""Size of the largest module that is taken."""

_MAGIC = b"\0asm"
_CORE = b"\1\0\0\0"
_DIGEST = 32
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

    def __init__(self, folder: Path | None, engine: Engine, settings: str) -> None:
        self._folder = folder
        self._engine = engine
        self._settings = settings

    def module(self, plugin: str, wasm: bytes) -> Module:
        """The compiled module, from the folder if it is there.

        Raises:
            ModuleRefused: it is not WebAssembly, not valid, or too large.
        """
        _recognise(plugin, wasm)
        path = self._entry(wasm)
        return self._load(path) or self._compile(plugin, wasm, path)

    def _entry(self, wasm: bytes) -> Path | None:
        if self._folder is None or not _is_private(self._folder):
            return None
        key = hashlib.sha256(self._settings.encode() + b"\0" + hashlib.sha256(wasm).digest()).hexdigest()
        return self._folder / f"{key}.cwasm"

    def _load(self, path: Path | None) -> Module | None:
        if path is None:
            return None
        try:
            content = path.read_bytes()
            if hashlib.sha256(content[_DIGEST:]).digest() == content[:_DIGEST]:
                return Module.deserialize(self._engine, content[_DIGEST:])
        except (OSError, WasmtimeError):  # missing, or made on another processor
            pass
        return None

    def _compile(self, plugin: str, wasm: bytes, path: Path | None) -> Module:
        try:
            module = Module(self._engine, wasm)
        except WasmtimeError as error:
            raise ModuleRefused(f"{plugin}: the module is not valid: {_first_lines(error)}", plugin=plugin) from error
        if path is not None:
            with suppress(OSError):  # a full disk costs the time to compile again, no more
                _write(path, bytes(module.serialize()))
        return module


def _recognise(plugin: str, wasm: bytes) -> None:
    if wasm[:4] != _MAGIC:
        raise ModuleRefused(f"{plugin}: this is not WebAssembly.", plugin=plugin)
    if wasm[4:8] != _CORE:
        raise ModuleRefused(f"{plugin}: this is a component or of an unknown version, not a module.", plugin=plugin)
    if len(wasm) > MOST_BYTES:
        raise ModuleRefused(f"{plugin}: the module is larger than {MOST_BYTES >> 20} MiB.", plugin=plugin)


def _is_private(folder: Path) -> bool:
    """Makes the folder if it is missing; whether nobody else can put anything there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)


def _write(path: Path, code: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    entries = sorted(path.parent.glob("*.cwasm"), key=lambda entry: entry.stat().st_mtime)
    for old in entries[:-_MOST_ENTRIES]:
        old.unlink(missing_ok=True)


def _first_lines(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Caused by")]
    return "; ".join(lines[:3])
