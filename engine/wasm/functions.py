"""Functions of the host that guests may call, without wasmtime-py's own callbacks.

Those keep a pending exception in one place for all threads, so that one guest's error can end
up with another. Here an exception stays with the guest whose call raised it.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wasmtime import FuncType, Linker, ValType, WasmtimeError
from wasmtime import _bindings as bindings
from wasmtime import _ffi as ffi

if TYPE_CHECKING:
    from engine.wasm.guest import Guest

NO_FINALIZER: Any = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))

_KINDS: dict[str, Callable[[], ValType]] = {
    "i32": ValType.i32, "i64": ValType.i64, "f32": ValType.f32, "f64": ValType.f64,
}  # fmt: skip


class GuestAbort(Exception):
    """Raised by a host function to end the guest's call; its text becomes the reason."""


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function lent to guests.

    Attributes:
        module: first part of the import's name.
        name: second part.
        parameters: their types: ``i32``, ``i64``, ``f32`` or ``f64``.
        result: type of the result, or ``None``.
        call: called with the guest and the arguments, integers signed; returns the result. Whatever it
            raises ends the guest's call: a `PluginError` as it is, anything else as the cause of a `GuestTrap`.
    """

    module: str
    name: str
    parameters: tuple[str, ...]
    result: str | None
    call: Callable[..., int | float | None]

    @property
    def type(self) -> FuncType:
        """Its type in WebAssembly."""
        return func_type(self.parameters, () if self.result is None else (self.result,))


def func_type(parameters: Sequence[str], results: Sequence[str]) -> FuncType:
    """The type of a function, from the names of value types."""
    return FuncType([_KINDS[kind]() for kind in parameters], [_KINDS[kind]() for kind in results])


class _Calls(threading.local):
    """The guests that run in this thread, the innermost last."""

    def __init__(self) -> None:
        self.stack: list[Guest] = []


calls = _Calls()


def define(linker: Linker, function: HostFunction) -> object:
    """Defines a function in a linker.

    Returns:
        What must be kept as long as any guest linked so may run.

    Raises:
        WasmtimeError: the linker has one of that name.
    """
    parameters, result, call = function.parameters, function.result, function.call

    def trampoline(_env: int, caller: Any, values: Any, _count: int) -> int:
        guest = calls.stack[-1]
        try:
            if guest.is_starting:
                guest.find_memory(caller)
            arguments = [getattr(values[index], kind) for index, kind in enumerate(parameters)]
            returned = call(guest, *arguments)
            if result is not None:
                setattr(values[0], result, returned)
        except BaseException as error:  # must not unwind through the guest; raised again by its caller
            guest.raised_by_host = error
            reason = str(error).encode() or type(error).__name__.encode()
            return ctypes.cast(ffi.wasmtime_trap_new(reason, len(reason)), ctypes.c_void_p).value or 0
        return 0

    kept = bindings.wasmtime_func_unchecked_callback_t(trampoline)
    kind = function.type  # owns what its pointer points to
    module, name = function.module.encode(), function.name.encode()
    failure = ffi.wasmtime_linker_define_func_unchecked(
        linker.ptr(), module, len(module), name, len(name), kind.ptr(), kept, None, NO_FINALIZER
    )
    if bool(failure):
        raise WasmtimeError._from_ptr(failure)
    return kept
