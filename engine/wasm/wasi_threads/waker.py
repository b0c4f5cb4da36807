"""Frees threads that wait at an address for a notification that never comes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from wasmtime import wat2wasm

from engine.wasm.host import Host
from engine.wasm.limits import Limits
from engine.wasm.shared_memory import SharedImport
from engine.wasm.wasi_threads.resident import used_parts

# Every place where a thread can wait is a multiple of 4. Running on takes longest for the largest memory.
_TEXT = """(module (import "{module}" "{name}" (memory 0 65536 shared))
    (func (export "wake") (param $address i32) (param $words i32)
        (loop $next
            (if (i32.eqz (local.get $words)) (then (return)))
            (drop (memory.atomic.notify (local.get $address) (i32.const -1)))
            (local.set $address (i32.add (local.get $address) (i32.const 4)))
            (local.set $words (i32.sub (local.get $words) (i32.const 1)))
            (br $next))))"""
_SECONDS = 120.0
_PIECE = 1 << 20
"""Bytes woken before asking whether anybody is left: some 4 ms."""


class Waker:
    """Notifies the addresses of a memory. The threads that wait there notice then that they are to stop.

    Epochs cannot reach a thread inside ``memory.atomic.wait``, so that this is the only way to end one.
    """

    def __init__(self, host: Host, memory: SharedImport) -> None:
        self._memory = memory
        wasm = _compiled(memory.module, memory.name)
        self._program = host.link("waker", host.compile("waker", wasm), memory=memory)

    def wake_at(self, places: Iterable[int]) -> None:
        """Wakes whoever waits at some offsets, multiples of 4."""
        with self._program.open() as waker:
            for place in places:
                waker.call("wake", place, 1)

    def wake(self, is_done: Callable[[], bool], *, everywhere: bool = False) -> None:
        """Wakes whoever waits, 4 ms for each MiB, in pages that were ever used: to wait at an address is to read it.

        Args:
            is_done: asked now and then whether nobody is left, which ends it early.
            everywhere: also in pages that the system seems not to keep in memory.
        """
        address, length = self._memory.span()
        parts: Iterator[tuple[int, int]] = iter([(0, length)]) if everywhere else used_parts(address, length)
        with self._program.open(Limits(call_seconds=_SECONDS)) as waker:
            for first, size in parts:
                for start in range(first, first + size, _PIECE):
                    waker.call("wake", start, min(_PIECE, first + size - start) // 4)
                    if is_done():
                        return


@functools.lru_cache(maxsize=16)
def _compiled(module: str, name: str) -> bytes:
    return bytes(wat2wasm(_TEXT.format(module=_quoted(module), name=_quoted(name))))


def _quoted(name: str) -> str:
    """A name as it may stand in the text form, whatever the guest's author chose."""
    return "".join(f"\\{byte:02x}" for byte in name.encode())
