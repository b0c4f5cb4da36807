"""The base of cards that show a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from gui.models.plot_modules import Module
from gui.models.tabbed import tabbed
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.views.plots.picture import Table, as_image, as_png, as_svg
from gui.views.plots.result_card import ResultCard
from gui.views.plots.table_rows import SORT_ROLE, Column, TableRows

_ROW = 24
_PICTURE_WIDTH = 860
_MOST_IN_PICTURE = 40


class RowView(QTableView):
    """A table that leaves copying to whoever knows what a row is.

    Signals:
        copy_requested: the keys for copying were pressed.
        resized: there is more or less room.
    """

    copy_requested = Signal()
    resized = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: whole rows and not one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call."""
        super().resizeEvent(event)
        self.resized.emit()


class TableCard(ResultCard):
    """A table that can be sorted, copied and saved. It keeps its rows while the pointer is over it.

    Attributes:
        view: the table.
        rows: its values.
    """

    def __init__(self, title: str, columns: Sequence[Column], *, module: Module | None) -> None:
        self.view = RowView()
        super().__init__(title, "", self.view, module=module)
        self.rows = TableRows(columns, self)
        self._drawn_of: tuple[int | None, str] | None = None
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.rows)
        self._sorted.setSortRole(SORT_ROLE)
        self._dress()
        self.view.copy_requested.connect(self.copy_rows)

    def copy_rows(self) -> None:
        """Put the chosen rows, or all where none is, on the clipboard: values apart by tabs, a row a line."""
        chosen = sorted({index.row() for index in self.view.selectionModel().selectedIndexes()})
        wanted = chosen or range(self._sorted.rowCount())
        QGuiApplication.clipboard().setText(tabbed(self._texts(row) for row in wanted))

    def copy_sequence(self) -> None:
        """Put the sequence of the current row on the clipboard."""
        place = next(number for number, column in enumerate(self.rows.columns) if column.is_sequence)
        QGuiApplication.clipboard().setText(self._texts(max(0, self.view.currentIndex().row()))[place])

    def table(self) -> Table:
        """The rows as they come from the engine."""
        self.refresh()
        return [column.title for column in self.rows.columns], [list(row) for row in self.rows.rows]

    def image(self) -> QImage:
        """The table with title and note, at twice the size."""
        self.refresh()
        return as_image(self._picture_size(), self.caption, self._paint)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's call: rows may change now."""
        super().leaveEvent(event)
        self.update()

    def refresh(self) -> None:
        """Draw what was set, unless the pointer is over rows that would move away under it.

        Rows of another run go at once: they must not be taken for those of this one.
        """
        shown = self._run_id, self.run_name
        if not (self.view.underMouse() and self.rows.rows) or shown != self._drawn_of:
            self._drawn_of = shown
            super().refresh()

    def make_menu(self) -> QMenu:
        """What a right click opens; it goes when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy sequence", self.copy_sequence)
        menu.addAction("Copy rows", self.copy_rows)
        return menu

    def _svg(self) -> bytes:
        return as_svg(self._picture_size(), self.caption, self._paint)

    def _png(self) -> bytes:
        return as_png(self.image())

    def _texts(self, row: int) -> list[str]:
        return [str(self._sorted.index(row, column).data()) for column in range(len(self.rows.columns))]

    def _dress(self) -> None:
        view = self.view
        view.setModel(self._sorted)
        # As they come, until a person sorts them.
        view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setTabKeyNavigation(False)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.title)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)

    def _open_menu(self, at: QPoint) -> None:
        if self.rows.rows:
            self.make_menu().popup(self.view.viewport().mapToGlobal(at))

    def _picture_size(self) -> QSize:
        return QSize(_PICTURE_WIDTH, _ROW * (1 + max(1, min(len(self.rows.rows), _MOST_IN_PICTURE))))

    def _paint(self, painter: QPainter, target: QRectF) -> None:
        if not self.rows.rows:
            painter.setFont(font())
            painter.setPen(theme().color("muted"))
            painter.drawText(target, Qt.AlignmentFlag.AlignCenter, self._empty.text())
            return
        whole = sum(column.share for column in self.rows.columns)
        left = target.left()
        for number, column in enumerate(self.rows.columns):
            width = target.width() * column.share / whole
            self._paint_column(painter, number, QRectF(left, target.top(), width - 8, _ROW))
            left += width

    def _paint_column(self, painter: QPainter, number: int, place: QRectF) -> None:
        column = self.rows.columns[number]
        shown = min(self._sorted.rowCount(), _MOST_IN_PICTURE)
        painter.setFont(font("note"))
        painter.setPen(theme().color("muted"))
        is_text = isinstance(self.rows.rows[0][number], str)
        side = (Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, side, column.title)
        painter.setFont(font("mono" if column.is_sequence else "text"))
        painter.setPen(theme().color("text"))
        metrics = QFontMetricsF(painter.font())
        for row in range(shown):
            text = str(self._sorted.index(row, number).data())
            fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place.translated(0, _ROW * (row + 1)), side, fitting)
