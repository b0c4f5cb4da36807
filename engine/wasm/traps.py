"""Words for what WebAssembly says when it stops."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable

from wasmtime import Frame, Trap, TrapCode, WasmtimeError
from wasmtime import _ffi as ffi

from engine.wasm.errors import GuestFrame, GuestTrap, OutputRefused, PluginError
from engine.wasm.functions import GuestAbort

_WORDS = {
    TrapCode.STACK_OVERFLOW: "it called itself too deeply and used up its stack",
    TrapCode.MEMORY_OUT_OF_BOUNDS: "it reached outside its memory",
    TrapCode.TABLE_OUT_OF_BOUNDS: "it reached outside a table",
    TrapCode.INDIRECT_CALL_TO_NULL: "it called a function that is not there",
    TrapCode.BAD_SIGNATURE: "it called a function as one of another type",
    TrapCode.INTEGER_OVERFLOW: "a number grew too large",
    TrapCode.INTEGER_DIVISION_BY_ZERO: "it divided by zero",
    TrapCode.BAD_CONVERSION_TO_INTEGER: "it made an integer of a number that has none",
    TrapCode.UNREACHABLE: "it gave up (a panic, an abort or a failed check)",
    TrapCode.HEAP_MISALIGNED: "it used an address that is not aligned",
}

_MOST_NAME = 80
_MOST_LINE = 300
_NOWHERE = ctypes.c_size_t(-1).value


def trapped(trap: Trap, plugin: str, export: str) -> GuestTrap:
    """The error for a trap in a call of ``export``."""
    code = trap.trap_code
    words = first_line(trap.message) if code is None else _WORDS.get(code) or code.name.lower().replace("_", " ")
    name = "" if code is None else code.name
    return GuestTrap(words, plugin=plugin, export=export, code=name, frames=frames_of(trap))


def passed_on(by_host: BaseException, plugin: str, export: str, error: BaseException) -> BaseException:
    """What a host function raised, as it is where the user can make sense of it.

    Args:
        by_host: what it raised.
        plugin: whose guest called it.
        export: what the guest was called for.
        error: how the guest's call ended because of it.
    """
    if isinstance(by_host, OutputRefused):
        where = " < ".join(map(str, frames_of(error)[:4])) or "its start"
        told = OutputRefused(f"{str(by_host).rstrip('.')}; {export} asked for it, in {where}.", plugin=plugin)
        told.__cause__ = by_host
        return told
    if isinstance(by_host, PluginError) or not isinstance(by_host, Exception):
        return by_host
    words = str(by_host) if isinstance(by_host, GuestAbort) else f"a function of the host failed: {by_host}"
    trap = GuestTrap(words, plugin=plugin, export=export, frames=frames_of(error))
    trap.__cause__ = by_host
    return trap


def frames_of(error: BaseException | None) -> tuple[GuestFrame, ...]:
    """The guest's stack when it stopped, innermost first; empty where nothing is known."""
    if isinstance(error, Trap):
        return _frames(error.frames)
    if isinstance(error, WasmtimeError):
        found = ffi.wasm_frame_vec_t(0, None)
        ffi.wasmtime_error_wasm_trace(error.ptr(), ctypes.byref(found))
        try:
            return _frames(Frame._from_ptr(found.data[index], found) for index in range(found.size))
        finally:
            ffi.wasm_frame_vec_delete(ctypes.byref(found))
    return ()


def _frames(frames: Iterable[Frame]) -> tuple[GuestFrame, ...]:
    return tuple(
        GuestFrame(
            _shortened(frame.func_name or f"function {frame.func_index}"),
            None if frame.module_offset == _NOWHERE else frame.module_offset,
        )
        for frame in frames
    )


def first_line(text: object) -> str:
    """The first line of a message that is not empty, without the full stop, cut off where it is very long."""
    found = next((line.strip().rstrip(".") for line in str(text).splitlines() if line.strip()), "no reason given")
    return found[:_MOST_LINE]


def _shortened(name: str) -> str:
    """Names are the guest's to choose, and may be as long as its file."""
    return name if len(name) <= _MOST_NAME else name[: _MOST_NAME - 1] + "…"
