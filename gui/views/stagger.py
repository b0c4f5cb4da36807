"""Work for the GUI thread in small portions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_PAUSE_MS = 8


class Stagger(QObject):
    """Does one thing per turn of the event loop, so that painting and input come in between.

    What is asked for again before it was done is done once, in its newest version and at its old place in the row.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[object, Callable[[], None]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._do_one)

    def ask(self, key: object, work: Callable[[], None]) -> None:
        """Do ``work`` soon; it takes the place of what waits under the same ``key``."""
        self._waiting[key] = work
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._timer.stop()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def _do_one(self) -> None:
        if self._waiting:
            self._waiting.pop(next(iter(self._waiting)))()
        if not self._waiting:
            self._timer.stop()
