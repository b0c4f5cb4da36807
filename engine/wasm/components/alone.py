"""One at a time, of all processes and threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.file_lock import FileLock

_SECONDS = 0.1
"""Between two looks."""


@contextmanager
def alone(path: Path | None, while_waiting: Callable[[], object]) -> Iterator[None]:
    """Holds a lock file; the system frees it when its holder ends.

    Args:
        path: of the lock, made if missing; ``None``, or where it cannot be made or locked, holds nothing.
        while_waiting: called ten times a second while another holds it; what it raises ends the wait.
    """
    lock = None if path is None else FileLock(path)
    while lock is not None and not _is_taken(lock):
        while_waiting()
        time.sleep(_SECONDS)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _is_taken(lock: FileLock) -> bool:
    try:
        return lock.take()
    except OSError:  # it cannot be made
        return True
