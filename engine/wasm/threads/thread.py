"""One thread of a guest: an instance of its own that runs one function once."""

from __future__ import annotations

import threading
from enum import Enum

from engine.wasm.guest import Guest
from engine.wasm.limits import Limits, Watch
from engine.wasm.program import Program
from engine.wasm.state.session import StateSession

CUSTOM_DATA = "get_thread_result"
"""Export that returns the address of an array buffer with a thread's custom data, or 0."""

MOST_CUSTOM_DATA = 64 << 10
"""Bytes of custom data; guests hold a buffer of this size ready."""


class ThreadState(Enum):
    """Where a thread is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class GuestThread:
    """What is known about one thread. All but its run is under the lock of its manager.

    Attributes:
        number: unique in its manager, from 1.
        entrypoint: the exported function that it runs.
        input: what it loads with ``__load_input``.
        arguments: of the entry point.
        parent: who started it; ``None`` for the host.
        depth: 1 for those that the host started.
        family: by number, the thread that the host started and all that come from it, itself included.
        children: those that it started and that are not freed.
        watch: ends it early.
        state: where it is in its life.
        result: what the entry point returned; 0 where it returns nothing.
        error: what ended it.
        custom_data: what its export ``get_thread_result`` points to; empty where it has none.
        memory_bytes: size of its memory when it had returned.
        freed: whether nobody may ask for it any more.
        waits_for: whom it waits for now.
        finished: notified when it has ended or is freed.
        session: its view of the shared state, from its first use.
        measured: key and value whose length it asked for last.
        refusals: requests of its own that were refused, since the last that was not.
    """

    def __init__(
        self,
        number: int,
        entrypoint: str,
        data: bytes,
        arguments: tuple[int, ...],
        parent: GuestThread | None,
        lock: threading.Lock,
    ) -> None:
        self.number = number
        self.entrypoint = entrypoint
        self.input = data
        self.arguments = arguments
        self.parent = parent
        self.depth: int = 1 if parent is None else parent.depth + 1
        self.family: dict[int, GuestThread] = {} if parent is None else parent.family
        self.children: set[GuestThread] = set()
        self.watch = Watch()
        self.state = ThreadState.QUEUED
        self.result = 0
        self.error: Exception | None = None
        self.custom_data = b""
        self.memory_bytes = 0
        self.freed = False
        self.waits_for: GuestThread | None = None
        self.finished = threading.Condition(lock)
        self.refusals = 0
        self.session: StateSession | None = None
        self.measured: tuple[bytes, bytes] | None = None
        self._guest: Guest | None = None
        self._reading = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or badly."""
        return self.state in {ThreadState.COMPLETED, ThreadState.FAILED}

    def run(self, program: Program, limits: Limits) -> None:
        """Runs the entry point to its end. Whatever happens is kept in the attributes, never raised."""
        try:
            guest = program.open(limits, self.watch, self)
            self._guest = guest
            self.result = int(guest.call(self.entrypoint, *self.arguments) or 0)
            if CUSTOM_DATA in program.functions:
                self.custom_data = read_buffer(guest, int(guest.call(CUSTOM_DATA) or 0))[:MOST_CUSTOM_DATA]
            self.memory_bytes = guest.memory_bytes
        except Exception as error:  # raised again for those who wait for it
            self.error = error
            self.close()

    def read(self, offset: int, length: int) -> bytes | None:
        """Copies bytes out of its memory after it has returned; ``None`` if it was freed meanwhile.

        Raises:
            OutputRefused: they are not all inside.
        """
        with self._reading:
            return None if self._guest is None else self._guest.read(offset, length)

    def read_result(self) -> bytes | None:
        """Copies the array buffer whose address it returned; ``None`` if it was freed meanwhile.

        Raises:
            OutputRefused: it is not all inside.
        """
        with self._reading:
            return None if self._guest is None else read_buffer(self._guest, self.result)

    def close(self) -> None:
        """Gives its memory back; it must not be running."""
        with self._reading:
            if self._guest is not None:
                self._guest.data = None  # else the two would hold each other
                self._guest.close()
            self._guest = None


def read_buffer(guest: Guest, address: int) -> bytes:
    """Copies an array buffer: its length as u32 LE lies before its address. Address 0 has none.

    Raises:
        PluginError: it is not all inside the guest's memory.
    """
    address &= 0xFFFFFFFF
    if not address:
        return b""
    return guest.read(address, int.from_bytes(guest.read(address - 4, 4), "little"))
