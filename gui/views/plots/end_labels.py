"""Letters at the right ends of lines."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gui.models.plot_series import spread
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.views.plots.axis import hide_overflow

_WIDTH = 28
_LEADER = 12
_PITCH = 13.0


class EndLabels(QGraphicsWidget):
    """A letter beside the end of each line, joined to it by a leader in its colour; letters never overlap.

    The letters are in the colour of text, which is legible on any ground where the palette of series is not.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, float] = {}
        self._top = 1.0
        self._font = font("note")
        self._font.setWeight(self._font.Weight.DemiBold)
        self._metrics = QFontMetricsF(self._font)
        self.setMinimumWidth(_WIDTH)
        self.setMaximumWidth(_WIDTH)

    def set_values(self, values: Mapping[str, float], top: float) -> None:
        """Where the lines end, on an axis of 0..``top``."""
        if (values, top) != (self._values, self._top):
            self._values, self._top = dict(values), top
            self.update()

    def places(self) -> dict[str, tuple[float, float]]:
        """For each letter where its line ends and where it stands itself; logical pixels from the top."""
        height = self.size().height()
        ends = [height * (1 - value / self._top) for value in self._values.values()]
        stood = spread(ends, _PITCH, _PITCH / 2, max(_PITCH, height) - _PITCH / 2)
        return dict(zip(self._values, zip(ends, stood, strict=True), strict=True))

    def boundingRect(self) -> QRectF:
        """The column of letters."""
        return self.rect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw leaders and letters."""
        if widget is None:
            hide_overflow(painter, self.rect())
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._metrics.capHeight() / 2
        for letter, (end, stood) in self.places().items():
            painter.setPen(QPen(theme().color(letter), 1.5))
            painter.drawLine(QPointF(1, end), QPointF(_LEADER, stood))
            painter.setPen(theme().color("text"))
            painter.drawText(QPointF(_LEADER + 4, stood + half), letter)
