"""How a run looks as a line of the list."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.run.state import RunState
from gui.models import format as show
from gui.models.fitting_name import fitting_name
from gui.models.run_list import ENTRY_ROLE, RunEntry
from gui.models.run_page import STATE_LOOKS, STATE_WORDS
from gui.theme.fonts import font
from gui.views.painting import SYMBOL, draw_ground, draw_progress, draw_symbol, write, write_right
from gui.views.plain_tip import PlainTipDelegate

ROW_HEIGHT = 70
_SIDE = 12


class RunDelegate(PlainTipDelegate):
    """Name; state and date; reads and mean quality, each in its own place. A live run has a line of progress."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all lines are alike."""
        return QSize(160, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one line."""
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, RunEntry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        draw_ground(painter, option, area)
        inner = area.adjusted(_SIDE + 2, 0, -_SIDE, 0)
        metrics = QFontMetricsF(font("strong"))
        name = fitting_name(entry.name, lambda text: metrics.horizontalAdvance(text) <= inner.width())
        write(painter, QPointF(inner.left(), area.top() + 23), name, "text", "strong", inner.width())
        self._draw_state(painter, entry, inner, area.top() + 41)
        self._draw_facts(painter, entry, inner, area.top() + 57)
        if not entry.state.is_final and entry.state is not RunState.CREATED:
            draw_progress(painter, QRectF(inner.left(), area.bottom() - 6, inner.width(), 2), entry.fraction)
        painter.restore()

    def _draw_state(self, painter: QPainter, entry: RunEntry, inner: QRectF, baseline: float) -> None:
        symbol, token_name = STATE_LOOKS[entry.state]
        draw_symbol(painter, QPointF(inner.left(), baseline - 10), symbol, token_name)
        left = inner.left() + SYMBOL + 6
        left += write(painter, QPointF(left, baseline), STATE_WORDS[entry.state], token_name, "note", inner.width())
        when = show.moment(entry.created, datetime.now().astimezone())
        write_right(painter, QPointF(inner.right(), baseline), when, inner.right() - left - SYMBOL)

    def _draw_facts(self, painter: QPainter, entry: RunEntry, inner: QRectF, baseline: float) -> None:
        if not entry.reads:
            return
        count = show.count(entry.reads)
        words = "read" if entry.reads == 1 else f"{count.unit} reads".strip()
        write(painter, QPointF(inner.left(), baseline), f"{count.value} {words}", "muted", "note", inner.width() / 2)
        if entry.mean_quality is not None:
            write_right(painter, QPointF(inner.right(), baseline), f"Q {entry.mean_quality:.1f}", inner.width() / 2)
