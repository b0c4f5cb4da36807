"""The verdicts of many runs at a glance."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.models.compare import DASHED
from gui.models.outliers import Unlike
from gui.models.verdict import Judged
from gui.models.verdict_table import (
    FIRST_MODULE,
    JUDGED_ROLE,
    RUN_ROLE,
    SHOWN,
    STANDS_OUT,
    UNLIKE_ROLE,
    VerdictTable,
)
from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.views.plain_tip import PlainTipDelegate

ROW_HEIGHT = 30
_SYMBOL = 13
_LEAST_CELL = 46
_LEAST_NAME = 176
_BESIDE_TITLE = 14
_BELOW_TITLE = 14
_KEY = 14
_DIAMOND = 5
_LEAST_UNLIKE, _MOST_UNLIKE = 136, 200
_NOTHING_CHOSEN = QItemSelectionModel.SelectionFlag.NoUpdate


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
        return QSize(_LEAST_CELL, ROW_HEIGHT)

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
        elif index.column() == STANDS_OUT:
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
        fitting = QFontMetricsF(face).elidedText(name, Qt.TextElideMode.ElideMiddle, max(0.0, room))
        painter.setFont(face)
        painter.setPen(theme().color("text"))
        painter.drawText(QRectF(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, fitting)


def _paint_unlike(painter: QPainter, area: QRectF, found: object) -> None:
    """A diamond, and the furthest measure as far as there is room."""
    if not isinstance(found, Unlike):
        return
    middle = QPointF(area.left() + 8 + _DIAMOND, area.center().y())
    corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("warned"))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in corners]))
    face = font()
    left = middle.x() + _DIAMOND + 6
    room = area.right() - left - 6
    painter.setFont(face)
    painter.setPen(theme().color("text"))
    fitting = QFontMetricsF(face).elidedText(found.short, Qt.TextElideMode.ElideRight, max(0.0, room))
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
    """A row a run, what of it stands out, a column a module. A click or Enter opens the run; Ctrl+C copies all of it.

    Signals:
        opened: key of the run to show.
        sorted: a title was clicked: the column (-1: none) and whether it goes down.
        copy_requested: the table is wanted as text.
    """

    opened = Signal(int)
    sorted = Signal(int, bool)
    copy_requested = Signal()

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
        header.setMinimumSectionSize(_LEAST_CELL)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.AlignmentFlag(Qt.TextFlag.TextWordWrap))
        header.setFixedHeight(2 * header.fontMetrics().height() + _BELOW_TITLE)
        header.setSortIndicatorClearable(True)
        header.sortIndicatorChanged.connect(self._sort)
        self.allow_sorting(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.clicked.connect(lambda index: self.opened.emit(self._table.run_at(index.row())))

    def allow_sorting(self, on: bool, column: int = -1, *, down: bool = False) -> None:
        """Let titles be clicked, and sort by ``column`` now; else the runs stand as they came."""
        header = self.horizontalHeader()
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        header.setSectionsClickable(on)
        header.setSortIndicatorShown(on)
        was_blocked = header.blockSignals(True)
        header.setSortIndicator(column if on else -1, order)
        header.blockSignals(was_blocked)
        self._table.sort(column if on else -1, order)

    def tell_what_stands_out(self, on: bool) -> None:
        """Show the column of what stands out, or leave its room to the names."""
        self.setColumnHidden(STANDS_OUT, not on)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: the names get what the modules leave, and no less than can be read."""
        super().resizeEvent(event)
        self._share_room()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's call: the keyboard stands on some row."""
        if not self.currentIndex().isValid() and self._table.rowCount():
            self.selectionModel().setCurrentIndex(self._table.index(0, 0), _NOTHING_CHOSEN)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Enter opens the run, the keys for copying copy all."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self._table.run_at(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    @contextmanager
    def place_kept(self) -> Generator[None]:
        """While runs come and go: the run at the top stays there, unless the view stands at its beginning."""
        bar = self.verticalScrollBar()
        row = self.rowAt(0)
        run_id, offset = self._table.run_at(row), self.rowViewportPosition(row)
        yield
        self.executeDelayedItemsLayout()
        at = self._table.row_of(run_id)
        if bar.value() and at >= 0:
            bar.setValue(bar.value() + self.rowViewportPosition(at) - offset)

    def whole_height(self) -> int:
        """Height that shows all rows, logical pixels."""
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if self._least_width() > self.viewport().width() else 0
        return self.horizontalHeader().height() + ROW_HEIGHT * self._table.rowCount() + below + 4

    def make_menu(self, at: QPoint) -> QMenu:
        """What a right click on the row at ``at`` opens; it goes when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        run_id = self._table.run_at(self.indexAt(at).row())  # now: rows move while the menu is open
        menu.addAction("Open run", lambda: self.opened.emit(run_id)).setEnabled(bool(run_id))
        menu.addAction("Copy table", self.copy_requested.emit).setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        if self.horizontalHeader().sectionsClickable():
            self._offer_sorting(menu.addMenu("Sort by"))
        return menu

    def _offer_sorting(self, menu: QMenu) -> None:
        """What a click on a title does, for the keyboard."""
        header = self.horizontalHeader()
        for column in range(self._table.columnCount()):
            is_again = column == header.sortIndicatorSection() and not self._is_down()
            order = Qt.SortOrder.DescendingOrder if is_again else Qt.SortOrder.AscendingOrder
            title = str(self._table.headerData(column, Qt.Orientation.Horizontal))
            action = menu.addAction(title, partial(header.setSortIndicator, column, order))
            action.setCheckable(True)
            action.setChecked(column == header.sortIndicatorSection())
        menu.addSeparator()
        menu.addAction("As the list", partial(header.setSortIndicator, -1, Qt.SortOrder.AscendingOrder))

    def _is_down(self) -> bool:
        return self.horizontalHeader().sortIndicatorOrder() is Qt.SortOrder.DescendingOrder

    def _open_menu(self, at: QPoint) -> None:
        self.make_menu(at).popup(self.viewport().mapToGlobal(at))

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._table.sort(column, order)
        self.sorted.emit(column, order is Qt.SortOrder.DescendingOrder)

    def _widths(self) -> list[int]:
        """Of the modules' columns: room for the longest word of each title."""
        metrics = self.horizontalHeader().fontMetrics()
        titles = (self._table.headerData(FIRST_MODULE + at, Qt.Orientation.Horizontal) for at in range(len(SHOWN)))
        words = (str(title).split() for title in titles)
        return [max(_LEAST_CELL, _BESIDE_TITLE + max(map(metrics.horizontalAdvance, each))) for each in words]

    def _least_width(self) -> int:
        return _LEAST_NAME + (0 if self.isColumnHidden(STANDS_OUT) else _LEAST_UNLIKE) + sum(self._widths())

    def _share_room(self) -> None:
        """Half of what modules leave goes to the names, half to what stands out, as far as that needs it."""
        widths = self._widths()
        rest = max(0, self.viewport().width() - self._least_width())
        unlike = 0 if self.isColumnHidden(STANDS_OUT) else min(_MOST_UNLIKE, _LEAST_UNLIKE + rest // 2)
        if unlike:
            self.setColumnWidth(STANDS_OUT, unlike)
        self.setColumnWidth(0, max(_LEAST_NAME, self.viewport().width() - sum(widths) - unlike))
        for column, width in enumerate(widths, FIRST_MODULE):
            self.setColumnWidth(column, width)
