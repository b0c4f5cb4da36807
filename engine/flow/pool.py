"""Buffers that are used again and again, so that memory does not grow with the file."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.batch import PADDING, Bytes


class PoolAborted(Exception):
    """The pool was aborted while a buffer was waited for."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Buffers of one size at one moment.

    Attributes:
        size: bytes of text that each has room for.
        in_use: how many somebody has.
        free: how many lie ready.
        made: how many have been made so far.
        reused: how often one that lay ready was taken.
    """

    size: int
    in_use: int
    free: int
    made: int
    reused: int


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """The pool at one moment, in buffers; ``oversized`` counts those taken for single huge records.

    ``held`` is the bytes of all its buffers, in use or free; ``classes`` are those that there have been, the smallest
    first.
    """

    in_use: int
    allocated: int
    capacity: int
    oversized: int
    held: int = 0
    classes: tuple[SizeClass, ...] = ()


@dataclass(slots=True)
class _Counts:
    in_use: int = 0
    made: int = 0
    reused: int = 0


class BufferPool:
    """Buffers for at most `capacity` batches, made when first needed and used again, in classes of a size each.

    Most have room for `size` bytes; where a record needs more, the next power of two. What is kept for later is
    bounded: all buffers, in use or not, take no more than `capacity` of the usual size, unless those in use do alone.
    A buffer is `engine.batch.PADDING` bytes longer than its room: vector kernels read past a read's end. It is
    zeros when it is made; its content is what this pool's users left in it afterwards, so one pool is for one run.

    Args:
        size: bytes of the usual buffer.
        capacity: buffers in use at once.

    Attributes:
        size: likewise; when it is set, buffers taken from then on have the new size.
        on_drop: called with each buffer that is let go of for good, by any thread; must not call the pool.
    """

    def __init__(self, size: int, capacity: int) -> None:
        self.size = size
        self.on_drop: Callable[[Bytes], None] = lambda _buffer: None
        self._capacity = capacity
        self._free: dict[int, list[Bytes]] = {}
        self._counts: dict[int, _Counts] = {}
        self._held = 0
        self._oversized = 0
        self._in_use = 0
        self._aborted = False
        self._returned = threading.Condition()

    @property
    def capacity(self) -> int:
        """Buffers in use at once; may be set at any time."""
        return self._capacity

    @capacity.setter
    def capacity(self, capacity: int) -> None:
        with self._returned:
            self._capacity = capacity
            self._returned.notify_all()

    def reserve(self, buffers: int) -> None:
        """Makes so many buffers now, within what may be kept, and has the system give them their memory.

        Otherwise memory would go on growing for as long as the queue has not yet been full once.
        """
        while True:
            with self._returned:
                if self._in_use + len(self._free.get(self.size, ())) >= min(buffers, self._capacity):
                    return
                if self._held + self.size > self._capacity * self.size:  # it would push one out that was just made
                    return
                buffer = self._made(self.size)
            buffer.fill(0)  # takes a millisecond, in which others may take and give
            with self._returned:
                self._free.setdefault(self.size, []).append(buffer)
                self._returned.notify()

    def take(self, size: int | None = None) -> Bytes:
        """A buffer of at least `size` bytes (default: the pool's size); waits while all are in use.

        Returns:
            uint8 [room + PADDING].

        Raises:
            PoolAborted: the pool was aborted, before or while waiting.
        """
        with self._returned:
            while self._in_use >= self._capacity and not self._aborted:
                self._returned.wait()
            if self._aborted:
                raise PoolAborted
            room = self._class_of(size or 0)
            self._oversized += room > self.size
            self._in_use += 1
            buffer = self._reused(room) or [self._made(room)]
            self._counts[room].in_use += 1
            return buffer[0]

    def _class_of(self, size: int) -> int:
        return self.size if size <= self.size else 1 << (size - 1).bit_length()

    def _reused(self, room: int) -> list[Bytes]:
        free = self._free.get(room)
        if not free:
            return []
        self._counts[room].reused += 1
        return [free.pop()]

    def _made(self, room: int) -> Bytes:
        self._counts.setdefault(room, _Counts()).made += 1
        self._held += room
        self._make_room()
        return np.zeros(room + PADDING, np.uint8)

    def _make_room(self) -> None:
        """Lets go of free buffers, those that are not of the usual size first, while there are too many bytes."""
        others = sorted((room for room in self._free if room != self.size), reverse=True)
        for room in (*others, self.size):
            free = self._free.get(room, [])
            while free and self._held > self._capacity * self.size:
                self.on_drop(free.pop())
                self._held -= room

    def give(self, buffer: Bytes) -> None:
        """Takes a buffer back.

        Raises:
            ValueError: it is not of this pool, or was given back already.
        """
        room = len(buffer) - PADDING
        with self._returned:
            counts = self._counts.get(room)
            if counts is None or not counts.in_use:
                raise ValueError(f"a buffer of {room:,} bytes came back that nobody has")
            counts.in_use -= 1
            self._in_use -= 1
            self._free.setdefault(room, []).append(buffer)
            self._make_room()
            self._returned.notify()

    def abort(self) -> None:
        """Frees everyone who waits for a buffer."""
        with self._returned:
            self._aborted = True
            self._returned.notify_all()

    def statistics(self) -> PoolStatistics:
        """The pool as it is now."""
        with self._returned:
            free = Counter({room: len(buffers) for room, buffers in self._free.items()})
            classes = tuple(
                SizeClass(room, counts.in_use, free[room], counts.made, counts.reused)
                for room, counts in sorted(self._counts.items())
            )
            return PoolStatistics(
                in_use=self._in_use,
                allocated=self._in_use + free.total(),
                capacity=self._capacity,
                oversized=self._oversized,
                held=self._held,
                classes=classes,
            )
