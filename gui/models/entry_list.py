"""The base of lists of which each line is one object."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
"""Where all lines of a list are."""


class EntryListModel(QAbstractListModel):
    """Lines that tell about the objects in ``_entries``, of which subclasses say the type; in the same order."""

    _entries: Sequence[object]

    def rowCount(self, parent: Index = ROOT) -> int:
        """Qt's call: number of lines."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: the object, its name, or what is said of it."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        return self._said(index.row()).get(role)

    def _said(self, row: int) -> dict[int, object]:
        """What Qt may ask for about a line, by role."""
        raise NotImplementedError
