"""One module's verdict as a line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.models.plot_modules import Module
from gui.models.verdict import Judged
from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.theme.tokens import RADIUS_SMALL
from gui.views.widgets.tooltip import set_tooltip

_SYMBOL = 12
_SIDE = 4
_LEFT = _SIDE + _SYMBOL + 8
_BETWEEN = 8
_HEIGHT = 21


class VerdictRow(QAbstractButton):
    """Symbol, module, and the number that decided; a click, Space or Enter goes to the module.

    Attributes:
        module: which module.
    """

    def __init__(self, module: Module, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.module = module
        self._judged: Judged | None = None
        self._hovered = False
        self.setText(module.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def judged(self) -> Judged | None:
        """What it tells."""
        return self._judged

    def set_judged(self, judged: Judged) -> None:
        """Tell how the module came out."""
        if judged != self._judged:
            self._judged = judged
            set_tooltip(self, judged.words)
            self.setAccessibleName(f"{judged.module.title}: {judged.words}")
            self.update()

    @property
    def shown_number(self) -> str:
        """The number as its room allows: with its place, without it, or cut."""
        if self._judged is None:
            return ""
        title = QFontMetricsF(font()).horizontalAdvance(self.text())
        room = self.width() - _LEFT - title - _BETWEEN - _SIDE
        metrics = QFontMetricsF(font("note"))
        for words in (self._judged.number, self._judged.brief):
            if metrics.horizontalAdvance(words) <= room:
                return words
        return metrics.elidedText(self._judged.brief, Qt.TextElideMode.ElideRight, max(0.0, room))

    def sizeHint(self) -> QSize:
        """Qt's call: all lines are alike."""
        return QSize(200, _HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Qt's call: show that it can be pressed."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's call: the pointer has gone."""
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw the line."""
        if self._judged is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        look = self._judged.look
        middle = self.height() / 2
        drawn = image(look.symbol, theme().tokens[look.symbol], _SYMBOL, self.devicePixelRatioF())
        painter.drawImage(QPointF(_SIDE, round(middle - _SYMBOL / 2)), drawn)
        painter.setFont(font())
        painter.setPen(theme().color("text"))
        place = QRectF(_LEFT, 0, self.width() - _LEFT, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(font("note"))
        painter.setPen(theme().color("muted"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place.adjusted(0, 0, -_SIDE, 0), side, self.shown_number)

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = theme().tokens
        painter.setPen(QPen(QColor(tokens.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.raised) if self._hovered or self.isDown() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_SMALL, RADIUS_SMALL)
