"""Whether the event loop keeps its pace: what tests and benchmarks hold the window to."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimerEvent

_INTERVAL_MS = 5


class Heartbeat(QObject):
    """Beats every 5 ms while it is on and remembers by how much each beat was late.

    Attributes:
        delays: seconds that each beat came after its time, in order.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.delays: list[float] = []
        self._timer = 0
        self._last = 0.0

    def start(self) -> None:
        """Forget what was measured and measure from now on."""
        self.stop()
        self.delays = []
        self._last = perf_counter()
        self._timer = self.startTimer(_INTERVAL_MS, Qt.TimerType.PreciseTimer)

    def stop(self) -> None:
        """Measure no more; what was measured stays."""
        if self._timer:
            self.killTimer(self._timer)
            self._timer = 0

    @property
    def longest(self) -> float:
        """The longest time in seconds that the loop did nothing else than one turn."""
        return max(self.delays, default=0.0)

    def timerEvent(self, event: QTimerEvent) -> None:
        """Qt's call: one beat."""
        now = perf_counter()
        self.delays.append(max(0.0, now - self._last - _INTERVAL_MS / 1000))
        self._last = now
