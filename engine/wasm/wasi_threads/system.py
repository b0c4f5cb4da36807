"""What the system offers to a process of guest threads: its own output, waiting, and an end. Nothing of the machine."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from wasmtime import FuncType, Module

from engine.wasm.functions import HostFunction
from engine.wasm.guest import Guest
from engine.wasm.wasi_threads.errors import GuestExit

if TYPE_CHECKING:
    from engine.wasm.wasi_threads.process import WasiProcess

SYSTEM = "wasi_snapshot_preview1"

_SUCCESS, _BAD_DESCRIPTOR, _INVALID, _NO_SPACE, _NOT_SEEKABLE, _NOT_CAPABLE = 0, 8, 28, 51, 70, 76
_INPUT, _OUTPUT, _ERRORS = range(3)
_CHARACTERS = 2
_READ_RIGHT, _WRITE_RIGHT = 1 << 1, 1 << 6
_RESOLUTION = 1_000_000
_MOST_VECTORS = 1024
_MOST_SUBSCRIPTIONS = 1024
_TIMED, _READABLE, _WRITABLE = range(3)
_ABSOLUTE = 1
_SUBSCRIPTION = struct.Struct("<QB7xIxxxxQQH6x")
_EVENT = struct.Struct("<QHB5xQH6x")

_Call = Callable[..., int | None]


def system_functions(module: Module) -> tuple[HostFunction, ...]:
    """What a module imports of the system, typed as it says. What would take a right says that there is none."""
    found: dict[str, HostFunction] = {}
    for wanted in module.imports:
        name = wanted.name or ""
        if wanted.module != SYSTEM or not isinstance(wanted.type, FuncType):
            continue
        parameters = tuple(map(str, wanted.type.params))
        results = tuple(map(str, wanted.type.results))
        known, call = _FUNCTIONS.get(name, (parameters, _refuse))
        if parameters == known and results == (() if name == "proc_exit" else ("i32",)):
            found[name] = HostFunction(SYSTEM, name, parameters, results[0] if results else None, call)
    return tuple(found.values())


def _process(guest: Guest) -> WasiProcess:
    return cast("WasiProcess", guest.data)


def _refuse(_guest: Guest, *_arguments: float) -> int:
    return _NOT_CAPABLE


def _exit(guest: Guest, code: int) -> None:
    raise GuestExit(code & 0xFFFFFFFF, plugin=guest.plugin)


def _yield(_guest: Guest) -> int:
    time.sleep(0)
    return _SUCCESS


def _put(guest: Guest, address: int, pattern: str, *values: int) -> None:
    guest.write(address & 0xFFFFFFFF, struct.pack(pattern, *values))


def _vectors(guest: Guest, address: int, count: int) -> list[tuple[int, int]]:
    return list(struct.iter_unpack("<II", guest.read(address & 0xFFFFFFFF, 8 * min(count & 0xFFFFFFFF, _MOST_VECTORS))))


def _write(guest: Guest, descriptor: int, vectors: int, count: int, written: int) -> int:
    if descriptor not in {_OUTPUT, _ERRORS}:
        return _BAD_DESCRIPTOR
    process = _process(guest)
    target = process.output if descriptor == _OUTPUT else process.errors
    total = 0
    for address, length in _vectors(guest, vectors, count):
        room = process.limits.output_bytes - len(target)
        target += guest.read(address, min(length, room))
        total += min(length, room)
        if length > room:
            break
    if not total and not len(target) < process.limits.output_bytes:
        return _NO_SPACE
    _put(guest, written, "<I", total)
    return _SUCCESS


def _read(guest: Guest, descriptor: int, vectors: int, count: int, taken: int) -> int:
    if descriptor != _INPUT:
        return _BAD_DESCRIPTOR
    process = _process(guest)
    if process.input is None:
        process.pause(guest, None)  # nobody will ever write
    total = 0
    for address, length in _vectors(guest, vectors, count):
        data = process.take_input(length)
        guest.write(address, data)
        total += len(data)
    _put(guest, taken, "<I", total)
    return _SUCCESS


def _describe(guest: Guest, descriptor: int, target: int) -> int:
    if descriptor not in {_INPUT, _OUTPUT, _ERRORS}:
        return _BAD_DESCRIPTOR
    _put(guest, target, "<BxHxxxxQQ", _CHARACTERS, 0, _READ_RIGHT if descriptor == _INPUT else _WRITE_RIGHT, 0)
    return _SUCCESS


def _standard(answer: int) -> _Call:
    """A call that gives an answer for the three descriptors that there are."""
    return lambda _guest, descriptor, *_arguments: answer if 0 <= descriptor <= _ERRORS else _BAD_DESCRIPTOR


def _no_descriptor(_guest: Guest, *_arguments: int) -> int:
    return _BAD_DESCRIPTOR


def _argument_sizes(guest: Guest, count: int, size: int) -> int:
    _put(guest, count, "<I", 1)
    _put(guest, size, "<I", len(guest.plugin.encode()) + 1)
    return _SUCCESS


def _arguments(guest: Guest, pointers: int, text: int) -> int:
    _put(guest, pointers, "<I", text & 0xFFFFFFFF)
    guest.write(text & 0xFFFFFFFF, guest.plugin.encode() + b"\0")
    return _SUCCESS


def _no_environment_sizes(guest: Guest, count: int, size: int) -> int:
    _put(guest, count, "<I", 0)
    _put(guest, size, "<I", 0)
    return _SUCCESS


def _no_environment(_guest: Guest, _pointers: int, _text: int) -> int:
    return _SUCCESS


def _clock(guest: Guest, clock: int, _precision: int, target: int) -> int:
    """Every clock begins with the process: threads could count as well, and nobody learns the date."""
    if clock not in {0, 1}:
        return _INVALID
    _put(guest, target, "<Q", _process(guest).elapsed_nanoseconds())
    return _SUCCESS


def _resolution(guest: Guest, clock: int, target: int) -> int:
    if clock not in {0, 1}:
        return _INVALID
    _put(guest, target, "<Q", _RESOLUTION)
    return _SUCCESS


def _poll(guest: Guest, subscriptions: int, events: int, count: int, happened: int) -> int:
    """Waits for the first of some times; the descriptors that there are never keep anyone waiting but the input."""
    if not 0 < count <= _MOST_SUBSCRIPTIONS:
        return _INVALID
    process = _process(guest)
    asked = list(_SUBSCRIPTION.iter_unpack(guest.read(subscriptions & 0xFFFFFFFF, _SUBSCRIPTION.size * count)))
    now = process.elapsed_nanoseconds()
    due = [_due(process, now, *subscription[1:]) for subscription in asked]
    first = min(due, key=lambda at: float("inf") if at is None else at)
    if first is None or first > now:
        process.pause(guest, None if first is None else (first - now) / 1e9)
    ready = b"".join(
        _EVENT.pack(subscription[0], _SUCCESS, subscription[1], 0, 0)
        for subscription, at in zip(asked, due, strict=True)
        if at is not None and first is not None and at <= max(first, now)
    )
    guest.write(events & 0xFFFFFFFF, ready)
    _put(guest, happened, "<I", len(ready) // _EVENT.size)
    return _SUCCESS


def _due(process: WasiProcess, now: int, kind: int, what: int, timeout: int, _precision: int, flags: int) -> int | None:
    """When it happens, in nanoseconds of the process; ``None`` for never."""
    if kind == _TIMED:
        return timeout if flags & _ABSOLUTE else now + timeout
    if kind == _READABLE and what == _INPUT and process.input is None:
        return None
    return now


_I32, _I64 = "i32", "i64"
_FUNCTIONS: dict[str, tuple[tuple[str, ...], _Call]] = {
    "proc_exit": ((_I32,), _exit),
    "sched_yield": ((), _yield),
    "fd_write": ((_I32,) * 4, _write),
    "fd_read": ((_I32,) * 4, _read),
    "fd_fdstat_get": ((_I32,) * 2, _describe),
    "fd_close": ((_I32,), _standard(_SUCCESS)),
    "fd_seek": ((_I32, _I64, _I32, _I32), _standard(_NOT_SEEKABLE)),
    "fd_prestat_get": ((_I32,) * 2, _no_descriptor),
    "fd_prestat_dir_name": ((_I32,) * 3, _no_descriptor),
    "args_sizes_get": ((_I32,) * 2, _argument_sizes),
    "args_get": ((_I32,) * 2, _arguments),
    "environ_sizes_get": ((_I32,) * 2, _no_environment_sizes),
    "environ_get": ((_I32,) * 2, _no_environment),
    "clock_time_get": ((_I32, _I64, _I32), _clock),
    "clock_res_get": ((_I32,) * 2, _resolution),
    "poll_oneoff": ((_I32,) * 4, _poll),
}
