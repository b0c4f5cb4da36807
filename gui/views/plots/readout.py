"""The values at the crosshair."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel

from gui.theme.fonts import font
from gui.views.plots.canvas import Canvas

_AIR = 8
_PADDING = 24
_LEAST = 80
_MIDDLE = Qt.TextElideMode.ElideMiddle


class Readout(QLabel):
    """The values at the crosshair, in the corner of the plot away from it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("note"))
        self._metrics = QFontMetricsF(font("note"))
        self.setProperty("role", "readout")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, words: str, x: float, y: float | None) -> None:
        """Say ``words`` about the place ``x``, and ``y`` where it matters."""
        area = self._canvas.plot_area()
        # Names of runs may be longer than the plot is wide.
        room = max(_LEAST, area.width() - 2 * _AIR - _PADDING)
        fitted = "\n".join(self._fitted(line, room) for line in words.split("\n"))
        if fitted != self.text():
            self.setText(fitted)
            self.adjustSize()
        at_left = x > sum(self._canvas.x_range) / 2
        at_foot = y is not None and y > sum(self._canvas.y_range) / 2
        left = area.left() + _AIR if at_left else area.right() - _AIR - self.width()
        top = area.bottom() - _AIR - self.height() if at_foot else area.top() + _AIR
        self.move(round(left), round(top))
        self.show()

    def _fitted(self, line: str, room: float) -> str:
        """``line`` within ``room``; where a name stands behind a value, two spaces apart, only the name is cut."""
        value, apart, name = line.partition("  ")
        if not apart:
            return self._metrics.elidedText(line, _MIDDLE, room)
        left = room - self._metrics.horizontalAdvance(value + apart)
        return value + apart + self._metrics.elidedText(name, _MIDDLE, max(_LEAST / 2, left))
