"""The values at the crosshair."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.theme.fonts import font
from gui.views.plots.canvas import Canvas

_AIR = 8


class Readout(QLabel):
    """The values at the crosshair, in the corner of the plot away from it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("note"))
        self.setProperty("role", "readout")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, words: str, x: float, y: float | None) -> None:
        """Say ``words`` about the place ``x``, and ``y`` where it matters."""
        if words != self.text():
            self.setText(words)
            self.adjustSize()
        area = self._canvas.plot_area()
        at_left = x > sum(self._canvas.x_range) / 2
        at_foot = y is not None and y > sum(self._canvas.y_range) / 2
        left = area.left() + _AIR if at_left else area.right() - _AIR - self.width()
        top = area.bottom() - _AIR - self.height() if at_foot else area.top() + _AIR
        self.move(round(left), round(top))
        self.show()
