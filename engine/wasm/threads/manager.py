"""Threads of a guest: started, waited for, read and freed by number."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Self

from engine.wasm.errors import OutputRefused
from engine.wasm.host import Host
from engine.wasm.state.memory import MemoryState
from engine.wasm.state.store import StateStore
from engine.wasm.threads.config import PoolConfig, PoolStatistics
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.imports import lent_functions
from engine.wasm.threads.table import ThreadTable

EXPORTED_BYTES = 4096
"""Bytes of a thread's memory that `ThreadManager.memory_export` gives."""

PIPELINE = "__pipeline"
"""The entry point of a pipeline thread."""


class ThreadManager:
    """Runs a module's functions in threads, each in an instance of its own.

    A thread is known by its number. It stays, with its memory, until it is freed; close the manager
    to free them all. Any thread of the host may use any method.

    Attributes:
        plugin: the name to blame in errors.
        state: the key-value state that the threads share.
    """

    def __init__(
        self, host: Host, plugin: str, wasm: bytes, config: PoolConfig | None = None, state: StateStore | None = None
    ) -> None:
        """Compiles the module, or takes it from the host's cache.

        Args:
            host: the engine.
            plugin: the name to blame in errors.
            wasm: the module in binary form.
            config: what its threads may take.
            state: what its threads share, which the caller closes; empty and in memory if left out.

        Raises:
            ModuleRefused: it is not WebAssembly, not valid, or too large.
            ImportRefused: it asks for more than the functions for threads and state.
        """
        self.plugin = plugin
        self.state: StateStore = MemoryState() if state is None else state
        self._table = ThreadTable(plugin, config or PoolConfig())
        module = host.compile(plugin, wasm)
        self._table.program = host.link(plugin, module, lent_functions(module, self._table, self.state))

    @property
    def config(self) -> PoolConfig:
        """What the threads may take."""
        return self._table.config

    def spawn(self, entrypoint: str, data: bytes = b"", *, arguments: Sequence[int] = ()) -> int:
        """Starts a thread, or queues it until a worker is free.

        Args:
            entrypoint: an exported function; it returns i32 or nothing.
            data: what the thread loads with ``__load_input``.
            arguments: of the function, i32.

        Returns:
            The thread's number, which is never given twice.

        Raises:
            ThreadError: there is no such function (bad argument), or there are too many threads (out of resources).
        """
        return self._table.start(None, entrypoint, bytes(data), tuple(arguments))

    def wait_result(self, thread: int, timeout: float | None = None) -> int:
        """Waits for a thread to end.

        Args:
            thread: its number.
            timeout: seconds to wait; ``None`` waits as long as the thread may run. The thread goes on after it.

        Returns:
            What its entry point returned, signed; 0 where it returns nothing.

        Raises:
            ThreadError: it is not there (not found), has not ended in time or ran out of its own (timeout), or
                trapped.
        """
        return self._table.wait(thread, timeout)

    def read_memory(self, thread: int, offset: int, length: int) -> bytes:
        """Copies bytes out of the memory of a thread that has returned.

        Raises:
            ThreadError: it is not there or has not returned (not found), trapped, or the bytes are not all
                inside its memory (bad argument).
        """
        found = self._table.returned(thread)
        try:
            return self._still_there(found.read(offset, length), thread)
        except OutputRefused as error:
            words = f"{length:,} bytes at {offset:,} are not inside the {found.memory_bytes:,} of thread {thread}."
            raise self._table.error(ThreadFault.BAD_ARGUMENT, words, thread) from error

    def memory_export(self, thread: int) -> bytes:
        """The first 4 KiB of the memory of a thread that has returned; less where it has less.

        Raises:
            ThreadError: as for `read_memory`.
        """
        return self.read_memory(thread, 0, min(EXPORTED_BYTES, self._table.returned(thread).memory_bytes))

    def custom_data(self, thread: int) -> bytes:
        """What the module's ``get_thread_result`` pointed to when the thread had returned; 64 KiB at most.

        Raises:
            ThreadError: it is not there or has not returned (not found), or trapped.
        """
        return self._table.returned(thread).custom_data

    def result_buffer(self, thread: int) -> bytes:
        """The array buffer whose address the thread returned, which is how views give their result.

        Raises:
            ThreadError: as for `read_memory`.
        """
        found = self._table.returned(thread)
        try:
            return self._still_there(found.read_result(), thread)
        except OutputRefused as error:
            words = f"thread {thread} did not return the address of an array buffer."
            raise self._table.error(ThreadFault.BAD_ARGUMENT, words, thread) from error

    def free(self, thread: int) -> None:
        """Gives a thread's memory back. One that still runs is stopped, with the threads that it started.

        Raises:
            ThreadError: it is not there (not found) or was freed before (double free).
        """
        self._table.free(thread)

    def run_batch(
        self, inputs: Sequence[bytes], entrypoint: str = PIPELINE, *, timeout: float | None = None
    ) -> list[bytes]:
        """Runs one thread for each input, as many at a time as there may be.

        Each returns the length of its result, which lies at the start of its memory. All are freed.

        Args:
            inputs: what each thread loads.
            entrypoint: the exported function.
            timeout: seconds for each, from when it is its turn to be waited for.

        Returns:
            The results in the order of the inputs.

        Raises:
            ThreadError: one could not be started, failed, or returned a negative number; the others are stopped.
        """
        results: list[bytes] = []
        pending: deque[int] = deque()
        try:
            for data in inputs:
                while not self._joined(pending, entrypoint, data):
                    results.append(self._collected(pending, timeout))
            while pending:
                results.append(self._collected(pending, timeout))
        finally:
            for thread in pending:
                self.free(thread)
        return results

    def statistics(self) -> PoolStatistics:
        """What happened so far, and what there is now."""
        return self._table.statistics()

    def close(self) -> None:
        """Stops and frees every thread and waits until nothing of them is left."""
        self._table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _joined(self, pending: deque[int], entrypoint: str, data: bytes) -> bool:
        """Starts one more of a batch, unless its own threads take all the room."""
        try:
            pending.append(self.spawn(entrypoint, data))
        except ThreadError as error:
            if error.kind is ThreadFault.OUT_OF_RESOURCES and pending:
                return False
            raise
        return True

    def _collected(self, pending: deque[int], timeout: float | None) -> bytes:
        thread = pending[0]
        length = self.wait_result(thread, timeout)
        if length < 0:
            words = f"thread {thread} says that it failed: it returned {length}."
            raise self._table.error(ThreadFault.TRAPPED, words, thread)
        result = self.read_memory(thread, 0, length)
        self.free(pending.popleft())
        return result

    def _still_there(self, found: bytes | None, thread: int) -> bytes:
        if found is None:
            raise self._table.error(ThreadFault.NOT_FOUND, f"thread {thread} was freed.", thread)
        return found
