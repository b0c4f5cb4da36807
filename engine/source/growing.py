"""A file that somebody is still writing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path

from engine.errors import InputError


class FollowStopped(InputError):
    """Following was stopped by `FollowSource.stop`; every whole read before was handed out.

    Not a failure: whoever asked for the stop takes it for the end. It is an error only so that a
    record that is still being written is not taken for a truncated one.
    """

    title = "Following was stopped"


class Patience:
    """How long to wait for whoever writes.

    Args:
        path: what is followed, for errors.
        silence: seconds without a new byte after which nothing more is expected; ``None``: wait until stopped.
        interval: seconds between two looks.
    """

    def __init__(self, path: Path, silence: float | None, interval: float) -> None:
        self._path = path
        self._silence = silence
        self._interval = interval
        self._stopped = threading.Event()
        self._since = time.monotonic()

    @property
    def quiet(self) -> float:
        """Seconds since `begin`."""
        return time.monotonic() - self._since

    def begin(self) -> None:
        """Begins to wait. The time in which nobody asked for bytes, in a paused run for one, is no silence."""
        self._since = time.monotonic()

    def stop(self) -> None:
        """Ends every wait at once, in whatever thread."""
        self._stopped.set()

    def check(self) -> None:
        """Raises `FollowStopped` after `stop`."""
        if self._stopped.is_set():
            raise FollowStopped(f"Following {self._path.name} was stopped.", path=self._path, hint="")

    def wait(self) -> bool:
        """Waits until it is time for another look; false if it has been silent for too long.

        Raises:
            FollowStopped: `stop` was called, before or meanwhile.
        """
        left = self._interval if self._silence is None else min(self._interval, self._silence - self.quiet)
        if left > 0:
            self._stopped.wait(left)
        self.check()
        return left > 0


class GrowingDevice:
    """A regular file that is waited for at its end.

    Args:
        path: the file.
        patience: shared by all that belongs to one followed input.
        has_successor: whether what came after this file has begun, so that a file that is
            complete in itself has ended.
    """

    size: int | None = None

    def __init__(self, path: Path, patience: Patience, has_successor: Callable[[], bool]) -> None:
        self._path = path
        self._file = FileIO(path)
        self._in_use = threading.Lock()  # see `FileDevice`
        self._patience = patience
        self._has_successor = has_successor
        self.position = 0

    def readinto(self, target: memoryview, *, may_end: bool) -> int:
        """See `Device.readinto`.

        Raises:
            FollowStopped: following was stopped.
            InputError: the file has shrunk.
        """
        self._patience.begin()
        while True:
            self._patience.check()
            with self._in_use:
                count = self._file.readinto(target) or 0
                size = os.fstat(self._file.fileno()).st_size
            if count:
                self.position += count
                return count
            self._check_size(size)
            if may_end and self._has_successor():
                return 0
            if not self._patience.wait():
                return 0

    def skip(self, count: int) -> None:
        """See `SkippingDevice.skip`."""
        with self._in_use:
            self._file.seek(count, os.SEEK_CUR)
        self.position += count

    def _check_size(self, size: int) -> None:
        if size < self.position:
            raise InputError(
                f"{self._path.name} shrank from {self.position:,} to {size:,} bytes while it was followed.",
                path=self._path,
                hint="Follow a file that is only appended to.",
            )

    def ready(self) -> bool:
        """See `Device.ready`."""
        with self._in_use:
            return os.fstat(self._file.fileno()).st_size > self.position

    def close(self) -> None:
        """See `Device.close`."""
        with self._in_use:
            self._file.close()
