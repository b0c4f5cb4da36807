"""Names of lines, below a plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.views.plots.axis import hide_overflow

_KEY = 14
_AFTER_KEY = 5
_BETWEEN = 14
_LINE = 17
_TOP = 4


class Entry(NamedTuple):
    """A line's name, the series of its colour, and whether it is dashed."""

    name: str
    series: str
    dashes: bool = False


class Legend(QGraphicsWidget):
    """Short strokes in the colours of lines, each with its name in the colour of text; broken into rows as needed."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._font = font("note")
        self._metrics = QFontMetricsF(self._font)
        self._set_rows(0)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is named."""
        return self._entries

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Name ``entries``; nothing for none of them."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._fit()
            self.update()

    def boundingRect(self) -> QRectF:
        """The strip below the plot."""
        return self.rect()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        """Break the rows anew."""
        super().resizeEvent(event)
        self._fit()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw strokes and names."""
        if widget is None:
            hide_overflow(painter, self.rect())
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, (left, row) in zip(self._entries, self._places(), strict=True):
            middle = _TOP + _LINE * (row + 0.5)
            pen = QPen(theme().color(entry.series), 2.5)
            if entry.dashes:
                pen.setDashPattern([2, 1])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QLineF(left, middle, left + _KEY, middle))
            painter.setPen(theme().color("text"))
            at = QPointF(left + _KEY + _AFTER_KEY, middle + self._metrics.capHeight() / 2)
            painter.drawText(at, self._fitted(entry.name))

    def _fitted(self, name: str) -> str:
        room = max(40.0, self.size().width() - _KEY - _AFTER_KEY)
        return self._metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)

    def _places(self) -> list[tuple[float, int]]:
        left, row, places = 0.0, 0, []
        for entry in self._entries:
            width = _KEY + _AFTER_KEY + self._metrics.horizontalAdvance(self._fitted(entry.name))
            if left and left + width > self.size().width():
                left, row = 0.0, row + 1
            places.append((left, row))
            left += width + _BETWEEN
        return places

    def _fit(self) -> None:
        places = self._places()
        self._set_rows(places[-1][1] + 1 if places else 0)

    def _set_rows(self, rows: int) -> None:
        height = _TOP + rows * _LINE if rows else 0
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setMinimumHeight(height)
            self.setMaximumHeight(height)
