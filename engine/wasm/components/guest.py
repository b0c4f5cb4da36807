"""One running instance of a component."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

from wasmtime import Store, WasmtimeError
from wasmtime.component import Component, Instance, Linker

from engine.wasm.components.host import ComponentHost
from engine.wasm.components.refusals import stopped_words
from engine.wasm.components.settings import limits_for
from engine.wasm.epochs import ask_at_every_tick
from engine.wasm.errors import GuestCancelled, GuestTimeout, GuestTrap, ImportRefused, ModuleRefused
from engine.wasm.limits import Limits, Watch
from engine.wasm.traps import first_line, frames_of


class ComponentProgram:
    """A compiled component that asks for nothing. Any thread may open instances of it.

    Attributes:
        plugin: the name to blame in errors.
        host: the engine.
    """

    def __init__(self, host: ComponentHost, plugin: str, component: Component, interface: str) -> None:
        """Checks what it asks for and offers.

        Args:
            host: the engine.
            plugin: the name to blame in errors.
            component: compiled.
            interface: what it has to export.

        Raises:
            ImportRefused: it asks for something.
            ModuleRefused: it does not export the interface.
        """
        self.plugin = plugin
        self.host = host
        self._component = component
        for name in component.type.imports(host.engine):
            raise ImportRefused(
                f"{plugin}: the component asks for {name}, and components are given nothing.", plugin=plugin,
                module=name.partition("/")[0], name=name,
            )  # fmt: skip
        outer = component.get_export_index(interface)
        if outer is None:
            raise ModuleRefused(f"{plugin}: the component does not export {interface}.", plugin=plugin)
        self._exports = {name: component.get_export_index(name, outer) for name in ("start", "process")}
        self._linker = Linker(host.engine)

    def open(self, limits: Limits, watch: Watch) -> ComponentGuest:
        """An instance for the calling thread, which has to close it.

        Args:
            limits: what it may take.
            watch: ends its calls early.

        Raises:
            ModuleRefused: it asks for more than the limits at once, or does not export what it has to.
            GuestTrap: it failed while it started.
        """
        return ComponentGuest(self, limits_for(limits), watch)

    def instantiate(self, store: Store) -> dict[str, Any]:
        """Its exported functions in a new instance."""
        instance: Instance = self._linker.instantiate(store, self._component)
        functions = {}
        for name, index in self._exports.items():
            function = None if index is None else instance.get_func(store, index)
            if function is None:
                raise ModuleRefused(f"{self.plugin}: the component does not export {name}.", plugin=self.plugin)
            functions[name] = function
        return functions


class ComponentGuest:
    """An instance in a store of its own, used by the thread that opened it.

    After a trap, a time-out or a cancel it is closed: open another.

    Attributes:
        ends: when the running call must be over, in seconds of `time.monotonic`.
    """

    def __init__(self, program: ComponentProgram, limits: Limits, watch: Watch) -> None:
        self._program = program
        self._limits = limits
        self._watch = watch
        self._stopped: type[GuestTimeout | GuestCancelled] | None = None
        self._store: Store | None = None
        self._open = ExitStack()
        self._seconds = limits.call_seconds
        self.ends = time.monotonic() + self._seconds
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether it can still be called."""
        return self._store is not None

    def allow_time(self) -> None:
        """Gives the following calls together the seconds of the limits, not counting what the host does between."""
        self._seconds = self._limits.call_seconds

    def must_stop(self) -> bool:
        """Whether the running call is to end."""
        if self._watch.cancelled:
            self._stopped = GuestCancelled
        elif self._watch.late or time.monotonic() > self.ends:
            self._stopped = GuestTimeout
        return self._stopped is not None

    def call(self, export: str, *arguments: object) -> Any:
        """Calls ``start`` or ``process``.

        Raises:
            GuestTrap: it was stopped; the guest is closed.
        """
        store = self._store
        if store is None:
            raise RuntimeError("a component was used after it was closed")
        function = self._functions[export]
        began = time.monotonic()
        self.ends = began + self._seconds
        try:
            if self.must_stop():
                raise WasmtimeError("stopped")
            result = function(store, *arguments)
            function.post_return(store)
        except WasmtimeError as error:
            self.close()
            raise self._error(error, export) from error
        except BaseException:
            self.close()
            raise
        self._seconds -= time.monotonic() - began
        return result

    def close(self) -> None:
        """Gives everything back."""
        self._functions: dict[str, Any] = {}
        self._store = None
        self._open.close()

    def _start(self) -> None:
        host = self._program.host
        self._open.enter_context(host.ticker)
        store = self._open.enter_context(Store(host.engine))
        store.set_limits(
            memory_size=self._limits.memory_bytes, table_elements=self._limits.table_elements,
            instances=self._limits.instances, tables=self._limits.tables, memories=1,
        )  # fmt: skip
        self._open.callback(ask_at_every_tick(store, self))
        try:
            self._functions = self._program.instantiate(store)
        except WasmtimeError as error:
            raise self._not_started(error) from error
        self._store = store

    def _not_started(self, error: WasmtimeError) -> Exception:
        plugin, mib = self._program.plugin, self._limits.memory_bytes >> 20
        if self._stopped is not None:
            return self._error(error, "start")
        words = first_line(error)
        if "exceeds" in str(error):
            return ModuleRefused(
                f"{plugin}: it does not fit its limits of {mib:,} MiB of memory: {words}.", plugin=plugin,
                hint="Give it more memory in its limits.",
            )  # fmt: skip
        return ModuleRefused(f"{plugin}: the component cannot be started: {words}.", plugin=plugin)

    def _error(self, error: WasmtimeError, export: str) -> GuestTrap:
        plugin, frames = self._program.plugin, frames_of(error)
        if self._stopped is not None:
            late = "it was called off" if self._stopped is GuestCancelled else "its time was up"
            return self._stopped(late, plugin=plugin, export=export)
        words, code, outside = stopped_words(str(error), [frame.function for frame in frames])
        # Of an interpreter's own stack nobody learns what the plugin asked for.
        return GuestTrap(words, plugin=plugin, export=export, code=code, frames=() if outside else frames)
