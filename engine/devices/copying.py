"""Large copies within the machine's memory, by several threads: one alone is slower than what goes up to a GPU."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from engine.batch import Bytes

PIECE = 4 << 20
"""Bytes that are worth a thread: batches of the usual size are copied by one."""

_MOST_THREADS = 8


class Copier:
    """Copies with as many threads as half the cores at most; used by one thread, until `close`.

    Args:
        threads: how many; default: by the machine. Fewer than two copy nothing by themselves.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = min(_MOST_THREADS, (os.cpu_count() or 1) // 2) if threads is None else threads
        self._pool: ThreadPoolExecutor | None = None

    def copy(self, source: Bytes, target: Bytes) -> None:
        """Copies uint8 [n] to uint8 [n]; returns when all is there."""
        pieces = min(self._threads, len(source) // PIECE)
        if pieces < 2:
            target[:] = source
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="lanescope copy")
        each = -(-len(source) // pieces)
        parts = [slice(at, at + each) for at in range(0, len(source), each)]
        done = [self._pool.submit(target.__setitem__, part, source[part]) for part in parts[1:]]
        target[parts[0]] = source[parts[0]]
        for each_done in done:
            each_done.result()

    def close(self) -> None:
        """Ends the threads."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()
