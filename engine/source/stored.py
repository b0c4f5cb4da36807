"""Bytes as they are stored, before any decompression: a file, a pipe, a file that still grows."""

from __future__ import annotations

import errno
import os
import threading
from io import FileIO
from pathlib import Path
from typing import Protocol, runtime_checkable

from engine.errors import InputError
from engine.source.trouble import input_error


class Device(Protocol):
    """What `StoredInput` takes bytes from.

    Attributes:
        size: bytes in all, or ``None`` where that is not known.
    """

    @property
    def size(self) -> int | None: ...  # noqa: D102 - the class says it

    def readinto(self, target: memoryview, *, may_end: bool) -> int:
        """Fills the front of `target`, waiting for at least one byte; 0 only at the end.

        Args:
            target: uint8, at least one byte long.
            may_end: what came before is complete in itself, so that a device that waits for
                more may take this for the end sooner.

        Raises:
            OSError: the device cannot be read on.
        """
        ...

    def ready(self) -> bool:
        """Whether `readinto` would return at once."""
        ...

    def close(self) -> None:
        """Lets go, also when called twice; a `readinto` that waits in another thread returns."""
        ...


@runtime_checkable
class SkippingDevice(Protocol):
    """A device that can leave bytes out without reading them."""

    def skip(self, count: int) -> None:
        """Leaves out the next `count` bytes, which there have to be.

        Raises:
            OSError: the device cannot be read on.
        """
        ...


class FileDevice:
    """A regular file, whose size is known and must not shrink."""

    def __init__(self, path: Path) -> None:
        self._file = FileIO(path)
        # Closed under a thread that reads, the file's descriptor might meanwhile be another file's.
        self._in_use = threading.Lock()
        self.size: int | None = os.fstat(self._file.fileno()).st_size

    def readinto(self, target: memoryview, *, may_end: bool) -> int:  # noqa: ARG002 - a file's end is its end
        """See `Device.readinto`."""
        with self._in_use:
            return self._file.readinto(target) or 0

    def skip(self, count: int) -> None:
        """See `SkippingDevice.skip`."""
        with self._in_use:
            self._file.seek(count, os.SEEK_CUR)

    def ready(self) -> bool:
        """See `Device.ready`."""
        return True

    def close(self) -> None:
        """See `Device.close`."""
        with self._in_use:
            self._file.close()


class StoredInput:
    """The bytes of one input, with a look ahead and with errors in words.

    Attributes:
        path: the input as the user named it, for errors.
        name: how errors call it.
        position: bytes handed out so far.
    """

    def __init__(self, path: Path, device: Device, name: str | None = None) -> None:
        self.path = path
        self.name = name or path.name
        self.position = 0
        self._device = device
        self._ahead = memoryview(b"")
        self._closed = threading.Event()

    @property
    def size(self) -> int | None:
        """Bytes in all, or ``None`` where that is not known."""
        return self._device.size

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed.is_set()

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, fewer only at the end; they will be read again.

        Raises:
            InputError: the input cannot be read.
        """
        while len(self._ahead) < count:
            more = bytearray(count - len(self._ahead))
            got = self._take(memoryview(more), may_end=not self._ahead)
            if got == 0:
                break
            self._ahead = memoryview(bytes(self._ahead) + more[:got])
        return bytes(self._ahead[:count])

    def readinto(self, target: memoryview, *, may_end: bool = False) -> int:
        """Fills the front of `target`; see `Device.readinto`.

        Raises:
            InputError: the input cannot be read on, or was closed meanwhile.
        """
        if self._ahead:
            count = min(len(target), len(self._ahead))
            target[:count] = self._ahead[:count]
            self._ahead = self._ahead[count:]
        else:
            count = self._take(target, may_end=may_end)
        self.position += count
        if count == 0 and self.size is not None and self.position < self.size:
            raise InputError(
                f"{self.name} ended after {self.position:,} of {self.size:,} bytes: it shrank while it was read.",
                path=self.path,
                hint="Wait until whatever writes the file has finished, then run it again.",
            )
        return count

    def read(self, count: int, *, may_end: bool = False) -> bytes:
        """At most `count` bytes; none only at the end. Raises what `readinto` raises."""
        target = bytearray(count)
        got = self.readinto(memoryview(target), may_end=may_end)
        return bytes(target) if got == count else bytes(memoryview(target)[:got])

    def give_back(self, text: bytes) -> None:
        """Puts the last bytes read back in front."""
        self._ahead = memoryview(text + bytes(self._ahead))
        self.position -= len(text)

    def skip(self, count: int) -> None:
        """Leaves out the next `count` bytes, which there have to be. Raises what `readinto` raises."""
        ahead = min(count, len(self._ahead))
        self._ahead = self._ahead[ahead:]
        self.position += ahead
        if isinstance(self._device, SkippingDevice):
            self._device.skip(count - ahead)
            self.position += count - ahead
            return
        left = count - ahead
        while left and (got := len(self.read(min(left, 1 << 20)))):
            left -= got

    def ready(self) -> bool:
        """Whether reading would return at once."""
        return bool(self._ahead) or self._device.ready()

    def close(self) -> None:
        """Lets go, also when called twice or while another thread reads, which then gets an `InputError`."""
        self._closed.set()
        self._device.close()

    def _take(self, target: memoryview, *, may_end: bool) -> int:
        if self.is_closed:
            raise self.broken_off()
        try:
            count = self._device.readinto(target, may_end=may_end)
        except OSError as error:
            raise input_error(error, self.path) from error
        except ValueError as error:  # Python's word for a closed file
            raise self.broken_off() from error
        if self.is_closed:
            raise self.broken_off()
        return count

    def broken_off(self) -> InputError:
        """What a thread gets that reads while another one closes."""
        return InputError(f"Reading {self.name} was broken off.", path=self.path, hint="Run it again.")


def open_file(path: Path) -> StoredInput:
    """A regular file.

    Raises:
        InputError: it is missing or cannot be read.
    """
    try:
        return StoredInput(path, FileDevice(path))
    except OSError as error:
        raise input_error(error, path) from error
    except ValueError as error:  # a zero byte in the path
        raise input_error(FileNotFoundError(errno.ENOENT, "no such file"), path) from error
