"""An axis that is drawn cheaply: its ticks are worked out only when the range or the size changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gui.models.plot_axes import Ticks, ticks
from gui.theme.fonts import font
from gui.theme.theme import theme

Ticker = Callable[[float, float, int], Ticks]

_TICK = 4
_GAP = 4
_LEFT_WIDTH = 54
_BOTTOM_HEIGHT = 42
_APART_X, _APART_Y = 64, 34
_FEWEST = 2
_BEYOND = 11


def hide_overflow(painter: QPainter, place: QRectF) -> None:
    """Paint the panel over ``place``: SVG knows no clipping, so lines of a zoomed plot reach beyond its edges."""
    painter.fillRect(place, theme().color("panel"))


class Axis(QGraphicsWidget):
    """The left or the bottom axis of a plot: line, ticks, and a label that names the unit.

    Attributes:
        ticker: works out the ticks of a range.
    """

    def __init__(self, label: str, *, left: bool) -> None:
        super().__init__()
        self.ticker: Ticker = ticks
        self._label = label
        self._short = ""
        self._left = left
        self._low, self._high = 0.0, 1.0
        self._font = font("note")
        self._metrics = QFontMetricsF(self._font)
        self._ticks: Ticks = []
        if left:
            self.setMinimumWidth(_LEFT_WIDTH)
            self.setMaximumWidth(_LEFT_WIDTH)
        else:
            self.setMinimumHeight(_BOTTOM_HEIGHT)
            self.setMaximumHeight(_BOTTOM_HEIGHT)

    @property
    def label(self) -> str:
        """What is measured, and its unit."""
        return self._label

    def set_label(self, label: str, short: str = "") -> None:
        """Name what is measured, and its unit; ``short`` where there is no room for all of it."""
        if (label, short) != (self._label, self._short):
            self._label, self._short = label, short
            self.update()

    def label_shown(self) -> str:
        """The label, or the short one where the axis is shorter than the label."""
        length = self.size().height() if self._left else self.size().width()
        return self._short if self._short and self._metrics.horizontalAdvance(self._label) > length else self._label

    def set_range(self, low: float, high: float) -> None:
        """Reach from ``low`` to ``high``."""
        self._low, self._high = low, high
        self._lay_out()

    def ticks(self) -> Ticks:
        """The ticks as drawn."""
        return self._ticks

    def boundingRect(self) -> QRectF:
        """The axis, and half a tick's text beyond each end."""
        line = self._metrics.height()
        return (
            self.rect().adjusted(0, -line / 2, 0, line / 2) if self._left else self.rect().adjusted(-line, 0, line, 0)
        )

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        """Work out the ticks anew."""
        super().resizeEvent(event)
        self._lay_out()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw line, ticks and label."""
        if widget is None:
            hide_overflow(painter, self.rect())
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        places = self._paint_lines(painter)
        # Lines that change touch the edge of the axis, and letters are dear: only where they were uncovered.
        if option.exposedRect.intersects(self._letters()):
            (self._paint_left if self._left else self._paint_bottom)(painter, places)

    def _lay_out(self) -> None:
        length = self.size().height() / _APART_Y if self._left else self.size().width() / _APART_X
        most = max(2, int(length))
        self._ticks = self.ticker(self._low, self._high, most)
        if len(self._ticks) < _FEWEST:
            # A single number tells no scale: rather one more than there is quite room for.
            self._ticks = self.ticker(self._low, self._high, most + 1)
        self.update()

    def _share(self, value: float) -> float:
        return (value - self._low) / (self._high - self._low)

    def _letters(self) -> QRectF:
        away = _TICK + _GAP - 1
        return (
            self.boundingRect().adjusted(0, 0, -away, 0) if self._left else self.boundingRect().adjusted(0, away, 0, 0)
        )

    def _paint_lines(self, painter: QPainter) -> list[tuple[int, str]]:
        width, height = self.size().width(), self.size().height()
        if self._left:
            edge = width - 1
            places = [(round(height * (1 - self._share(value))), text) for value, text in self._ticks]
            marks = [QLineF(edge - _TICK, place, edge, place) for place, _ in places]
            line = QLineF(edge, 0, edge, height)
        else:
            places = [(round(width * self._share(value)), text) for value, text in self._ticks]
            marks = [QLineF(place, 0, place, _TICK) for place, _ in places]
            line = QLineF(0, 0, width, 0)
        pen = QPen(theme().color("line"), 1)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines([line, *marks])
        return places

    def _paint_left(self, painter: QPainter, places: list[tuple[int, str]]) -> None:
        width, height = self.size().width(), self.size().height()
        painter.setPen(theme().color("muted"))
        half = self._metrics.capHeight() / 2
        for place, text in places:
            left = width - 1 - _TICK - _GAP - self._metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left, place + half), text)
        painter.save()
        painter.translate(self._metrics.ascent() - 1, height / 2)
        painter.rotate(-90)
        label = self.label_shown()
        painter.drawText(QPointF(-self._metrics.horizontalAdvance(label) / 2, 0), label)
        painter.restore()

    def _paint_bottom(self, painter: QPainter, places: list[tuple[int, str]]) -> None:
        width = self.size().width()
        painter.setPen(theme().color("muted"))
        baseline = _TICK + _GAP + self._metrics.capHeight() + 1
        for place, text in places:
            wide = self._metrics.horizontalAdvance(text)
            # The last one stays whole: beyond the plot there is little room.
            painter.drawText(QPointF(min(place - wide / 2, width + _BEYOND - wide), baseline), text)
        label = self.label_shown()
        left = (width - self._metrics.horizontalAdvance(label)) / 2
        painter.drawText(QPointF(left, self.size().height() - self._metrics.descent()), label)
