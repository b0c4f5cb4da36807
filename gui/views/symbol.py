"""A small picture in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme.icons import image
from gui.theme.theme import theme


class Symbol(QWidget):
    """An icon of ``resources/icons`` that stands for itself and cannot be pressed."""

    TOP = Qt.AlignmentFlag.AlignTop

    def __init__(self, name: str, token_name: str, size: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._token_name = token_name
        self.setFixedSize(size, size)

    def set_symbol(self, name: str, token_name: str) -> None:
        """Show the icon ``name`` in the colour of the token ``token_name``."""
        if (name, token_name) != (self._name, self._token_name):
            self._name, self._token_name = name, token_name
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw it at the screen's resolution."""
        drawn = image(self._name, theme().tokens[self._token_name], self.width(), self.devicePixelRatioF())
        QPainter(self).drawImage(QPointF(0, 0), drawn)
