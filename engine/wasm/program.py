"""A compiled module with everything that it is granted, ready to be opened by any thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wasmtime import Engine, FuncType, Linker, MemoryType, Module, WasmtimeError

from engine.wasm.errors import ImportRefused, ModuleRefused
from engine.wasm.functions import HostFunction, define
from engine.wasm.guest import Guest
from engine.wasm.limits import Limits, Watch
from engine.wasm.shared_memory import SharedImport
from engine.wasm.ticker import Ticker

_MOST_NAME = 100


@dataclass(frozen=True, slots=True)
class Signature:
    """The type of an exported function: names of value types."""

    parameters: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.parameters)}) -> {', '.join(self.results) or 'nothing'}"


class Program:
    """A module linked with host functions; instances of it cost some microseconds. Any thread may use it.

    Attributes:
        plugin: the name to blame in errors.
        module: the compiled module.
        functions: the exported functions.
        ticker: ticks while guests are open.
        positions: where each export is among the exports.
        memory: name of the exported memory, or ``None``.
        shared: the memory that all instances share, or ``None``.
    """

    def __init__(
        self,
        plugin: str,
        module: Module,
        engine: Engine,
        ticker: Ticker,
        functions: tuple[HostFunction, ...] = (),
        shared: SharedImport | None = None,
    ) -> None:
        self.plugin = plugin
        self.module = module
        self.engine = engine
        self.ticker = ticker
        self.functions: Mapping[str, Signature] = {
            export.name or "": _signature(export.type) for export in module.exports if isinstance(export.type, FuncType)
        }
        self.positions: Mapping[str, int] = {export.name or "": place for place, export in enumerate(module.exports)}
        memories = [export.name or "" for export in module.exports if isinstance(export.type, MemoryType)]
        self.memory = "memory" if "memory" in memories else next(iter(memories), None)
        self.shared = shared
        _check_imports(plugin, module, functions, shared)
        linker = Linker(engine)
        if shared is not None:
            shared.define(linker)
        self._kept = [define(linker, function) for function in functions]
        self._linker = linker
        try:
            self._ready = linker.instantiate_pre(module)
        except WasmtimeError as error:
            raise ModuleRefused(f"{plugin}: the module cannot be linked: {error}", plugin=plugin) from error

    def open(self, limits: Limits | None = None, watch: Watch | None = None, data: Any = None) -> Guest:
        """An instance for the calling thread, which has to close it.

        Args:
            limits: what it may take.
            watch: ends its calls early.
            data: what host functions are to know about this guest, already while it starts.

        Raises:
            ModuleRefused: it asks for more than the limits at once.
            GuestTrap: it failed while it started.
        """
        return Guest(self, self._ready.instantiate, limits or Limits(), watch or Watch(), data)

    def require_all(self, exports: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        """Checks that functions are exported, and the memory.

        Args:
            exports: names of functions to their parameters and results.

        Raises:
            ModuleRefused: one is not, or is of another type.
        """
        for name, (parameters, results) in exports.items():
            self.require(name, parameters, results)
        if self.memory != "memory":
            raise ModuleRefused(f"{self.plugin}: the module does not export its memory.", plugin=self.plugin)

    def require(self, name: str, parameters: tuple[str, ...], results: tuple[str, ...]) -> None:
        """Checks that a function is exported with this type.

        Raises:
            ModuleRefused: it is not.
        """
        wanted = Signature(parameters, results)
        found = self.functions.get(name)
        if found is None:
            raise ModuleRefused(f"{self.plugin}: the module does not export {name}.", plugin=self.plugin)
        if found != wanted:
            raise ModuleRefused(
                f"{self.plugin}: the module's {name} is {found}, but should be {wanted}.", plugin=self.plugin
            )


def _signature(kind: FuncType) -> Signature:
    return Signature(tuple(map(str, kind.params)), tuple(map(str, kind.results)))


def _check_imports(
    plugin: str, module: Module, functions: tuple[HostFunction, ...], shared: SharedImport | None
) -> None:
    granted = {(function.module, function.name): _signature(function.type) for function in functions}
    for wanted in module.imports:
        name = wanted.name or ""
        shown = f"{wanted.module[:_MOST_NAME]}.{name[:_MOST_NAME]}"
        if shared is not None and (wanted.module, name) == (shared.module, shared.name):
            continue
        lent = granted.get((wanted.module, name))
        if lent is None:
            raise ImportRefused(
                f"{plugin}: the module asks for {shown}, which it has not been granted.",
                plugin=plugin,
                module=wanted.module,
                name=name,
            )
        if not isinstance(wanted.type, FuncType) or _signature(wanted.type) != lent:
            raise ImportRefused(
                f"{plugin}: the module asks for {shown} as something else than {lent}.",
                plugin=plugin,
                module=wanted.module,
                name=name,
            )
