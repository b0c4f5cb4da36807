"""What a pipeline has done in all its runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.models.pipelines.done import COLUMNS, Done, DoneRow
from gui.theme.fonts import font
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.pipeline.editors import CalmComboBox
from gui.views.plain_label import PlainLabel

_WIDTH, _NARROW = 1040, 480
_ROWS_SHOWN = 12
"""Rows for which the table makes room; more are scrolled to."""

_LEAST_COLUMN = 68
_NOTHING = (
    "This pipeline has not run yet.\n\nOnce it has, there is a line here for each of its stages: how many reads and "
    "bases went in and came out, what was dropped and why, how often it failed, and how long a batch took. "
    "Runs, searches and executions all add to it."
)


class DoneDialog(QDialog):
    """A version, how often it ran, and a table of its stages; what the chosen one dropped stands below.

    Attributes:
        version: of which the numbers are.
        line: how many runs, and when.
        table: a row for all stages together and for each.
        details: what was dropped and why, and errors.
    """

    def __init__(self, name: str, done: Sequence[Done], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done = tuple(done)
        self.setWindowTitle(f"Statistics of {name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.version = CalmComboBox()
        self.version.setAccessibleName("Version")
        self.version.addItems([f"version {each.version}" for each in self._done])
        self.line = PlainLabel(_NOTHING, muted=bool(self._done), wraps=not self._done)
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        for column, meaning in enumerate(COLUMNS.values()):
            header_item = self.table.horizontalHeaderItem(column)
            if header_item is not None and meaning:
                header_item.setToolTip(meaning)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName("Stages")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(_LEAST_COLUMN)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.details = PlainLabel(role="note", muted=True, wraps=True, selectable=True)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.reject)
        self.close_button.setDefault(True)
        self._lay_out()
        self.version.currentIndexChanged.connect(self._follow)
        self.table.currentCellChanged.connect(self._tell)
        for part in (self.version, self.table, self.details):
            part.setVisible(bool(self._done))
        if self._done:
            self._follow(0)
        self._fit()

    def _fit(self) -> None:
        """Be as large as what there is to see, and no larger than the window."""
        parent = self.parentWidget()
        room = QSize(_WIDTH, _WIDTH) if parent is None else parent.size()
        width = min(_WIDTH if self._done else _NARROW, room.width() - 4 * PADDING)
        if self._done:
            rows = min(_ROWS_SHOWN, max(len(done.rows) for done in self._done))
            header = self.table.horizontalHeader().sizeHint().height()
            self.table.setMinimumHeight(header + 3 * self.table.rowHeight(0))
            height = self.sizeHint().height() - self.table.sizeHint().height()
            height += header + rows * self.table.rowHeight(0) + 2 * GAP
        else:
            height = self.heightForWidth(width)
        self.resize(width, min(height, room.height() - 4 * PADDING))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: names of stages take what the numbers leave."""
        super().resizeEvent(event)
        self._give_names_room()

    def _give_names_room(self) -> None:
        """Let the names have what room there is, and no less than they need: the numbers can be scrolled to."""
        header = self.table.horizontalHeader()
        others = sum(header.sectionSize(column) for column in range(1, header.count()))
        is_wide = self.table.viewport().width() - others >= self.table.sizeHintForColumn(0)
        modes = QHeaderView.ResizeMode
        header.setSectionResizeMode(0, modes.Stretch if is_wide else modes.ResizeToContents)

    def _follow(self, place: int) -> None:
        done = self._done[place]
        self.line.setText(done.line)
        self.table.setRowCount(len(done.rows))
        for row, each in enumerate(done.rows):
            self._fill(row, each)
        self.table.setCurrentCell(0, 0)
        self._give_names_room()
        self._tell(0)

    def _fill(self, row: int, line: DoneRow) -> None:
        for column, text in enumerate(line.cells):
            item = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            if row == 0:
                item.setFont(font("strong"))
            if column == 0:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, line.spoken)
            self.table.setItem(row, column, item)

    def _tell(self, row: int, *_: int) -> None:
        rows = self._done[self.version.currentIndex()].rows
        details = rows[row].details if 0 <= row < len(rows) else ()
        self.details.setText("\n".join(details) or "Nothing was dropped or cut here, and nothing went wrong.")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(self.version)
        head.addWidget(self.line, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.details)
        column.addLayout(foot)
