"""Rows of values that can be sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.theme.fonts import font
from gui.views.plots.picture import Cell

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, how values are written, and whether they are letters of reads.

    ``share`` is its part of the width when a picture is made of the table.
    """

    title: str
    pattern: str = "{}"
    is_sequence: bool = False
    share: float = 1.0

    def write(self, value: Cell) -> str:
        """``value`` as text."""
        return "" if value is None else self.pattern.format(value)


class TableRows(QAbstractTableModel):
    """Values in columns; ``SORT_ROLE`` has them unwritten."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[list[Cell]] = []

    def set_rows(self, rows: list[list[Cell]]) -> None:
        """Show ``rows``; where there are as many as before, none of them moves."""
        if len(rows) == len(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: a value as text, as itself, its face and side."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        column, value = self.columns[index.column()], self.rows[index.row()][index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return column.write(value)
        if role == SORT_ROLE:
            return value
        if role == Qt.ItemDataRole.FontRole:
            return font("mono") if column.is_sequence else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if isinstance(value, str) else _RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: titles stand over their values."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.FontRole:
            return font("note")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_text = bool(self.rows) and isinstance(self.rows[0][section], str)
            return _LEFT if is_text else _RIGHT
        return None
