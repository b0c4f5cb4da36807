"""One at a time, of all processes and threads."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SECONDS = 0.1


@contextmanager
def alone(path: Path | None, while_waiting: Callable[[], object]) -> Iterator[None]:
    """Holds a lock file; the system frees it when its holder ends.

    Args:
        path: of the lock, made if missing; ``None``, or where it cannot be made or locked, holds nothing.
        while_waiting: called ten times a second while another holds it; what it raises ends the wait.
    """
    try:
        file = None if path is None else path.open("a+b")
    except OSError:
        file = None
    if file is None:
        yield
        return
    with file:
        while not _taken(file.fileno()):
            while_waiting()
            time.sleep(_SECONDS)
        yield


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks, which nobody would ever get
            return True
        return True
