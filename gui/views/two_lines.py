"""How a thing with a name and a note looks as a line of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from gui.views.painting import draw_ground, draw_symbol, write
from gui.views.plain_tip import PlainTipDelegate

_LINE = 46
_SIDE = 12
_SYMBOL = 18


class TwoLines(NamedTuple):
    """What is written: a name, a note below it in the colour of a token, and a symbol before the note, if any."""

    name: str
    note: str
    token: str = "muted"
    symbol: str = ""


class TwoLineDelegate(PlainTipDelegate):
    """A name over a note, as a function tells them of an index; nothing for ``None``."""

    def __init__(
        self, lines: Callable[[QModelIndex | QPersistentModelIndex], TwoLines | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all lines are alike."""
        return QSize(120, _LINE)

    def tip(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """What the model tells, or else all that is written: there may not be room for it."""
        lines = self._lines(index)
        return super().tip(index) or ("" if lines is None else f"{lines.name}\n{lines.note}")

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one line."""
        lines = self._lines(index)
        if lines is None:
            return
        area = QRectF(option.rect)
        left, room = area.left() + _SIDE + 2, area.width() - 2 * _SIDE - 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, option, area)
        write(painter, QPointF(left, area.top() + 20), lines.name, "text", "text", room)
        if lines.symbol:
            draw_symbol(painter, QPointF(left, area.top() + 26), lines.symbol, lines.token)
            left, room = left + _SYMBOL, room - _SYMBOL
        write(painter, QPointF(left, area.top() + 36), lines.note, lines.token, "note", room)
        painter.restore()
