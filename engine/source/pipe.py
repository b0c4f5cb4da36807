"""Standard input and pipes: bytes that come when they come, once."""

from __future__ import annotations

import os
import select
import stat
import sys
import threading
from pathlib import Path

from engine.errors import InputError
from engine.source.stored import StoredInput
from engine.source.trouble import input_error
from engine.special_files import is_special

STANDARD_INPUT = Path("-")
"""What a user writes for standard input."""


class PipeDevice:
    """The reading end of a pipe, terminal or socket; its size is not known.

    `close` frees a thread that waits for bytes, except on Windows, which has no means for it: there
    the thread is free when the next bytes come or the writer ends.

    Args:
        descriptor: an open file descriptor.
        is_ours: close it in the end.
    """

    size: int | None = None

    def __init__(self, descriptor: int, *, is_ours: bool) -> None:
        self._descriptor = descriptor
        self._is_ours = is_ours
        self._in_use = threading.Lock()
        self._closing = threading.Lock()
        self._is_closed = False
        self._alarm = os.pipe()

    def readinto(self, target: memoryview, *, may_end: bool) -> int:  # noqa: ARG002 - a pipe ends when its writer ends
        """See `Device.readinto`."""
        with self._in_use:
            while self._wait(None):
                try:
                    data = os.read(self._descriptor, len(target))
                except BlockingIOError:
                    continue
                target[: len(data)] = data
                return len(data)
        return 0

    def _wait(self, milliseconds: int | None) -> bool:
        """Whether bytes, or the end, have come within the time; false at once after `close`."""
        if self._is_closed:
            return False
        if sys.platform == "win32":
            return True
        both = select.poll()
        both.register(self._descriptor, select.POLLIN)
        both.register(self._alarm[0], select.POLLIN)
        events = both.poll(milliseconds)
        return bool(events) and all(descriptor != self._alarm[0] for descriptor, _ in events)

    def ready(self) -> bool:
        """See `Device.ready`."""
        with self._in_use:
            return self._wait(0)

    def close(self) -> None:
        """See `Device.close`."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
        os.write(self._alarm[1], b"!")
        with self._in_use:
            for descriptor in (*self._alarm, self._descriptor) if self._is_ours else self._alarm:
                os.close(descriptor)


def is_pipe(path: Path) -> bool:
    """Whether reading `path` uses it up, so that it cannot be looked at first."""
    return path == STANDARD_INPUT or is_special(path)


def name_of(path: Path) -> str:
    """How errors call a pipe."""
    return "standard input" if path == STANDARD_INPUT else path.name


def is_null(path: Path) -> bool:
    """Whether it is the system's null device, from which nothing ever comes."""
    try:
        about, null = path.stat(), Path(os.devnull).stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISCHR(about.st_mode):
        return False
    if sys.platform == "win32":  # numbers no devices; `nul`, in capitals or not, names this one in every folder
        return path.stem.upper() == "NUL"
    return about.st_rdev == null.st_rdev


def open_pipe(path: Path) -> StoredInput:
    """Standard input for ``-``, otherwise a named pipe or ``/dev/fd/N``.

    Raises:
        InputError: it cannot be read, or standard input is the keyboard.
    """
    if path == STANDARD_INPUT:
        return _open_standard_input()
    flags = os.O_RDONLY
    if sys.platform == "win32":  # would change line ends otherwise, and stop at the first byte 26
        flags |= os.O_BINARY
    elif sys.platform == "linux":  # a pipe that nobody writes to yet is waited for, so that `close` ends the wait
        flags |= os.O_NONBLOCK
    try:
        return StoredInput(path, PipeDevice(os.open(path, flags), is_ours=True))
    except OSError as error:
        raise input_error(error, path) from error


def _open_standard_input() -> StoredInput:
    try:
        is_keyboard = os.isatty(0)
        os.fstat(0)
    except OSError as error:
        raise InputError(
            "There is no standard input.", path=STANDARD_INPUT, hint="Start Lanescope from a terminal, or give a file."
        ) from error
    if is_keyboard:
        raise InputError(
            "Standard input is the keyboard: nothing is piped in.",
            path=STANDARD_INPUT,
            hint="Pipe reads into Lanescope, or give a file instead of “-”.",
        )
    return StoredInput(STANDARD_INPUT, PipeDevice(0, is_ours=False), name_of(STANDARD_INPUT))
