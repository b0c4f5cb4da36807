"""Reads into a pipe, a device, or what the process was given open, which may take them late, or never."""

from __future__ import annotations

import errno
import os
import select
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.sink.errors import SinkAborted
from engine.sink.names import own_descriptor

_OFTEN = 0.1
"""Seconds after which it is asked again whether the reads are wanted."""

_AT_ONCE: int = getattr(select, "PIPE_BUF", 512)
"""Bytes that no pipe keeps anybody waiting with that takes any."""


class Pipe:
    """The writing end of a pipe; its reader may come later, as a shell's pipes allow.

    Who writes waits for the reader only as long as the reads are wanted, except on Windows, which has no means for it.
    What the process was given open, such as a file behind standard output, is written on from where it is.

    Args:
        path: of the pipe, or the device.
        head: bytes that go before all others.
        is_wanted: whether the reads still are; asked while the reader keeps them waiting.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path, head: bytes, is_wanted: Callable[[], bool]) -> None:
        self._path = path
        self._head = head
        self._is_wanted = is_wanted
        self._descriptor = -1
        self._given = _given(path)
        self._may_block = self._given is not None and not _is_file(self._given)
        self._try_to_open()

    def write(self, data: bytes | memoryview) -> None:
        """Writes all of it.

        Raises:
            SinkAborted: the reads are not wanted any more.
            OSError: it cannot be written; nobody reads it any more.
        """
        self._open()
        head, self._head = self._head, b""
        for part in (head, data):
            left = memoryview(part)
            while left:
                while self._may_block and not self._is_ready():
                    pass
                try:
                    left = left[os.write(self._descriptor, left[:_AT_ONCE] if self._may_block else left) :]
                except BlockingIOError:
                    self._is_ready()

    def end(self) -> None:
        """Closes it after a `write`, so that its reader comes to the end; raises as that does."""
        if self._given is not None and _is_file(self._descriptor):
            os.fsync(self._descriptor)  # a full disk of another machine is told of here, if at all
        self.close()

    def close(self) -> None:
        """Leaves it as it is."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _open(self) -> None:
        while self._descriptor < 0:
            self._check_wanted()
            time.sleep(_OFTEN)
            self._try_to_open()

    def _try_to_open(self) -> None:
        if self._given is not None:
            self._descriptor = os.dup(self._given)
            return
        flags = os.O_WRONLY
        if sys.platform == "win32":
            flags |= os.O_BINARY
        else:
            flags |= os.O_NONBLOCK
        try:
            self._descriptor = os.open(self._path, flags)
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads it yet
                raise

    def _is_ready(self) -> bool:
        """Waits until it takes bytes, or a while has passed; whether it takes any, or tells why not."""
        self._check_wanted()
        if sys.platform == "win32":
            return True
        ready = select.poll()
        ready.register(self._descriptor, select.POLLOUT)
        return bool(ready.poll(1000 * _OFTEN))

    def _check_wanted(self) -> None:
        if not self._is_wanted():
            raise SinkAborted


def _given(path: Path) -> int | None:
    """What is written on as it was given; ``None``: it is opened, so that nobody has to wait for a slow reader.

    Only Linux opens pipes once more by such a name; of a file, that would begin at its beginning.
    """
    number = own_descriptor(path)
    if number is None or (sys.platform == "linux" and stat.S_ISFIFO(os.fstat(number).st_mode)):
        return None
    return number


def _is_file(descriptor: int) -> bool:
    return stat.S_ISREG(os.fstat(descriptor).st_mode)
