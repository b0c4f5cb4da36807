"""The one way from the engine's threads to the window."""

from __future__ import annotations

from threading import Event
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_INTERVAL = 0.1


class Bridge(QObject):
    """Tells the GUI thread that something changed in the engine, at most ten times a second.

    Any number of calls of :meth:`publish` between two updates make one update: no more than one signal is ever
    on its way, and it carries nothing. Whoever hears ``updated`` fetches the newest snapshots.

    Signals:
        updated: in the GUI thread, the engine has news.
    """

    updated = Signal()
    _published = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = Event()
        self._closed = Event()
        self._delivered = -_INTERVAL
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._deliver)
        self._published.connect(self._arm, Qt.ConnectionType.QueuedConnection)

    def publish(self) -> None:
        """Something changed. Called from any thread, and harmless after :meth:`close`."""
        if not self._waiting.is_set() and not self._closed.is_set():
            self._waiting.set()
            self._published.emit()

    def close(self) -> None:
        """Deliver no more. The engine's threads may still be calling :meth:`publish`."""
        self._closed.set()
        self._timer.stop()

    def _arm(self) -> None:
        """Deliver as soon as the last update is a tenth of a second old."""
        if not self._closed.is_set():
            due = self._delivered + _INTERVAL - monotonic()
            self._timer.start(max(0, round(due * 1000)))

    def _deliver(self) -> None:
        self._delivered = monotonic()
        # Before the listeners fetch: what is published while they do makes another update.
        self._waiting.clear()
        self.updated.emit()
