"""One process, and one thread of it, at a time: told by the system, which no clock and no crash can fool."""

from __future__ import annotations

import contextlib
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

    def take(self, *, strictly: bool = False) -> bool:
        """Locks it; false if somebody else has, in this process or another. Nobody has where there are no locks.

        Args:
            strictly: false as well where the file system knows no locks, so that nobody can tell.

        Raises:
            OSError: the file cannot be made.
        """
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _locked(descriptor, unknown=not strictly):
                os.close(descriptor)
                return False
            if self._is_there(descriptor):
                self._descriptor = descriptor
                return True
            os.close(descriptor)  # who had it before removed the file meanwhile: the lock of nothing

    def _is_there(self, descriptor: int) -> bool:
        """Whether the file of this name is the one that is open."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Lets others have it; harmless where it was not taken."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def remove(self) -> None:
        """Removes the file, which whoever has the lock may do, and lets others have it."""
        if sys.platform == "win32":  # where nothing is removed that is open
            self.release()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.release()

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


def _locked(descriptor: int, *, unknown: bool = True) -> bool:
    """Locks an open file unless somebody has; closing it lets go of it. `unknown`: the answer where there are none."""
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
        return unknown and sys.platform != "win32"
    return True
