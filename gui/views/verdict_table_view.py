"""The verdicts of many runs at a glance."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from gui.models.verdict_table import FIRST_MODULE, SHOWN, STANDS_OUT, VerdictTable
from gui.models.verdict_widths import NARROW_CELL, Widths, shared
from gui.theme.fonts import font
from gui.views.verdict_delegate import BESIDE_NAME, ROW_HEIGHT, VerdictDelegate

_BELOW_TITLE = 14
_NOTHING_CHOSEN = QItemSelectionModel.SelectionFlag.NoUpdate


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
        header.setMinimumSectionSize(NARROW_CELL)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.AlignmentFlag(Qt.TextFlag.TextWordWrap))
        header.setFixedHeight(2 * header.fontMetrics().height() + _BELOW_TITLE)
        header.setSortIndicatorClearable(True)
        header.sortIndicatorChanged.connect(self._sort)
        self.allow_sorting(False)
        for signal in (table.modelReset, table.layoutChanged):
            signal.connect(self._share_room)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))
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

    def viewportEvent(self, event: QEvent) -> bool:
        """Qt's call: the pointer may have left."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt's call: other rows come under the pointer."""
        super().scrollContentsBy(dx, dy)
        if self.cells.hovered >= 0:
            self._hover(self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()))

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
            title = str(self._table.headerData(column, Qt.Orientation.Horizontal)).replace("\N{SOFT HYPHEN}", "")
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

    def _least_width(self) -> int:
        return self._shared(0).whole

    def _shared(self, room: int) -> Widths:
        titles = [module.short for module in SHOWN]
        measure = self.horizontalHeader().fontMetrics().horizontalAdvance
        letters = QFontMetrics(font())
        longest = max((letters.horizontalAdvance(name) for name in self._table.longest_names), default=0)
        tells_unlike = not self.isColumnHidden(STANDS_OUT)
        return shared(room, titles, measure, longest_name=longest + BESIDE_NAME, tells_unlike=tells_unlike)

    def _share_room(self, *_: object) -> None:
        widths = self._shared(self.viewport().width())
        self.setColumnWidth(0, widths.name)
        if widths.unlike:
            self.setColumnWidth(STANDS_OUT, widths.unlike)
        for column, width in enumerate(widths.modules, FIRST_MODULE):
            self.setColumnWidth(column, width)

    def _hover(self, row: int) -> None:
        """All of a row can be clicked: all of it answers to the pointer."""
        if row != self.cells.hovered:
            self.cells.hovered = row
            self.viewport().update()
