"""One cell of a table of verdicts."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView, QWidget

from engine.run.state import RunState
from gui.models.compare import DASHED
from gui.models.fitting_name import fitting_name
from gui.models.outliers import Unlike
from gui.models.run_page import STATE_LOOKS, STATE_WORDS
from gui.models.verdict import Judged
from gui.models.verdict_table import JUDGED_ROLE, RUN_ROLE, STANDS_OUT, STATE_ROLE, UNLIKE_ROLE
from gui.models.verdict_widths import NARROW_CELL
from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.views.plain_tip import PlainTipDelegate

ROW_HEIGHT = 30
_SYMBOL = 13
_KEY = 14
_DIAMOND = 5
_FOR_WORDS = 110
_FOR_ALL_WORDS = 300
BESIDE_NAME = 24
"""What a name's column needs besides its letters, logical pixels."""


class VerdictDelegate(PlainTipDelegate):
    """The symbol of a verdict in the middle of its cell, on a tint where it is not good; names with their colours.

    Attributes:
        series: colour of each run's lines by its key, where it has any.
        hovered: row under the pointer; -1: none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: dict[int, str] = {}
        self.hovered = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all cells are alike."""
        return QSize(NARROW_CELL, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        tokens = theme().tokens
        is_lit = option.state & QStyle.StateFlag.State_Selected or index.row() == self.hovered
        # All of it: beneath lies the style's mark on the one cell under the pointer.
        painter.fillRect(area, QColor(tokens.raised if is_lit else tokens.panel))
        if index.column() == 0:
            self._paint_name(painter, area, str(index.data() or ""), index.data(RUN_ROLE))
        elif index.column() == STANDS_OUT:
            state = index.data(STATE_ROLE)
            if state is not None:  # Qt has made words of it
                _paint_state(painter, area, RunState(state))
            else:
                _paint_unlike(painter, area, index.data(UNLIKE_ROLE))
        else:
            judged = index.data(JUDGED_ROLE)
            if isinstance(judged, Judged):
                _paint_symbol(painter, area, judged)
            else:
                painter.setPen(QColor(tokens.muted))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "\N{EN DASH}")
        painter.setPen(QColor(tokens.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._paint_focus(painter, area, index)
        painter.restore()

    def _paint_focus(self, painter: QPainter, area: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        """Frame the row where the keyboard is."""
        view = self.parent()
        if not isinstance(view, QTableView) or not view.hasFocus() or view.currentIndex().row() != index.row():
            return
        painter.setPen(QPen(theme().color("accent"), 1))
        painter.drawLine(area.topLeft(), area.topRight())
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if index.column() == 0:
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), theme().color("accent"))

    def _paint_name(self, painter: QPainter, area: QRectF, name: str, run_id: object) -> None:
        left = area.left() + 8
        series = self.series.get(run_id) if isinstance(run_id, int) else None
        if series is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(series))
            parts = 2 if series in DASHED else 1
            width = _KEY / parts - (parts - 1)
            for at in range(parts):
                painter.drawRoundedRect(QRectF(left + at * (width + 2), area.center().y() - 2, width, 4), 2, 2)
            left += _KEY + 8
        face = font()
        room = area.right() - left - 8
        metrics = QFontMetricsF(face)
        fitting = fitting_name(name, lambda text: metrics.horizontalAdvance(text) <= room)
        painter.setFont(face)
        painter.setPen(theme().color("text"))
        painter.drawText(QRectF(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, fitting)


def _paint_unlike(painter: QPainter, area: QRectF, found: object) -> None:
    """A diamond, and the furthest measure as far as there is room for more than its beginning."""
    if not isinstance(found, Unlike):
        return
    is_alone = area.width() < _FOR_WORDS
    middle = QPointF(area.center().x() if is_alone else area.left() + 8 + _DIAMOND, area.center().y())
    corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("warned"))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
    if not is_alone:
        _paint_words(
            painter, area, middle.x() + _DIAMOND + 6, found.words if area.width() > _FOR_ALL_WORDS else found.short
        )


def _paint_state(painter: QPainter, area: QRectF, state: RunState) -> None:
    """The symbol of a state, and its word where there is room."""
    symbol, token = STATE_LOOKS[state]
    is_alone = area.width() < _FOR_WORDS
    left = round(area.center().x() - _SYMBOL / 2 if is_alone else area.left() + 7)
    drawn = image(symbol, theme().tokens[token], _SYMBOL, painter.device().devicePixelRatio())
    painter.drawImage(QPointF(left, round(area.center().y() - _SYMBOL / 2)), drawn)
    if not is_alone:
        _paint_words(painter, area, left + _SYMBOL + 5, STATE_WORDS[state])


def _paint_words(painter: QPainter, area: QRectF, left: float, words: str) -> None:
    face = font()
    room = area.right() - left - 6
    painter.setFont(face)
    painter.setPen(theme().color("text"))
    fitting = QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room))
    painter.drawText(QRectF(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, fitting)


def _paint_symbol(painter: QPainter, area: QRectF, judged: Judged) -> None:
    look = judged.look
    tokens = theme().tokens
    if look.symbol != "passed":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.soft(look.symbol)))
        painter.drawRoundedRect(area.adjusted(4, 4, -4, -5), 4, 4)
    drawn = image(look.symbol, tokens[look.symbol], _SYMBOL, painter.device().devicePixelRatio())
    middle = area.center()
    painter.drawImage(QPointF(round(middle.x() - _SYMBOL / 2), round(middle.y() - _SYMBOL / 2)), drawn)
