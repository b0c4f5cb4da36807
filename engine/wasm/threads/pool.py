"""Threads of the operating system that run the threads of guests, a few at a time."""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable

from engine.wasm.threads.thread import GuestThread, ThreadState

_LINGER_SECONDS = 2.0
"""Seconds that a worker without work stays: it costs more than an instance."""


class Pool:
    """Runs guest threads on a bounded number of workers.

    A guest that waits for another gives its place away, so that parents which wait for their
    children never stall the pool. It goes on as soon as it need not wait any more, even if all
    places are taken by then: it may be about to stop one of those that took them. The deepest
    threads are run first, since others wait for them. Every method is called with the lock held.

    Attributes:
        running: guests that compute now.
        waiting: guests that gave theirs away.
        most_workers: the most threads of the operating system at the same time.
    """

    def __init__(self, lock: threading.Lock, places: int, run: Callable[[GuestThread], None]) -> None:
        """Makes a pool; its threads come with the work and go when there is none for two seconds.

        Args:
            lock: of the manager.
            places: guests that compute at the same time.
            run: runs one, called without the lock; it must not raise.
        """
        self._lock = lock
        self._places = places
        self._run = run
        self._queue: list[tuple[int, int, GuestThread]] = []
        self._handed: deque[GuestThread] = deque()
        self._work = threading.Condition(lock)
        self._ended = threading.Condition(lock)
        self._idle = 0
        self._workers: set[threading.Thread] = set()
        self._closed = False
        self.running = 0
        self.waiting = 0
        self.most_workers = 0

    @property
    def queued(self) -> int:
        """Threads that wait for their first place."""
        return len(self._queue)

    def submit(self, thread: GuestThread) -> None:
        """Runs it as soon as there is a place.

        Raises:
            RuntimeError: the system has no thread for it.
        """
        heapq.heappush(self._queue, (-thread.depth, thread.number, thread))
        self._fill()

    def discard(self, thread: GuestThread) -> None:
        """Takes it out of the queue."""
        self._queue.remove((-thread.depth, thread.number, thread))
        heapq.heapify(self._queue)

    def wait(self, condition: threading.Condition, seconds: float) -> None:
        """Lets a running guest wait, without its place, until the condition is notified or the seconds are over."""
        self._give_back()
        self.waiting += 1
        condition.wait(seconds)
        self.waiting -= 1
        self.running += 1

    def close(self) -> None:
        """Waits for the workers to end, which takes the threads' ends. The queue must be empty."""
        self._closed = True
        self._work.notify_all()
        while self._workers:
            self._ended.wait()

    def _give_back(self) -> None:
        self.running -= 1
        self._fill()

    def _fill(self) -> None:
        while self._queue and self.running < self._places:
            self.running += 1
            self._begin(heapq.heappop(self._queue)[2])

    def _begin(self, thread: GuestThread) -> None:
        thread.state = ThreadState.RUNNING
        self._handed.append(thread)
        if self._idle:
            self._idle -= 1
            self._work.notify()
            return
        worker = threading.Thread(target=self._serve, name="wasm worker")
        self._workers.add(worker)
        self.most_workers = max(self.most_workers, len(self._workers))
        try:
            worker.start()
        except RuntimeError:  # the system has no more threads; those that are there will do
            self._workers.discard(worker)
            if not self._workers:
                self._handed.remove(thread)
                self.running -= 1
                raise

    def _serve(self) -> None:
        with self._lock:
            while thread := self._next():
                self._lock.release()
                try:
                    self._run(thread)
                finally:
                    self._lock.acquire()
                self._idle += 1
                self._give_back()
            self._workers.discard(threading.current_thread())
            self._ended.notify_all()

    def _next(self) -> GuestThread | None:
        """What a worker does next; ``None`` where it is to go."""
        while not self._handed:
            if self._closed:
                return None
            if not self._work.wait(_LINGER_SECONDS) and not self._handed:
                self._idle -= 1
                return None
        return self._handed.popleft()
