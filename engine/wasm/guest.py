"""One running instance of a module."""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
import numpy.typing as npt
from wasmtime import Instance, Store, Trap, WasmtimeError
from wasmtime import _bindings as bindings
from wasmtime import _ffi as ffi

from engine.wasm.epochs import ask_at_every_tick
from engine.wasm.errors import (
    GuestCancelled,
    GuestTimeout,
    ModuleRefused,
    OutputRefused,
)
from engine.wasm.functions import GuestAbort, calls
from engine.wasm.limits import Limits, Watch
from engine.wasm.traps import first_line, frames_of, passed_on, trapped

if TYPE_CHECKING:
    from engine.wasm.program import Program

_MOST_VALUES = 16
_NOTHING = np.empty(0, np.uint8)


class _Use:
    """Lets one thread at a time at a store: two would end the process."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("a guest was used while it ran in another thread")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Guest:
    """An instance in a store of its own. It is used by one thread at a time.

    After a trap, a time-out or a cancel it is closed: open another. What is read from its memory is
    always a copy.

    Attributes:
        program: what it is an instance of.
        limits: what it may take.
        watch: ends its calls early.
        raised_by_host: what a host function raised during the call.
        data: whatever host functions want to know about this guest.
    """

    def __init__(
        self, program: Program, instantiate: Callable[[Store], Instance], limits: Limits, watch: Watch, data: Any = None
    ) -> None:
        self.program = program
        self.limits = limits
        self.watch = watch
        self.raised_by_host: BaseException | None = None
        self.data: Any = data
        self._use = _Use()
        self._depth = 0
        self._call_ends = math.inf
        self._stopped: type[GuestTimeout | GuestCancelled] | None = None
        self._values = (bindings.wasmtime_val_raw * _MOST_VALUES)()
        self._functions: dict[str, Any] = {}
        self._memory: Any = None
        self._span: tuple[int, int] | None = None
        self._store: Store | None = None
        self._open = ExitStack()
        try:
            self._start(instantiate)
        except BaseException:
            self.close()
            raise

    @property
    def plugin(self) -> str:
        """The name to blame in errors."""
        return self.program.plugin

    @property
    def is_open(self) -> bool:
        """Whether it can still be called."""
        return self._store is not None

    def has(self, export: str) -> bool:
        """Whether the module exports a function of this name."""
        return export in self.program.functions

    def call(self, export: str, *arguments: float) -> int | float | None:
        """Calls an exported function, for at most the seconds of the limits.

        Args:
            export: its name.
            *arguments: numbers; integers may be signed or not.

        Returns:
            The first result, integers signed, or ``None``.

        Raises:
            ModuleRefused: there is no such function, or it takes another number of arguments.
            GuestTrap: it was stopped; the guest is closed.
            PluginError: raised by a host function; the guest is closed.
        """
        with self._use:
            signature = self.program.functions.get(export)
            if signature is None or len(signature.parameters) != len(arguments):
                raise ModuleRefused(
                    f"{self.plugin}: the module has no function {export} of {len(arguments)} arguments.",
                    plugin=self.plugin,
                )
            context, function = self._opened()._context(), self._function(export)
            values = self._values if self._depth == 0 else (bindings.wasmtime_val_raw * _MOST_VALUES)()
            for index, (kind, argument) in enumerate(zip(signature.parameters, arguments, strict=True)):
                setattr(values[index], kind, argument)
            with _Running(self, export):
                trap = ctypes.POINTER(ffi.wasm_trap_t)()
                error = bindings._wasmtime_func_call_unchecked(
                    context, ctypes.byref(function), values, _MOST_VALUES, ctypes.byref(trap)
                )
                if bool(error):
                    raise WasmtimeError._from_ptr(error)
                if bool(trap):
                    raise Trap._from_ptr(trap)
            return cast("int | float", getattr(values[0], signature.results[0])) if signature.results else None

    @property
    def memory_bytes(self) -> int:
        """Size of its memory; 0 where it exports none."""
        with self._use:
            return self._memory_span()[1]

    def read(self, address: int, length: int) -> bytes:
        """Copies bytes out of its memory.

        Raises:
            OutputRefused: they are not all inside.
        """
        with self._use:
            return ctypes.string_at(self._place(address, length), length)

    def read_into(self, address: int, target: npt.NDArray[Any]) -> None:
        """Fills a contiguous array from its memory.

        Raises:
            OutputRefused: the bytes are not all inside.
        """
        with self._use:
            ctypes.memmove(target.ctypes.data, self._place(address, target.nbytes), target.nbytes)

    def write(self, address: int, data: bytes | npt.NDArray[Any]) -> None:
        """Copies bytes, or a contiguous array, into its memory.

        Raises:
            OutputRefused: they do not fit.
        """
        with self._use:
            if isinstance(data, bytes):
                ctypes.memmove(self._place(address, len(data)), data, len(data))
            else:
                ctypes.memmove(self._place(address, data.nbytes), data.ctypes.data, data.nbytes)

    def fill(self, address: int, length: int, write: Callable[[npt.NDArray[np.uint8]], object]) -> None:
        """Has ``write`` fill a part of its memory in place, uint8 [length], which is valid during that call only.

        Raises:
            OutputRefused: the part is not all inside.
        """
        with self._use:
            place = self._place(address, length)
            write(np.ctypeslib.as_array((ctypes.c_uint8 * length).from_address(place)) if length else _NOTHING)

    @property
    def is_starting(self) -> bool:
        """Whether its memory is not known yet: it calls the host while it is made."""
        return self._memory is None and self.program.memory is not None and self.program.shared is None

    def find_memory(self, caller: Any) -> None:
        """Learns its memory from a call that it makes while it is made, as top-level code of AssemblyScript does.

        Args:
            caller: what the engine tells of the call.
        """
        item, name = ffi.wasmtime_extern_t(), (self.program.memory or "").encode()
        if ffi.wasmtime_caller_export_get(caller, name, len(name), ctypes.byref(item)):
            self._memory = item.of.memory

    def close(self) -> None:
        """Gives everything back. Any thread may, but not while another is in a call."""
        with self._use:
            if self._depth:
                raise RuntimeError("a guest was closed in the middle of a call")
            self._store = None
            self._memory = None
            self._functions.clear()
            self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _start(self, instantiate: Callable[[Store], Instance]) -> None:
        self._open.enter_context(self.program.ticker)
        store = self._open.enter_context(Store(self.program.engine))
        self._store = store
        store.set_limits(
            memory_size=self.limits.memory_bytes,
            table_elements=self.limits.table_elements,
            instances=self.limits.instances,
            tables=self.limits.tables,
            memories=1,
        )
        self._open.callback(ask_at_every_tick(store, self))
        with _Running(self, "start"):
            instance = instantiate(store)
        self._instance = instance._instance
        if self.program.memory is not None and self.program.shared is None:
            self._memory = self._export(self.program.memory).memory
        if self.has("_initialize"):
            self.call("_initialize")

    def _function(self, name: str) -> Any:
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._export(name).func
        return function

    def _export(self, name: str) -> Any:
        item, text, length = ffi.wasmtime_extern_t(), ctypes.POINTER(ctypes.c_char)(), ctypes.c_size_t()
        bindings._wasmtime_instance_export_nth(
            self._opened()._context(),
            ctypes.byref(self._instance),
            self.program.positions[name],
            ctypes.byref(text),
            ctypes.byref(length),
            ctypes.byref(item),
        )
        return item.of

    def _opened(self) -> Store:
        if self._store is None:
            raise RuntimeError("a guest was used after it was closed")
        return self._store

    def _place(self, address: int, length: int) -> int:
        """Where bytes of the guest are in this process; valid until the guest runs again."""
        start, size = self._memory_span()
        if address < 0 or length < 0 or address + length > size:
            raise OutputRefused(
                f"{self.plugin}: {length:,} bytes at {address:#x} are not inside the memory of {size:,} bytes.",
                plugin=self.plugin,
            )
        return start + address

    def _memory_span(self) -> tuple[int, int]:
        """Address and size of its memory, which stay as they are while it does not run."""
        context = self._opened()._context()
        if self.program.shared is not None:
            return self.program.shared.span()
        if self._span is not None and not self._depth:
            return self._span
        if self._memory is None:
            return 0, 0
        memory = ctypes.byref(self._memory)
        size = int(bindings._wasmtime_memory_data_size(context, memory))
        start = ctypes.addressof(bindings._wasmtime_memory_data(context, memory).contents) if size else 0
        self._span = (start, size)
        return self._span

    @property
    def ends(self) -> float:
        """When the running call must be over, in seconds of `time.monotonic`."""
        return min(self._call_ends, self.watch.deadline)

    def must_stop(self) -> bool:
        """Whether the running call is to end; host functions that wait ask this too."""
        if self.watch.cancelled:
            self._stopped = GuestCancelled
        elif self.watch.late or time.monotonic() > self._call_ends:
            self._stopped = GuestTimeout
        return self._stopped is not None

    def stop_if_due(self) -> None:
        """Ends the running call, from a host function that has waited, if its time is up or it was called off.

        Raises:
            GuestAbort: to be let through.
        """
        if self.must_stop():
            raise GuestAbort("stopped")


class _Running:
    """A call of a guest: its time, its place among this thread's calls, and what becomes of its errors."""

    __slots__ = ("_export", "_guest")

    def __init__(self, guest: Guest, export: str) -> None:
        self._guest = guest
        self._export = export

    def __enter__(self) -> None:
        guest = self._guest
        if not guest._depth:
            guest._call_ends = time.monotonic() + guest.limits.call_seconds
            guest._stopped = None
            if guest.must_stop():
                guest.close()
                raise self._error(None)
        guest._span = None
        guest._depth += 1
        calls.stack.append(guest)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        guest = self._guest
        calls.stack.pop()
        guest._span = None
        guest._depth -= 1
        if error is None:
            return
        by_host, guest.raised_by_host = guest.raised_by_host, None
        if not guest._depth:
            guest.close()
        if by_host is not None and guest._stopped is None:
            raise passed_on(by_host, guest.plugin, self._export, error)
        raise self._error(error) from error

    def _error(self, error: BaseException | None) -> BaseException:
        guest = self._guest
        if guest._stopped is not None:
            late = "it was called off" if guest._stopped is GuestCancelled else "its time was up"
            return guest._stopped(late, plugin=guest.plugin, export=self._export, frames=frames_of(error))
        if isinstance(error, Trap):
            return trapped(error, guest.plugin, self._export)
        if isinstance(error, WasmtimeError):
            return ModuleRefused(f"{guest.plugin}: {self._export} failed: {first_line(error)}.", plugin=guest.plugin)
        return error or RuntimeError("a call ended without a reason")
