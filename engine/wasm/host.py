"""The engine that all guests run on, and the functions that a host lends them."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

from wasmtime import Module

from engine.wasm.cache import CompiledCache, cache_folder
from engine.wasm.compiler import Settings, engine_for
from engine.wasm.functions import HostFunction
from engine.wasm.limits import STACK_BYTES
from engine.wasm.program import Program
from engine.wasm.shared_memory import SharedImport
from engine.wasm.ticker import Ticker

_RUNNING = threading.Lock()


class Host:
    """One engine with its ticker and its cache of compiled modules. Any thread may use it.

    Attributes:
        engine: epochs are on, so that every guest can be stopped.
        ticker: runs while guests are open.
    """

    def __init__(self, cache: Path | None, *, shared_memory: bool = False) -> None:
        """Makes an engine.

        Args:
            cache: folder for compiled modules, made if missing; ``None`` compiles every time.
            shared_memory: for guests with threads of their own over one memory.
        """
        settings: Settings = {
            "cranelift_opt_level": "speed",
            "epoch_interruption": True,
            "max_wasm_stack": STACK_BYTES,
            "parallel_compilation": False,  # its threads would stay
            "shared_memory": shared_memory,
            "wasm_threads": shared_memory,
            "wasm_multi_memory": False,  # the limit of a store is for each memory
            "wasm_memory64": False,
            "wasm_gc": False,  # its heap is not under the store's limits
            "wasm_relaxed_simd": False,  # gives other results on other processors
        }
        self.engine = engine_for(settings)
        self.ticker = Ticker(self.engine)
        self._cache = CompiledCache(cache, self.engine, settings)

    def program(self, plugin: str, wasm: bytes, functions: tuple[HostFunction, ...] = ()) -> Program:
        """Compiles a module, or takes it from the cache, and links it with what it is granted.

        Args:
            plugin: the name to blame in errors.
            wasm: the module in binary form.
            functions: what the host lends it; any other import is refused.

        Raises:
            ModuleRefused: it is not WebAssembly, not valid, or too large.
            ImportRefused: it asks for more than ``functions``.
        """
        return self.link(plugin, self.compile(plugin, wasm), functions)

    def compile(self, plugin: str, wasm: bytes) -> Module:
        """Compiles a module, or takes it from the cache, for those who lend it what its imports ask for.

        Raises:
            ModuleRefused: it is not WebAssembly, not valid, or too large.
        """
        return self._cache.module(plugin, wasm)

    def link(
        self,
        plugin: str,
        module: Module,
        functions: tuple[HostFunction, ...] = (),
        memory: SharedImport | None = None,
    ) -> Program:
        """Links a compiled module with what it is granted.

        Raises:
            ImportRefused: it asks for more than ``functions`` and ``memory``.
        """
        return Program(plugin, module, self.engine, self.ticker, functions, memory)


def application_host(*, shared_memory: bool = False) -> Host:
    """The one host of the application, made at the first call; compiled modules go to the user's cache folder.

    Args:
        shared_memory: the other one, for guests with threads of their own over one memory.
    """
    with _RUNNING:
        return _host_with_cache(cache_folder(), shared_memory)


@functools.lru_cache(maxsize=2)
def _host_with_cache(folder: Path, shared_memory: bool) -> Host:
    return Host(folder, shared_memory=shared_memory)
