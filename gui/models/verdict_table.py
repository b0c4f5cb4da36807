"""The verdicts of many runs: a row a run, a column a module."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from gui.models.plot_modules import MODULES, Module
from gui.models.verdict import Judged, tally

JUDGED_ROLE = Qt.ItemDataRole.UserRole + 1
RUN_ROLE = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

SHOWN: tuple[Module, ...] = tuple(module for module in MODULES if module.key not in {"basic", "kmers"})
"""Modules that have a column: those that are judged of every run."""


class VerdictTable(QAbstractTableModel):
    """Names of runs, and under ``JUDGED_ROLE`` how each module came out; under ``RUN_ROLE`` the key of the run.

    Signals:
        missing: key of a run that is looked at and whose verdict is not known yet.
    """

    missing = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[tuple[int, str], ...] = ()
        self._judged: dict[int, dict[str, Judged]] = {}
        self._words: dict[int, str] = {}

    def set_runs(self, runs: Sequence[tuple[int, str]]) -> None:
        """Show ``runs``, each with its key and name, in this order."""
        if tuple(runs) != self._runs:
            self.beginResetModel()
            self._runs = tuple(runs)
            self.endResetModel()

    def set_judged(self, run_id: int, judged: Sequence[Judged]) -> None:
        """Tell how a run came out; nothing of one that has no reads."""
        self._judged[run_id] = {entry.module.key: entry for entry in judged}
        self._words[run_id] = tally(judged) or "no reads"
        for row, (known, _) in enumerate(self._runs):
            if known == run_id:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(SHOWN)))

    def forget(self, run_id: int) -> None:
        """Ask for a run's verdict again when it is looked at."""
        if self._judged.pop(run_id, None) is not None:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(SHOWN)))

    def forget_all(self) -> None:
        """Ask for every verdict again when it is looked at."""
        if self._judged:
            self._judged.clear()
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(SHOWN)))

    def run_at(self, row: int) -> int:
        """Key of the run in a row, 0 where there is none."""
        return self._runs[row][0] if 0 <= row < len(self._runs) else 0

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call: the name, and the modules."""
        return 0 if parent.isValid() else 1 + len(SHOWN)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call."""
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run_id, name = self._runs[index.row()]
        if role == RUN_ROLE:
            return run_id
        return self._of_name(run_id, name, role) if index.column() == 0 else self._of_cell(run_id, index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: short titles, with the long ones as tooltips."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 0:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if section == 0:
            return "Run" if role == Qt.ItemDataRole.DisplayRole else None
        module = SHOWN[section - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return module.short
        return module.title if role == Qt.ItemDataRole.ToolTipRole else None

    def _of_name(self, run_id: int, name: str, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        words = self._words.get(run_id, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{words}"
        return f"{name}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _of_cell(self, run_id: int, column: int, role: int) -> object:
        if run_id not in self._judged:
            self.missing.emit(run_id)
            return None
        module = SHOWN[column - 1]
        entry = self._judged[run_id].get(module.key)
        if role == JUDGED_ROLE:
            return entry
        words = "not judged" if entry is None else entry.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{module.title}\n{words}"
        return f"{module.title}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else None
