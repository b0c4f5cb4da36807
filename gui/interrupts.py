"""Ctrl+C in the terminal that a window was started from."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class Interrupts(QObject):
    """Turns the first interrupt into a Qt signal; a second one ends the process as usual.

    Python serves signals only while it runs, and Qt's event loop may sleep for long: a socket wakes it.

    Signals:
        interrupted: the user pressed Ctrl+C, or the system asks the process to end.
    """

    interrupted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._old_wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._heed) for number in (signal.SIGINT, signal.SIGTERM)}
        self._is_heeded = False

    def close(self) -> None:
        """Leave signals as they were before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_wakeup)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _heed(self, number: int, _frame: object) -> None:
        # Runs between any two bytecodes: only remember, and let the next one through.
        self._is_heeded = True
        signal.signal(number, signal.SIG_DFL)

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._read.recv(64):
                pass
        if self._is_heeded:
            self._is_heeded = False
            self.interrupted.emit()
