"""The bounded queue between the one producer and the workers."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class QueueClosed(Exception):
    """A push after `BatchQueue.close`: a defect of the producer."""


class QueueEnded(Exception):
    """The queue is closed and its last item has been taken."""


class QueueAborted(Exception):
    """The queue was aborted; what it held is gone."""


@dataclass(frozen=True, slots=True)
class QueueStatistics:
    """The queue at one moment; times in seconds, summed over all threads that waited."""

    size: int
    capacity: int
    high_water: int
    push_blocked: float
    pop_blocked: float


class BatchQueue(Generic[T]):
    """First in, first out; one producer, any number of consumers; blocks when full.

    Args:
        capacity: most items held at once, at least 1.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("a queue holds at least one item")
        self._capacity = capacity
        self._seats = sys.maxsize
        self._items: deque[T] = deque()
        lock = threading.Lock()
        self._not_empty = threading.Condition(lock)
        self._not_full = threading.Condition(lock)
        self._seats_changed = threading.Condition(lock)
        self._closed = False
        self._aborted = False
        self._high_water = 0
        self._push_blocked = 0.0
        self._pop_blocked = 0.0

    @property
    def capacity(self) -> int:
        """Most items held at once; may be set at any time, and what is held above it stays."""
        return self._capacity

    @capacity.setter
    def capacity(self, capacity: int) -> None:
        with self._not_full:
            self._capacity = max(capacity, 1)
            self._not_full.notify_all()

    @property
    def seats(self) -> int:
        """Consumers that get items; may be set at any time, and holds from each one's next item on."""
        return self._seats

    @seats.setter
    def seats(self, seats: int) -> None:
        with self._seats_changed:
            self._seats = max(seats, 1)
            self._seats_changed.notify_all()

    def push(self, item: T) -> None:
        """Adds an item; waits while the queue is full.

        Raises:
            QueueAborted: the queue was aborted, before or while waiting.
            QueueClosed: the queue was closed.
        """
        with self._not_full:
            if self._is_full():
                began = time.perf_counter()
                self._not_full.wait_for(lambda: not self._is_full())
                self._push_blocked += time.perf_counter() - began
            if self._aborted:
                raise QueueAborted
            if self._closed:
                raise QueueClosed
            self._items.append(item)
            self._high_water = max(self._high_water, len(self._items))
            self._not_empty.notify()

    def pop(self, seat: int = 0) -> T:
        """Takes the oldest item; waits while the queue is empty and open.

        Args:
            seat: number of the consumer, from 0; those from `seats` on wait until they have one, or the queue ends.

        Raises:
            QueueAborted: the queue was aborted, before or while waiting.
            QueueEnded: the queue is closed and empty.
        """
        with self._not_empty:
            self._seats_changed.wait_for(lambda: seat < self._seats or self._aborted or self._has_ended())
            if self._is_starved():
                began = time.perf_counter()
                self._not_empty.wait_for(lambda: not self._is_starved())
                self._pop_blocked += time.perf_counter() - began
            return self._taken()

    def pop_now(self) -> T | None:
        """The oldest item; ``None`` where it would have to be waited for. Asks for no seat.

        Raises:
            QueueAborted: the queue was aborted.
            QueueEnded: the queue is closed and empty.
        """
        with self._not_empty:
            return None if self._is_starved() else self._taken()

    def _taken(self) -> T:
        if self._aborted:
            raise QueueAborted
        if not self._items:
            raise QueueEnded
        item = self._items.popleft()
        self._not_full.notify()
        if self._has_ended():
            self._seats_changed.notify_all()
        return item

    def _has_ended(self) -> bool:
        return self._closed and not self._items

    def _is_full(self) -> bool:
        return len(self._items) >= self._capacity and not (self._closed or self._aborted)

    def _is_starved(self) -> bool:
        return not (self._items or self._closed or self._aborted)

    def __iter__(self) -> Iterator[T]:
        """Items until the queue ends; `QueueAborted` passes through."""
        while True:
            try:
                item = self.pop()
            except QueueEnded:
                return
            yield item

    def close(self) -> None:
        """Nothing more will be pushed; what is held is still handed out."""
        with self._not_empty:
            self._closed = True
            self._wake_all()

    def abort(self) -> list[T]:
        """Frees everyone who waits; returns what was held, which nobody will get."""
        with self._not_empty:
            self._aborted = True
            dropped = list(self._items)
            self._items.clear()
            self._wake_all()
        return dropped

    def _wake_all(self) -> None:
        for changed in (self._not_empty, self._not_full, self._seats_changed):
            changed.notify_all()

    def statistics(self) -> QueueStatistics:
        """The queue as it is now."""
        with self._not_empty:
            return QueueStatistics(
                len(self._items), self._capacity, self._high_water, self._push_blocked, self._pop_blocked
            )
