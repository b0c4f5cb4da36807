"""The threads of one module: who there is, who started whom, and what becomes of them."""

from __future__ import annotations

import itertools
import threading
import time

from engine.wasm.errors import GuestTimeout, PluginError
from engine.wasm.guest import Guest
from engine.wasm.program import Program
from engine.wasm.threads.config import PoolConfig, PoolStatistics
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.pool import Pool
from engine.wasm.threads.thread import GuestThread, ThreadState

_LONGEST_WAIT = 3600.0
"""Seconds; whoever waits for longer waits again."""


class ThreadTable:
    """Starts, finds and frees threads. Any thread of the host may use any method.

    Attributes:
        plugin: the name to blame in errors.
        config: what the threads may take.
        program: what they are instances of; set before the first is started.
    """

    program: Program

    def __init__(self, plugin: str, config: PoolConfig) -> None:
        self.plugin = plugin
        self.config = config
        self._lock = threading.Lock()
        self._pool = Pool(self._lock, config.workers, self._run)
        self._numbers = itertools.count(1)
        self._last = 0
        self._threads: dict[int, GuestThread] = {}
        self._present = self._most_present = self._held = 0
        self._completed = self._failed = self._freed = self._refused = 0
        self._closed = False

    def start(self, parent: GuestThread | None, entrypoint: str, data: bytes, arguments: tuple[int, ...]) -> int:
        """Starts a thread, or queues it. Returns its number.

        Raises:
            ThreadError: there is no such function (bad argument), or there are too many threads (out of resources).
        """
        self._check(entrypoint, data, arguments)
        with self._lock:
            self._admit(parent, data)
            number = self._last = next(self._numbers)
            thread = GuestThread(number, entrypoint, data, arguments, parent, self._lock)
            try:
                self._pool.submit(thread)
            except RuntimeError as error:
                raise self.error(ThreadFault.OUT_OF_RESOURCES, "the system has no more threads.") from error
            if parent is not None:
                parent.children.add(thread)
            thread.family[number] = self._threads[number] = thread
            self._present += 1
            self._most_present = max(self._most_present, self._present)
            self._held += len(data)
            return number

    def wait(self, number: int, timeout: float | None) -> int:
        """Waits for a thread, in a thread of the host. Returns what it returned.

        Raises:
            ThreadError: not found, timeout or trapped.
        """
        ends = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            thread = self._find(number)
            while not thread.is_over:
                left = None if ends is None else ends - time.monotonic()
                if left is not None and left <= 0:
                    words = f"thread {number} has not ended within {timeout:g} s."
                    raise self.error(ThreadFault.TIMEOUT, words, number)
                thread.finished.wait(left)
                if thread.freed:
                    raise self._missing(number)
            if thread.error is not None:
                raise self.failure(thread)
            return thread.result

    def wait_within(self, waiting: GuestThread, guest: Guest, thread: GuestThread, seconds: float) -> bool:
        """Waits for a thread in a guest, which lets others compute meanwhile.

        Args:
            waiting: the guest's thread.
            guest: its instance.
            thread: whom it waits for.
            seconds: how long at most.

        Returns:
            Whether it has ended or was freed.

        Raises:
            ThreadError: it waits itself, directly or not, for the one that asks (bad argument).
        """
        ends = min(time.monotonic() + seconds, guest.ends)
        held = guest.memory_bytes
        with self._lock:
            while not (thread.is_over or thread.freed):
                left = min(ends - time.monotonic(), _LONGEST_WAIT)
                if left <= 0 or waiting.watch.cancelled:
                    return False
                if _waits_for(thread, waiting):
                    words = f"threads {waiting.number} and {thread.number} would wait for each other."
                    raise self.error(ThreadFault.BAD_ARGUMENT, words, thread.number)
                waiting.waits_for = thread
                self._held += held
                self._pool.wait(thread.finished, left)
                self._held -= held
                waiting.waits_for = None
            return True

    def pause(self, thread: GuestThread, seconds: float) -> None:
        """Lets others compute for a moment in place of a guest that asks for what there is not yet."""
        with self._lock:
            self._pool.wait(thread.finished, seconds)

    def returned(self, number: int) -> GuestThread:
        """A thread that has returned.

        Raises:
            ThreadError: it is not there or has not ended (not found), or failed (trapped, timeout).
        """
        with self._lock:
            thread = self._find(number)
            if not thread.is_over:
                raise self.error(ThreadFault.NOT_FOUND, f"thread {number} has not ended yet.", number)
            if thread.error is not None:
                raise self.failure(thread)
            return thread

    def free(self, number: int) -> None:
        """Frees a thread, and stops it if it still runs.

        Raises:
            ThreadError: not found or double free.
        """
        with self._lock:
            if number not in self._threads and 0 < number <= self._last:
                raise self.error(ThreadFault.DOUBLE_FREE, f"thread {number} was freed before.", number)
            ended = self._detach(self._find(number))
        _close(ended)

    def close(self) -> None:
        """Stops and frees all and waits until nothing of them is left."""
        with self._lock:
            self._closed = True
            ended: list[GuestThread] = []
            for thread in list(self._threads.values()):
                if not thread.freed:
                    ended += self._detach(thread)
        _close(ended)
        with self._lock:
            self._pool.close()

    def statistics(self) -> PoolStatistics:
        """What happened so far, and what there is now."""
        with self._lock:
            return PoolStatistics(
                started=self._last,
                completed=self._completed,
                failed=self._failed,
                freed=self._freed,
                refused=self._refused,
                queued=self._pool.queued,
                running=self._pool.running,
                waiting=self._pool.waiting,
                present=self._present,
                held_bytes=self._held,
                most_present=self._most_present,
                most_workers=self._pool.most_workers,
            )

    def error(self, kind: ThreadFault, words: str, thread: int | None = None) -> ThreadError:
        """An error that names the plugin."""
        return ThreadError(kind, words, plugin=self.plugin, thread=thread)

    def failure(self, thread: GuestThread) -> ThreadError:
        """The error for whoever asks for a thread that failed."""
        error = thread.error
        kind = ThreadFault.TIMEOUT if isinstance(error, GuestTimeout) else ThreadFault.TRAPPED
        words = f"thread {thread.number}: {str(error).removeprefix(f'{self.plugin}: ')}"
        hint = error.hint if isinstance(error, PluginError) else None
        found = ThreadError(kind, words, plugin=self.plugin, thread=thread.number, hint=hint)
        found.__cause__ = error
        return found

    def _check(self, entrypoint: str, data: bytes, arguments: tuple[int, ...]) -> None:
        signature = self.program.functions.get(entrypoint)
        wanted = ("i32",) * len(arguments)
        if signature is None or signature.parameters != wanted or signature.results not in {(), ("i32",)}:
            words = f"the module has no function {entrypoint} of {len(arguments)} i32 that returns i32 or nothing."
            raise self.error(ThreadFault.BAD_ARGUMENT, words)
        if len(data) > self.config.limits.memory_bytes:
            words = f"an input of {len(data):,} bytes does not fit a thread's memory."
            raise self.error(ThreadFault.BAD_ARGUMENT, words)

    def _admit(self, parent: GuestThread | None, data: bytes) -> None:
        config = self.config
        if self._closed:
            refusal = "its threads have been ended."
        elif parent is not None and parent.depth >= config.depth:
            refusal = f"threads may start threads of their own {config.depth} deep, not deeper."
        elif self._present >= config.threads:
            refusal = f"{config.threads:,} threads are there, and no more may be; free those that have ended."
        elif self._held + len(data) > config.held_bytes:
            refusal = f"its threads hold {self._held:,} bytes; free those that have ended."
        else:
            return
        self._refused += 1
        raise self.error(ThreadFault.OUT_OF_RESOURCES, refusal)

    def _find(self, number: int) -> GuestThread:
        thread = self._threads.get(number)
        if thread is None:
            raise self._missing(number)
        return thread

    def _missing(self, number: int) -> ThreadError:
        return self.error(ThreadFault.NOT_FOUND, f"there is no thread {number}, or it was freed.", number)

    def _run(self, thread: GuestThread) -> None:
        thread.run(self.program, self.config.limits)
        with self._lock:
            ended = self._finish(thread)
            for child in list(thread.children):
                ended += self._detach(child)
        _close(ended)

    def _finish(self, thread: GuestThread) -> list[GuestThread]:
        """Notes how it ended; gives it for closing if it was freed meanwhile."""
        if thread.error is None:
            thread.state = ThreadState.COMPLETED
            self._completed += 1
        else:
            thread.state = ThreadState.FAILED
            self._failed += 1
        self._held += thread.memory_bytes - len(thread.input)
        thread.input = b""
        thread.finished.notify_all()
        return self._let_go(thread) if thread.freed else []

    def _detach(self, thread: GuestThread) -> list[GuestThread]:
        """Frees it; gives what is to be closed without the lock."""
        thread.freed = True
        self._freed += 1
        del self._threads[thread.number]
        del thread.family[thread.number]
        if thread.parent is not None:
            thread.parent.children.discard(thread)
        thread.watch.cancel()
        thread.finished.notify_all()
        if thread.state is ThreadState.QUEUED:
            self._pool.discard(thread)
            thread.state = ThreadState.FAILED
            self._held -= len(thread.input)
        elif thread.state is ThreadState.RUNNING:
            if thread.waits_for is not None:
                thread.waits_for.finished.notify_all()
            return []
        return self._let_go(thread)

    def _let_go(self, thread: GuestThread) -> list[GuestThread]:
        self._present -= 1
        self._held -= thread.memory_bytes
        return [thread]


def _waits_for(thread: GuestThread | None, other: GuestThread) -> bool:
    while thread is not None:
        if thread is other:
            return True
        thread = thread.waits_for
    return False


def _close(threads: list[GuestThread]) -> None:
    for thread in threads:
        thread.close()
