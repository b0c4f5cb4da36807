"""One number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import PADDING, SPACE
from gui.views.widgets.card import Card
from gui.views.widgets.tooltip import set_tooltip

LEAST_WIDTH = 116
"""Of a card, logical pixels."""

_HEIGHT = 72
_TITLE_BASELINE = 25
_VALUE_BASELINE = 53
_NARROW = 132
_NARROW_PADDING = 10


class StatCard(Card):
    """One number with its title and unit.

    Everything is drawn at fixed places in tabular figures, so that a number that changes moves nothing. Narrow cards
    have smaller figures and less around them, so that seven stand side by side in a window of 1280 pixels.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._value = self._unit = self._note = ""
        self._title_font, self._unit_font = font("note"), font("note")
        self._unit_font.setPixelSize(self._unit_font.pixelSize() + 1)
        self._unit_metrics = QFontMetricsF(self._unit_font)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Name the number ``title`` from now on."""
        if title != self._title:
            self._title = title
            self.setAccessibleName(title)
            self.update()

    def set_value(self, value: str, unit: str = "", note: str = "") -> None:
        """Show ``value``, with ``unit`` and then ``note`` small beside it where there is room."""
        if (value, unit, note) == (self._value, self._unit, self._note):
            return
        self._value, self._unit, self._note = value, unit, note
        self.setAccessibleDescription(" ".join(filter(None, (value, unit, note))))
        self.update()

    def sizeHint(self) -> QSize:
        """The same for any number."""
        return QSize(170, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for a number and its unit."""
        return QSize(LEAST_WIDTH, _HEIGHT)

    @property
    def beside(self) -> str:
        """What stands beside the number: its unit and note, or the unit alone where the card is too narrow."""
        room = self.width() - self._padding - self._beside_left
        whole = f"{self._unit} {self._note}".strip()
        if self._unit_metrics.horizontalAdvance(whole) <= room:
            return whole
        return self._unit_metrics.elidedText(self._unit, Qt.TextElideMode.ElideRight, room)

    @property
    def _padding(self) -> int:
        return _NARROW_PADDING if self.width() < _NARROW else PADDING

    @property
    def _value_font(self) -> QFont:
        return font("title" if self.width() < _NARROW else "figure")

    @property
    def _beside_left(self) -> float:
        return self._padding + QFontMetricsF(self._value_font).horizontalAdvance(self._value) + SPACE + 2

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, title, number and unit."""
        super().paintEvent(event)
        painter = QPainter(self)
        left = self._padding
        painter.setPen(theme().color("muted"))
        painter.setFont(self._title_font)
        room = self.width() - 2 * left
        title = QFontMetricsF(self._title_font).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left, _TITLE_BASELINE), title)
        painter.setFont(self._unit_font)
        painter.drawText(QPointF(self._beside_left, _VALUE_BASELINE), self.beside)
        painter.setPen(theme().color("text"))
        painter.setFont(self._value_font)
        painter.drawText(QPointF(left, _VALUE_BASELINE), self._value)

    def set_detail(self, detail: str) -> None:
        """Tell ``detail`` in the tooltip, as plain text."""
        set_tooltip(self, detail)
