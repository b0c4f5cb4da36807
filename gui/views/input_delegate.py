"""How an input of this session looks as a line of the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.run.state import RunState
from gui.models.input_list import INPUT_ROLE, InputEntry
from gui.models.run_page import STATE_LOOKS
from gui.theme.fonts import font
from gui.views.painting import draw_ground, draw_progress, draw_symbol, write
from gui.views.plain_tip import PlainTipDelegate

_HEIGHT = 52
_SIDE = 8
_WORD_WIDTH = 96


class InputDelegate(PlainTipDelegate):
    """Symbol and word of the state, then the file's name over its folder, then how far it is or why it was refused."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all lines are alike."""
        return QSize(320, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one line."""
        entry = index.data(INPUT_ROLE)
        if not isinstance(entry, InputEntry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        draw_ground(painter, option, area)
        inner = area.adjusted(_SIDE, 0, -_SIDE, 0)
        symbol, token_name = ("warned", "warned") if entry.state is None else STATE_LOOKS[entry.state]
        middle = area.center().y()
        draw_symbol(painter, QPointF(inner.left(), middle - 6), symbol, token_name)
        write(painter, QPointF(inner.left() + 20, middle + 4), entry.word, token_name, "note", _WORD_WIDTH - 24)
        left = inner.left() + _WORD_WIDTH
        half = (inner.right() - left) / 2
        write(painter, QPointF(left, middle - 3), entry.name, "text", "strong", half)
        write(painter, QPointF(left, middle + 14), entry.place, "muted", "note", half)
        self._draw_detail(painter, entry, QRectF(left + half + _SIDE, area.top(), half - _SIDE, area.height()))
        painter.restore()

    def _draw_detail(self, painter: QPainter, entry: InputEntry, area: QRectF) -> None:
        metrics = QFontMetricsF(font("text"))
        fitting = metrics.elidedText(entry.detail, Qt.TextElideMode.ElideRight, area.width())
        left = area.right() - metrics.horizontalAdvance(fitting)
        is_live = entry.state is not None and not entry.state.is_final and entry.state is not RunState.CREATED
        baseline = area.center().y() + (0 if is_live else 5)
        write(painter, QPointF(left, baseline), fitting, "text" if is_live else "muted", "text", area.width() + 1)
        if is_live:
            draw_progress(painter, QRectF(area.left(), area.center().y() + 10, area.width(), 2), entry.fraction)
