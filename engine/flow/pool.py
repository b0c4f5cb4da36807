"""Buffers that are used again and again, so that memory does not grow with the file."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from engine.batch import PADDING, Bytes


class PoolAborted(Exception):
    """The pool was aborted while a buffer was waited for."""


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """The pool at one moment, in buffers; ``oversized`` counts those made for single huge records."""

    in_use: int
    allocated: int
    capacity: int
    oversized: int


class BufferPool:
    """At most `capacity` buffers of `size` bytes, made when first needed.

    A buffer is `engine.batch.PADDING` bytes longer than asked for: vector kernels read past a
    read's end. Its content is whatever was there before.
    """

    def __init__(self, size: int, capacity: int) -> None:
        self.size = size
        self._capacity = capacity
        self._free: list[Bytes] = []
        self._allocated = 0
        self._oversized = 0
        self._in_use = 0
        self._aborted = False
        self._returned = threading.Condition()

    def reserve(self, buffers: int) -> None:
        """Makes so many buffers now, within the capacity, and has the system give them their memory.

        Otherwise memory would go on growing for as long as the queue has not yet been full once.
        """
        with self._returned:
            while self._allocated < min(buffers, self._capacity):
                buffer = np.empty(self.size + PADDING, np.uint8)
                buffer.fill(0)
                self._free.append(buffer)
                self._allocated += 1

    def take(self, size: int | None = None) -> Bytes:
        """A buffer of at least `size` bytes (default: the pool's size); waits while all are in use.

        Returns:
            uint8 [size + PADDING].

        Raises:
            PoolAborted: the pool was aborted, before or while waiting.
        """
        with self._returned:
            while self._in_use >= self._capacity and not self._aborted:
                self._returned.wait()
            if self._aborted:
                raise PoolAborted
            self._in_use += 1
            if size is not None and size > self.size:
                self._oversized += 1
                return np.empty(size + PADDING, np.uint8)
            if self._free:
                return self._free.pop()
            self._allocated += 1
            return np.zeros(self.size + PADDING, np.uint8)

    def give(self, buffer: Bytes) -> None:
        """Takes a buffer back; an oversized one is let go."""
        with self._returned:
            self._in_use -= 1
            if len(buffer) == self.size + PADDING:
                self._free.append(buffer)
            self._returned.notify()

    def abort(self) -> None:
        """Frees everyone who waits for a buffer."""
        with self._returned:
            self._aborted = True
            self._returned.notify_all()

    def statistics(self) -> PoolStatistics:
        """The pool as it is now."""
        with self._returned:
            return PoolStatistics(self._in_use, self._allocated, self._capacity, self._oversized)
