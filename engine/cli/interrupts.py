"""Ctrl+C, ``kill`` and closed terminals: once ends a command in order, twice at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from types import FrameType
from typing import NoReturn

from engine.cli.console import blank_line

INTERRUPTED = 130
"""The exit status of a command that was interrupted."""

OUTPUT_CLOSED = 141
"""The exit status where whoever read the output has had enough: what shells make of the signal SIGPIPE."""

_BY_SIGNAL = 128
"""What shells add to the number of the signal that ended a command."""

_STANDARD_ERROR = 2

_ONE = 0.3
"""Seconds within which several signals are one: `timeout` and other programs that pass them on send them twice."""


class Terminated(KeyboardInterrupt):
    """The system, or somebody by its means, asks the process to end; nobody has said that the work is unwanted.

    Attributes:
        status: the exit status of a command that ends so.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = _BY_SIGNAL + number


class Interrupts:
    """What becomes of interrupts while a command is carried out."""

    def __init__(self) -> None:
        self._came: float | None = None

    @contextlib.contextmanager
    def heeded(self) -> Generator[None]:
        """Heeds Ctrl+C until the end, but where it is ignored, as in a job in the background of a script.

        Once it has come, another one ends the process afterwards too, which is about to end.
        """
        self._came = None
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
            yield
            return
        signal.signal(signal.SIGINT, self.heed)
        try:
            yield
        finally:
            if self._came is None:
                signal.signal(signal.SIGINT, before)

    def heed_ends(self) -> None:
        """Heeds what workload managers, service managers and closed terminals send, but where nohup ignores it."""
        if sys.platform == "win32":
            signal.signal(signal.SIGTERM, self.heed)
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.heed)

    def heed(self, number: int, _frame: FrameType | None) -> None:
        """Handles a signal: the first is told of and raised, another ends the process.

        Raises:
            KeyboardInterrupt: it is the first; `Terminated` where it is none of Ctrl+C.
        """
        if self.begin(number):
            raise KeyboardInterrupt if number == signal.SIGINT or sys.platform == "win32" else Terminated(number)

    def begin(self, number: int = signal.SIGINT) -> bool:
        """Takes notice of a signal, and tells of it; whether it is the first. Another one does not return."""
        now = time.monotonic()
        if self._came is None:
            self._came = now
            _say("Ending in order. Once more ends at once.")
            return True
        if now - self._came > _ONE:
            _end_at_once(_BY_SIGNAL + number)
        return False


def _end_at_once(status: int) -> NoReturn:
    """Ends the process wherever it is; what it leaves is cleared up by the next one."""
    _say("Ended at once. What is left unfinished is cleared up at the next start.")
    os._exit(status)


def _say(words: str) -> None:
    """On the error stream, past its buffer: a signal may come while somebody is writing to that."""
    start = blank_line() if os.isatty(_STANDARD_ERROR) else ""  # a line of progress may stand there
    with contextlib.suppress(OSError):
        os.write(_STANDARD_ERROR, f"{start}{words}\n".encode())


INTERRUPTS = Interrupts()
"""Those of this process."""
