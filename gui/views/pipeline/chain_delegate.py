"""How a stage looks in the chain."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gui.models.pipelines.chain_model import STAGE_ROLE, ChainEntry
from gui.theme.theme import theme
from gui.theme.tokens import RADIUS, SPACE
from gui.views.broken_lines import broken_lines, width_of_line
from gui.views.painting import draw_symbol, write
from gui.views.plain_tip import PlainTipDelegate

_WIDTH = 200
_HEIGHT = 66
_WITH_TRIAL = 88
_LINE = 18
_MARGIN = 2.5
_LEFT = 44
_SWITCH = QSize(30, 16)
_RIGHT = Qt.TextElideMode.ElideRight


def _room(width: float) -> float:
    """For the name beside the switch, in a card so wide."""
    return width - _LEFT - _SWITCH.width() - 7 * SPACE


def _room_below(width: float) -> float:
    """For what stands below."""
    return width - _LEFT - 4 * SPACE


def title_lines(entry: ChainEntry, width: float) -> list[str]:
    """The name of a stage in a card so wide, in one line or two."""
    return broken_lines(entry.title, "strong", _room(width), _room_below(width))


class ChainDelegate(PlainTipDelegate):
    """A card with the stage's number, name and setting, what is wrong with it, and what a trial has shown.

    A name for which there is no room in one line takes two.

    Signals:
        switched: key of a stage, and whether it shall take part in runs.
    """

    switched = Signal(int, bool)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: higher where a trial has been made, and where the name takes two lines."""
        entry = index.data(STAGE_ROLE)
        if not isinstance(entry, ChainEntry):
            return QSize(_WIDTH, _HEIGHT)
        lines = title_lines(entry, width_of_line(option) - 2 * _MARGIN)
        return QSize(_WIDTH, (_WITH_TRIAL if entry.trial else _HEIGHT) + (len(lines) - 1) * _LINE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one stage."""
        entry = index.data(STAGE_ROLE)
        if not isinstance(entry, ChainEntry):
            return
        area = QRectF(option.rect)
        card = area.adjusted(_MARGIN, 3.5, -_MARGIN, -4.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_card(painter, option, card, entry)
        text, muted = ("text", "muted") if entry.is_enabled else ("muted", "muted")
        number = f"{index.row() + 1}"
        write(painter, QPointF(card.left() + 16, card.top() + 24), number, "muted", "note", 24)
        left, width, wide = card.left() + _LEFT, 0.0, _room_below(card.width())
        last = card.top() + 24 - _LINE
        for line in title_lines(entry, width_of_line(option) - 2 * _MARGIN):
            last += _LINE
            width = write(painter, QPointF(left, last), line, text, "strong", wide, _RIGHT)
        if entry.name:
            at = QPointF(left + width + 2 * SPACE, last)
            room = _room(card.width()) if last < card.top() + 24 + _LINE else wide
            write(painter, at, entry.name, "muted", "note", room - width - 2 * SPACE, _RIGHT)
        second = QPointF(left, last + 19)
        if entry.trouble:
            draw_symbol(painter, QPointF(left, second.y() - 10), "failed", "failed")
            write(painter, QPointF(left + 18, second.y()), entry.trouble, "failed", "note", wide - 18, _RIGHT)
        else:
            write(painter, second, entry.setting if entry.is_enabled else "switched off", muted, "note", wide, _RIGHT)
        if entry.trial:
            write(painter, QPointF(left, last + 40), entry.trial, "text", "note", wide, _RIGHT)
        self._draw_switch(painter, self._switch(card), entry.is_enabled)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt's call: a click on the switch."""
        entry = index.data(STAGE_ROLE)
        if (
            isinstance(event, QMouseEvent)
            and isinstance(entry, ChainEntry)
            and event.button() == Qt.MouseButton.LeftButton
            and event.type() == QEvent.Type.MouseButtonRelease
            and self.switch_area(option).contains(event.position())
        ):
            self.switched.emit(entry.key, not entry.is_enabled)
            return True
        return super().editorEvent(event, model, option, index)

    def switch_area(self, option: QStyleOptionViewItem) -> QRectF:
        """Where a click switches the stage on and off."""
        return self._switch(QRectF(option.rect).adjusted(_MARGIN, 3.5, -_MARGIN, -4.5)).adjusted(-6, -8, 6, 8)

    def _switch(self, card: QRectF) -> QRectF:
        return QRectF(card.right() - 14 - _SWITCH.width(), card.top() + 11, _SWITCH.width(), _SWITCH.height())

    def _draw_card(self, painter: QPainter, option: QStyleOptionViewItem, card: QRectF, entry: ChainEntry) -> None:
        tokens = theme().tokens
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        line = tokens.accent if is_chosen else tokens.failed if entry.trouble else tokens.line
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(line), 2 if is_chosen and has_focus else 1))
        painter.setBrush(QColor(tokens.soft("accent") if is_chosen else tokens.raised if is_hovered else tokens.panel))
        painter.drawRoundedRect(card, RADIUS, RADIUS)

    def _draw_switch(self, painter: QPainter, area: QRectF, is_on: bool) -> None:
        tokens = theme().tokens
        painter.setPen(QPen(QColor(tokens.accent if is_on else tokens.muted), 1))
        painter.setBrush(QColor(tokens.accent if is_on else tokens.panel))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        knob = area.height() - 6
        left = area.right() - knob - 3 if is_on else area.left() + 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.on_accent if is_on else tokens.muted))
        painter.drawEllipse(QRectF(left, area.top() + 3, knob, knob))
