"""Plots draw one after the other, so that none holds up the window for the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

_APART = 12
"""Milliseconds between two plots: the window answers in between, and seven plots still draw ten times a second."""


class Turns(QObject):
    """Whose plot draws next. One waits only once, however often it asks."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[tuple[QObject, Callable[[], None]]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=_APART)
        self._timer.timeout.connect(self._next)

    def ask(self, plot: QObject, draw: Callable[[], None]) -> None:
        """Let ``draw`` be called soon, unless ``plot`` waits already or is gone by then."""
        if all(other is not plot for other, _ in self._waiting):
            self._waiting.append((plot, draw))
        if not self._timer.isActive():
            self._timer.start()

    def _next(self) -> None:
        while self._waiting:
            plot, draw = self._waiting.popleft()
            if isValid(plot):
                if self._waiting:
                    self._timer.start()
                draw()
                return


_turns: list[Turns] = []


def turns() -> Turns:
    """The application's one order of plots."""
    if not _turns:
        _turns.append(Turns())
    return _turns[0]
