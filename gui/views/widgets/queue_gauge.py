"""The fill of the batch queue."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.run.snapshot import QueueLoad
from gui.theme.theme import theme
from gui.views.widgets.tooltip import set_tooltip

_BARS = 12
_BAR = 3
_PITCH = 5
_HEIGHT = 10


class QueueGauge(QWidget):
    """The fill of the batch queue as little bars, one a batch; queues of more than twelve share twelve bars.

    A line below the bars reaches as far as the queue was ever filled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = QueueLoad()
        self._buffers = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Batch queue")

    def set_queue(self, queue: QueueLoad, buffers: str = "") -> None:
        """Show ``queue``, and tell of the buffers that its batches lie in."""
        if (queue, buffers) == (self._queue, self._buffers):
            return
        if queue.capacity != self._queue.capacity:
            self.updateGeometry()
        self._queue, self._buffers = queue, buffers
        said = (
            f"{queue.size} of {queue.capacity} batches wait for a worker, {queue.high_water} at most so far.\n"
            f"Reading waited {queue.push_blocked:.1f} s for room, the workers {queue.pop_blocked:.1f} s for batches."
        )
        said += f"\n{buffers}." if buffers else ""
        self.setAccessibleDescription(said)
        set_tooltip(self, said)
        self.update()

    def bars(self) -> tuple[int, int, int]:
        """How many bars there are, how many are filled, and how many ever were."""
        capacity = self._queue.capacity
        count = min(capacity, _BARS)
        if not count:
            return 0, 0, 0
        # Rounded up: a batch that waits shows, and the gauge is full only when the queue is.
        filled, ever = (-(-number * count // capacity) for number in (self._queue.size, self._queue.high_water))
        return count, filled - (filled == count and self._queue.size < capacity), ever

    def sizeHint(self) -> QSize:
        """Room for the bars."""
        return QSize(max(1, min(self._queue.capacity, _BARS)) * _PITCH - (_PITCH - _BAR), _HEIGHT + 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        count, filled, ever = self.bars()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in range(count):
            painter.setBrush(theme().color("passed" if bar < filled else "line"))
            painter.drawRoundedRect(QRectF(bar * _PITCH, 0, _BAR, _HEIGHT), 1, 1)
        if ever:
            painter.setBrush(theme().color("muted"))
            painter.drawRect(QRectF(0, _HEIGHT + 2, ever * _PITCH - (_PITCH - _BAR), 1))
