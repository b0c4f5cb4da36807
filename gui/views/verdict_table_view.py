"""The verdicts of many runs at a glance."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.models.verdict import Judged
from gui.models.verdict_table import JUDGED_ROLE, RUN_ROLE, VerdictTable
from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.views.plain_tip import PlainTipDelegate

ROW_HEIGHT = 30
_SYMBOL = 13
_CELL = 62
_KEY = 14


class VerdictDelegate(PlainTipDelegate):
    """The symbol of a verdict in the middle of its cell, on a tint where it is not good; names with their colours.

    Attributes:
        series: colour of each run's lines by its key, where it has any.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: dict[int, str] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all cells are alike."""
        return QSize(_CELL, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        tokens = theme().tokens
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(area, QColor(tokens.raised))
        if index.column() == 0:
            self._paint_name(painter, area, str(index.data() or ""), index.data(RUN_ROLE))
        else:
            judged = index.data(JUDGED_ROLE)
            if isinstance(judged, Judged):
                _paint_symbol(painter, area, judged)
            else:
                painter.setPen(QColor(tokens.muted))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "\N{EN DASH}")
        painter.setPen(QColor(tokens.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()

    def _paint_name(self, painter: QPainter, area: QRectF, name: str, run_id: object) -> None:
        left = area.left() + 8
        series = self.series.get(run_id) if isinstance(run_id, int) else None
        if series is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(series))
            painter.drawRoundedRect(QRectF(left, area.center().y() - 2, _KEY, 4), 2, 2)
            left += _KEY + 8
        face = font()
        room = area.right() - left - 8
        fitting = QFontMetricsF(face).elidedText(name, Qt.TextElideMode.ElideMiddle, max(0.0, room))
        painter.setFont(face)
        painter.setPen(theme().color("text"))
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


class VerdictTableView(QTableView):
    """A row a run, a column a module. A click or Enter opens the run.

    Signals:
        opened: key of the run to show.
    """

    opened = Signal(int)

    def __init__(self, table: VerdictTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.cells = VerdictDelegate(self)
        self.setModel(table)
        self.setItemDelegate(self.cells)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Verdicts of runs")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_CELL)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clicked.connect(lambda index: self.opened.emit(self._table.run_at(index.row())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Enter opens the run."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self._table.run_at(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def whole_height(self) -> int:
        """Height that shows all rows, logical pixels."""
        return self.horizontalHeader().sizeHint().height() + ROW_HEIGHT * self._table.rowCount() + 4
