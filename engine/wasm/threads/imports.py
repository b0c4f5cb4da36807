"""The functions for threads and state that guests import."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from wasmtime import FuncType, Module

from engine.wasm.errors import PluginError
from engine.wasm.functions import GuestAbort, HostFunction
from engine.wasm.guest import Guest
from engine.wasm.log import MOST_BYTES, GuestLog, printable
from engine.wasm.state.errors import StateError
from engine.wasm.state.flush_message import decode_flush
from engine.wasm.state.session import StateSession
from engine.wasm.state.store import StateStore
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.table import ThreadTable
from engine.wasm.threads.thread import GuestThread, read_buffer

FAILED = -1
NOT_FOUND = NO_RESOURCES = -2
TIMED_OUT = BAD_ARGUMENT = -3

_UNREADABLE = 0x7FFF_FFFF
_EXPORTED_BYTES = 4096
_MOST_NAME = 1000
_MOST_REFUSALS = 500
_YIELD_SECONDS = 0.001
"""For which a thread that only asks again and again stands aside."""

_START = "_start"
_HEIGHT = bytes(4)

_Call = Callable[..., int | None]


def lent_functions(module: Module, table: ThreadTable, state: StateStore) -> tuple[HostFunction, ...]:
    """The functions that a module imports of those for threads and state, as it spells and types them.

    Functions for threads may be in ``wasi`` or ``env``, with or without ``__`` before the name. Which form of a
    function is meant, such as ``__load_input(address)`` or ``__load_input(address, length)``, is told by the
    number of its parameters.
    """
    forms = {"env": _input_functions() | _state_functions(state) | _thread_functions(table)}
    forms["wasi"] = _thread_functions(table)
    found: dict[tuple[str, str], HostFunction] = {}
    for wanted in module.imports:
        name = wanted.name or ""
        offered = forms.get(wanted.module, {}).get(name)
        if offered is None or not isinstance(wanted.type, FuncType):
            continue
        count = len(wanted.type.params)
        if count not in offered:
            count = next(iter(offered))
        has_result, call = offered[count]
        parameters = ("i32",) * count
        result = "i32" if has_result and wanted.type.results else None
        found.setdefault((wanted.module, name), HostFunction(wanted.module, name, parameters, result, call))
    return tuple(found.values())


_Forms = dict[str, dict[int, tuple[bool, _Call]]]
"""Forms of functions by name and number of parameters: whether there is a result, and what to call."""


def _thread(guest: Guest) -> GuestThread:
    return cast("GuestThread", guest.data)


def _input_functions() -> _Forms:
    log = GuestLog()

    def load(guest: Guest, address: int, length: int = -1) -> int:
        data = _thread(guest).input
        loaded = data if length < 0 else data[:length]
        guest.write(address & 0xFFFFFFFF, loaded)
        return len(loaded)

    return {
        "__host_len": {0: (True, lambda guest: len(_thread(guest).input))},
        "__load_input": {1: (False, load), 2: (True, load)},
        "__log": {1: (False, lambda guest, address: log.say(guest.plugin, read_buffer(guest, address)))},
        "abort": {4: (False, _abort)},
    }


def _abort(guest: Guest, message: int, file: int, line: int, _column: int) -> None:
    """What AssemblyScript calls: both texts are array buffers of UTF-16."""
    try:
        words, place = (
            printable(read_buffer(guest, text)[:MOST_BYTES].decode("utf-16-le", "replace")) for text in (message, file)
        )
    except PluginError:
        words = place = ""
    raise GuestAbort(f"it called abort{words and ': '}{words}{place and f' ({place}, line {line})'}")


def _state_functions(state: StateStore) -> _Forms:
    def session(guest: Guest) -> StateSession:
        thread = _thread(guest)
        if thread.session is None:
            thread.session = StateSession(state)
        return thread.session

    def get_len(guest: Guest, key: int) -> int:
        name = read_buffer(guest, key)
        try:
            value = session(guest).get(name) or b""
        except StateError:
            return _UNREADABLE
        _thread(guest).measured = (name, value)
        return len(value)

    def get(guest: Guest, key: int, target: int) -> None:
        name = read_buffer(guest, key)
        measured = _thread(guest).measured
        # The guest has made room for what it was told of, which another thread may have changed since.
        value = measured[1] if measured is not None and measured[0] == name else session(guest).get(name) or b""
        target &= 0xFFFFFFFF
        room = int.from_bytes(guest.read(target - 4, 4), "little")
        guest.write(target, value[:room])

    def flush(guest: Guest, message: int) -> None:
        _thread(guest).measured = None
        try:
            session(guest).write(decode_flush(read_buffer(guest, message)))
            session(guest).flush()
        except StateError as error:
            raise GuestAbort(str(error).rstrip(".")) from error

    return {"__get_len": {1: (True, get_len)}, "__get": {2: (False, get)}, "__flush": {1: (False, flush)}}


class _ThreadCalls:
    """The functions for threads. A guest reaches the threads that come from the same start by the host as itself."""

    def __init__(self, table: ThreadTable) -> None:
        self._table = table

    def spawn(self, guest: Guest, argument: int) -> int:
        return self._start(guest, _START, _HEIGHT + (argument & 0xFFFFFFFF).to_bytes(4, "little"))

    def spawn_named(self, guest: Guest, name: int, data: int, length: int) -> int:
        text = guest.read(name & 0xFFFFFFFF, min(_MOST_NAME, guest.memory_bytes - (name & 0xFFFFFFFF)))
        return self._start_bytes(guest, text.partition(b"\0")[0], data, length)

    def spawn_pipeline(self, guest: Guest, name: int, name_length: int, data: int, length: int) -> int:
        if not 0 < name_length <= _MOST_NAME:
            return BAD_ARGUMENT
        return self._start_bytes(guest, guest.read(name & 0xFFFFFFFF, name_length), data, length)

    def get_result(self, guest: Guest, number: int) -> int:
        """As if waiting for a moment, so that others run while a guest asks again and again."""
        result = self._result(guest, number, _YIELD_SECONDS)
        return NOT_FOUND if result is None else result

    def wait_result(self, guest: Guest, number: int, milliseconds: int) -> int:
        result = self._result(guest, number, (milliseconds & 0xFFFFFFFF) / 1000)
        return TIMED_OUT if result is None else result

    def memory(self, guest: Guest, number: int, target: int, room: int = _EXPORTED_BYTES) -> int:
        return self.read(guest, number, 0, target, min(room & 0xFFFFFFFF, _EXPORTED_BYTES))

    def custom_data(self, guest: Guest, number: int, target: int, room: int = 0xFFFFFFFF) -> int:
        thread = self._mine(guest, number)
        if thread is None:
            return NOT_FOUND
        if not thread.is_over or thread.error is not None:
            return FAILED
        data = thread.custom_data[: room & 0xFFFFFFFF]
        guest.write(target & 0xFFFFFFFF, data)
        return len(data)

    def read(self, guest: Guest, number: int, offset: int, target: int, length: int) -> int:
        thread = self._mine(guest, number)
        if thread is None:
            return NOT_FOUND
        if not thread.is_over or thread.error is not None:
            return FAILED
        offset &= 0xFFFFFFFF
        inside = min(length & 0xFFFFFFFF, thread.memory_bytes - offset)
        data = thread.read(offset, inside) if inside > 0 else b""
        if data is None:
            return NOT_FOUND
        guest.write(target & 0xFFFFFFFF, data)
        return len(data)

    def free(self, guest: Guest, number: int) -> int:
        if self._mine(guest, number) is None:
            return NOT_FOUND
        older: GuestThread | None = _thread(guest)
        while older is not None:
            if older.number == number:
                return FAILED
            older = older.parent
        try:
            self._table.free(number)
        except ThreadError:
            return NOT_FOUND
        return 0

    def _mine(self, guest: Guest, number: int) -> GuestThread | None:
        return _thread(guest).family.get(number)

    def _result(self, guest: Guest, number: int, seconds: float) -> int | None:
        """What a thread returned, or why there is none; ``None`` if it has not ended in time."""
        thread = self._mine(guest, number)
        if thread is None:
            return NOT_FOUND
        try:
            over = self._table.wait_within(_thread(guest), guest, thread, seconds)
        except ThreadError:
            return FAILED
        guest.stop_if_due()
        if thread.freed:
            return NOT_FOUND
        if not over:
            return None
        if thread.error is None:
            return thread.result
        return TIMED_OUT if self._table.failure(thread).kind is ThreadFault.TIMEOUT else FAILED

    def _start_bytes(self, guest: Guest, name: bytes, data: int, length: int) -> int:
        try:
            entrypoint = name.decode()
        except UnicodeDecodeError:
            return BAD_ARGUMENT
        length &= 0xFFFFFFFF
        return self._start(guest, entrypoint, guest.read(data & 0xFFFFFFFF, length) if length else b"")

    def _start(self, guest: Guest, entrypoint: str, data: bytes) -> int:
        thread = _thread(guest)
        try:
            number = self._table.start(thread, entrypoint, data, ())
        except ThreadError as error:
            if error.kind is ThreadFault.BAD_ARGUMENT:
                return BAD_ARGUMENT
            thread.refusals += 1
            if thread.refusals > _MOST_REFUSALS:
                raise GuestAbort(f"it keeps starting threads: {str(error).partition(': ')[2].rstrip('.')}") from error
            self._table.pause(thread, _YIELD_SECONDS)
            return NO_RESOURCES
        thread.refusals = 0
        return number


def _thread_functions(table: ThreadTable) -> _Forms:
    calls = _ThreadCalls(table)
    functions: _Forms = {
        "thread_spawn": {1: (True, calls.spawn), 3: (True, calls.spawn_named)},
        "thread_spawn_pipeline": {4: (True, calls.spawn_pipeline)},
        "thread_get_result": {1: (True, calls.get_result)},
        "thread_wait_result": {2: (True, calls.wait_result)},
        "thread_get_memory": {2: (True, calls.memory), 3: (True, calls.memory)},
        "thread_get_custom_data": {2: (True, calls.custom_data), 3: (True, calls.custom_data)},
        "thread_free": {1: (True, calls.free)},
        "read_thread_memory": {4: (True, calls.read)},
    }
    return {prefix + name: forms for name, forms in functions.items() for prefix in ("", "__")}
