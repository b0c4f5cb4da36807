"""Says that files may be dropped here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import PADDING, RADIUS

_WORDS = "Drop to run"
_EDGE = 3
_HEIGHT = 44


class DropHint(QWidget):
    """A frame around a page, and a word in its middle, while files are held over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, widget: QWidget) -> None:
        """Lie over ``widget``, a sibling."""
        self.setGeometry(widget.geometry())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw the frame and the word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), _EDGE))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), RADIUS, RADIUS)
        face = font("heading")
        width = QFontMetricsF(face).horizontalAdvance(_WORDS) + 4 * PADDING
        pill = QRectF((self.width() - width) / 2, (self.height() - _HEIGHT) / 2, width, _HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(pill, RADIUS, RADIUS)
        painter.setFont(face)
        painter.setPen(theme().color("on_accent"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, _WORDS)
