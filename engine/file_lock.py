"""One process, and one thread of it, at a time: told by the system, which no clock and no crash can fool."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class FileLock:
    """A file that is locked while somebody is at work. The system lets go of it when the process ends.

    Args:
        path: the file; its folder has to be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def take(self) -> bool:
        """Locks it; false if somebody else has, in this process or another. Nobody has where there are no locks.

        Raises:
            OSError: the file cannot be made.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Lets others have it; harmless where it was not taken."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    @property
    def is_taken(self) -> bool:
        """Whether anybody has locked it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            return not _locked(descriptor)
        finally:
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Locks an open file unless somebody has; closing it lets go of it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Windows says so of a lock of somebody else; elsewhere, the file system may know no locks.
        return sys.platform != "win32"
    return True
