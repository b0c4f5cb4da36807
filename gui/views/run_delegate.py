"""How a run looks as a line of the list."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from engine.run.state import RunState
from gui.models import format as show
from gui.models.fitting_name import fitting_name
from gui.models.run_list import ENTRY_ROLE, RunEntry
from gui.models.run_page import STATE_LOOKS, STATE_WORDS
from gui.theme.fonts import Role, font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.theme.tokens import RADIUS_SMALL
from gui.views.plain_tip import PlainTipDelegate

ROW_HEIGHT = 70
_SIDE = 12
_SYMBOL = 12


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
        left = inner.left() + _SYMBOL + 6
        left += write(painter, QPointF(left, baseline), STATE_WORDS[entry.state], token_name, "note", inner.width())
        when = show.moment(entry.created, datetime.now().astimezone())
        write_right(painter, QPointF(inner.right(), baseline), when, inner.right() - left - _SYMBOL)

    def _draw_facts(self, painter: QPainter, entry: RunEntry, inner: QRectF, baseline: float) -> None:
        if not entry.reads:
            return
        count = show.count(entry.reads)
        words = "read" if entry.reads == 1 else f"{count.unit} reads".strip()
        write(painter, QPointF(inner.left(), baseline), f"{count.value} {words}", "muted", "note", inner.width() / 2)
        if entry.mean_quality is not None:
            write_right(painter, QPointF(inner.right(), baseline), f"Q {entry.mean_quality:.1f}", inner.width() / 2)


def draw_ground(painter: QPainter, option: QStyleOptionViewItem, area: QRectF) -> None:
    """The ground of a line: chosen, under the pointer, or where the keyboard is."""
    tokens = theme().tokens
    is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
    box = area.adjusted(2.5, 1.5, -2.5, -1.5)
    painter.setPen(QPen(QColor(tokens.accent), 1) if has_focus else Qt.PenStyle.NoPen)
    ground = tokens.soft("accent") if is_chosen else tokens.raised if is_hovered else None
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, RADIUS_SMALL, RADIUS_SMALL)
    if is_chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.drawRoundedRect(QRectF(box.left(), box.top() + 12, 3, box.height() - 24), 1.5, 1.5)


def write(
    painter: QPainter,
    at: QPointF,
    text: str,
    token_name: str,
    role: Role,
    room: float,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> float:
    """Write ``text`` from the baseline ``at``, shortened to ``room``; returns the width it took."""
    face = font(role)
    metrics = QFontMetricsF(face)
    fitting = metrics.elidedText(text, mode, max(0.0, room))
    painter.setFont(face)
    painter.setPen(theme().color(token_name))
    painter.drawText(at, fitting)
    return metrics.horizontalAdvance(fitting)


def write_right(painter: QPainter, end: QPointF, text: str, room: float) -> None:
    """Write a muted note that ends at the baseline ``end``, shortened to ``room``."""
    width = min(room, QFontMetricsF(font("note")).horizontalAdvance(text))
    write(painter, QPointF(end.x() - width, end.y()), text, "muted", "note", width + 1)


def draw_symbol(painter: QPainter, at: QPointF, name: str, token_name: str) -> None:
    """The icon ``name``, 12 pixels wide, with its top left corner ``at``."""
    ratio = painter.device().devicePixelRatio()
    painter.drawImage(at, image(name, theme().tokens[token_name], _SYMBOL, ratio))


def draw_progress(painter: QPainter, area: QRectF, fraction: float | None) -> None:
    """A thin line filled by ``fraction``; only its track where nobody knows."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("line"))
    painter.drawRoundedRect(area, 1, 1)
    if fraction:
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(QRectF(area.left(), area.top(), area.width() * fraction, area.height()), 1, 1)
