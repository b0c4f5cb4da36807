"""Reads into what is no file, a pipe or a device, which may take them late, or never."""

from __future__ import annotations

import errno
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.sink.errors import SinkAborted

_OFTEN = 0.1
"""Seconds after which it is asked again whether the reads are wanted."""


class Pipe:
    """The writing end of a pipe; its reader may come later, as a shell's pipes allow.

    Who writes waits for the reader only as long as the reads are wanted, except on Windows, which has no means for it.

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
        self._try_to_open()

    def write(self, data: bytes | bytearray | memoryview) -> None:
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
                try:
                    left = left[os.write(self._descriptor, left) :]
                except BlockingIOError:
                    self._wait()

    def end(self) -> None:
        """Closes it, so that its reader comes to the end; raises as `write` does."""
        self.write(b"")
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

    def _wait(self) -> None:
        """Until it takes bytes again, or a while has passed."""
        self._check_wanted()
        if sys.platform != "win32":
            ready = select.poll()
            ready.register(self._descriptor, select.POLLOUT)
            ready.poll(1000 * _OFTEN)

    def _check_wanted(self) -> None:
        if not self._is_wanted():
            raise SinkAborted
