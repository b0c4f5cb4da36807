"""The engine that components run on, and those it has compiled."""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from wasmtime import Engine, WasmtimeError
from wasmtime.component import Component

from engine.wasm.cache import MOST_BYTES, cache_folder
from engine.wasm.components.alone import alone
from engine.wasm.components.child import have_done, stop_if_due
from engine.wasm.components.settings import SETTINGS, config
from engine.wasm.errors import ModuleRefused
from engine.wasm.limits import Watch
from engine.wasm.private_files import PrivateFiles
from engine.wasm.python.compiling import Tell, say_nothing
from engine.wasm.ticker import Ticker

HEAD = b"\0asm\x0d\0\1\0"
"""The first bytes of a component, where a module has another version."""

COMPILING = "Preparing the plugin {plugin} for this machine: some seconds, once."

_MOST_ENTRIES = 12
"""Compiled components that are kept on disk, some tens of megabytes each."""

_MOST_LOADED = 8
"""Components that are kept in memory, some ten megabytes each, those wanted last."""

_RUNNING = threading.Lock()


def is_component(wasm: bytes) -> bool:
    """Whether this is a component rather than a module."""
    return wasm[: len(HEAD)] == HEAD


class ComponentHost:
    """One engine for components with its ticker, and a folder of what has been compiled. Any thread may use it.

    Attributes:
        engine: epochs are on, so that every component can be stopped.
        ticker: runs while components are open.
        folder: for what is kept; ``None`` for nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.engine = Engine(config(parallel=False))
        self.ticker = Ticker(self.engine)
        self.folder = folder
        self._files = PrivateFiles(folder, ".cwasm", _MOST_ENTRIES)
        self._loaded: dict[str, Component] = {}
        self._loading = threading.Lock()

    def component(self, plugin: str, wasm: bytes, tell: Tell = say_nothing, watch: Watch | None = None) -> Component:
        """Compiles a component, which takes some seconds, or takes it from the folder.

        Args:
            plugin: the name to blame in errors.
            wasm: the component in binary form.
            tell: called with a sentence where it takes long.
            watch: ends it early.

        Raises:
            ModuleRefused: it is not valid, or too large.
            GuestCancelled: it was called off.
            PluginError: it took too long.
        """
        if len(wasm) > MOST_BYTES:
            raise ModuleRefused(f"{plugin}: the component is larger than {MOST_BYTES >> 20} MiB.", plugin=plugin)
        key = hashlib.sha256(f"wasmtime {_compiler_version()} {SETTINGS}".encode() + hashlib.sha256(wasm).digest())
        with self._loading:
            found = self._loaded.pop(key.hexdigest(), None)
            if found is not None:
                self._loaded[key.hexdigest()] = found  # the last that was wanted
                return found
        seen = watch or Watch()

        def make() -> bytes:
            return self._compile(plugin, wasm, tell, seen)

        code = self.kept(self._files, key.hexdigest(), make, lambda: stop_if_due(plugin, seen))
        try:
            component = Component.deserialize(self.engine, code)
        except WasmtimeError:  # made on another processor
            component = self._loaded_anew(plugin, key.hexdigest(), make())
        with self._loading:
            component = self._loaded.setdefault(key.hexdigest(), component)
            while len(self._loaded) > _MOST_LOADED:  # those that are in use stay with who uses them
                del self._loaded[next(iter(self._loaded))]
            return component

    def _loaded_anew(self, plugin: str, key: str, code: bytes) -> Component:
        path = self._files.path(key)
        if path is not None:
            self._files.write(path, code)
        try:
            return Component.deserialize(self.engine, code)
        except WasmtimeError as error:
            raise ModuleRefused(f"{plugin}: the component cannot be loaded: {error}", plugin=plugin) from error

    def kept(
        self, files: PrivateFiles, key: str, make: Callable[[], bytes], while_waiting: Callable[[], object]
    ) -> bytes:
        """What is kept under a key, made if it is not there; two that want the same make it once.

        Args:
            files: where it is kept.
            key: of what is wanted.
            make: makes it.
            while_waiting: called while another makes something; what it raises ends the wait.
        """
        path = files.path(key)
        content = None if path is None else files.read(path)
        if content is not None or path is None:
            return make() if content is None else content
        with alone(path.parent / "lock", while_waiting):
            content = files.read(path)
            if content is None:
                content = make()
                files.write(path, content)
        return content

    def _compile(self, plugin: str, wasm: bytes, tell: Tell, watch: Watch) -> bytes:
        tell(COMPILING.format(plugin=plugin))
        outcome = have_done(plugin, "compile", {"plugin.wasm": wasm}, "plugin.cwasm", watch)
        if outcome.made is None:
            raise ModuleRefused(f"{plugin}: the component is not valid: {outcome.error}", plugin=plugin)
        return outcome.made


def _compiler_version() -> str:
    try:
        return version("wasmtime")
    except PackageNotFoundError:  # a bundle without package metadata; the compiler itself checks entries too
        return "unknown"


def application_components() -> ComponentHost:
    """The one host for components of the application, made at the first call, with its folder in the user's cache."""
    with _RUNNING:
        return _host_with_folder(cache_folder().parent / "components")


@functools.lru_cache(maxsize=2)
def _host_with_folder(folder: Path) -> ComponentHost:
    return ComponentHost(folder)
