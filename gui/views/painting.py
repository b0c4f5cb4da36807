"""What lines and small cards are painted with: grounds, words, symbols, progress, trends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gui.theme.fonts import Role, font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.theme.tokens import RADIUS_SMALL

SYMBOL = 12
"""Width of a symbol, pixels."""


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
    painter.drawImage(at, image(name, theme().tokens[token_name], SYMBOL, ratio))


def draw_progress(painter: QPainter, area: QRectF, fraction: float | None) -> None:
    """A thin line filled by ``fraction``; only its track where nobody knows."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("line"))
    painter.drawRoundedRect(area, 1, 1)
    if fraction:
        painter.setBrush(theme().color("accent"))
        painter.drawRoundedRect(QRectF(area.left(), area.top(), area.width() * fraction, area.height()), 1, 1)


def draw_trend(painter: QPainter, area: QRectF, trend: Sequence[float]) -> None:
    """A line through values over time, from 0 to the largest; nothing where there are fewer than two or all are 0."""
    top = max(trend, default=0.0)
    if len(trend) < 2 or top <= 0:
        return
    step = area.width() / (len(trend) - 1)
    points = [
        QPointF(area.left() + at * step, area.bottom() - area.height() * value / top) for at, value in enumerate(trend)
    ]
    painter.setPen(QPen(theme().color("accent"), 1.3))
    painter.drawPolyline(QPolygonF(points))
