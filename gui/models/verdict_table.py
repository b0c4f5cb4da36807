"""The verdicts of many runs: a row a run, a column a module."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.source.file_names import natural_key
from gui.models.plot_modules import MODULES, Module
from gui.models.tabbed import tabbed
from gui.models.verdict import Judged, tally

JUDGED_ROLE = Qt.ItemDataRole.UserRole + 1
RUN_ROLE = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

SHOWN: tuple[Module, ...] = tuple(module for module in MODULES if module.key not in {"basic", "kmers"})
"""Modules that have a column: those that are judged of every run."""

_WORST_FIRST = {"fail": 0, "warn": 1, "pass": 2}


class VerdictTable(QAbstractTableModel):
    """Names of runs, and under ``JUDGED_ROLE`` how each module came out; under ``RUN_ROLE`` the key of the run.

    Signals:
        missing: key of a run whose verdict is wanted, since it is looked at or sorted by, and not known yet.
        completed: the verdicts of all runs are known now.
    """

    missing = Signal(int)
    completed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[tuple[int, str], ...] = ()
        self._given: tuple[tuple[int, str], ...] = ()
        self._order = (-1, Qt.SortOrder.AscendingOrder)
        self._judged: dict[int, dict[str, Judged]] = {}
        self._words: dict[int, str] = {}

    @property
    def unknown(self) -> tuple[int, ...]:
        """Keys of the runs whose verdicts are not known yet."""
        return tuple(run_id for run_id, _ in self._given if run_id not in self._judged)

    def set_runs(self, runs: Sequence[tuple[int, str]]) -> None:
        """Show ``runs``, each with its key and name, in this order unless they are sorted."""
        if tuple(runs) != self._given:
            self.beginResetModel()
            self._given = tuple(runs)
            self._runs = self._ordered()
            self.endResetModel()
            self._ask_for_order()
            if not self.unknown:  # those that were missing may be gone
                self.completed.emit()

    def set_judged(self, run_id: int, judged: Sequence[Judged]) -> None:
        """Tell how a run came out; nothing of one that has no reads."""
        was_known = run_id in self._judged
        self._judged[run_id] = {entry.module.key: entry for entry in judged}
        self._words[run_id] = tally(judged) or "no reads"
        for row, (known, _) in enumerate(self._runs):
            if known == run_id:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(SHOWN)))
        if not was_known and not self.unknown:
            if self._order[0] > 0:
                self._arrange()
            self.completed.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by names, or by how a module came out, worst first; ``column`` -1 is the order that the runs came in."""
        if (column, order) != self._order:
            self._order = column, order
            self._arrange()
            self._ask_for_order()

    def as_text(self) -> str:
        """Names and verdicts in words, apart by tabs, a run a line below the titles."""
        titles = ["Run", *(module.title for module in SHOWN)]
        lines = ([name, *(self._word(run_id, module) for module in SHOWN)] for run_id, name in self._runs)
        return tabbed([titles, *lines])

    def forget(self, run_id: int) -> None:
        """Ask for a run's verdict again when it is looked at, or sorted by."""
        if self._judged.pop(run_id, None) is not None:
            if self._order[0] > 0:
                self.missing.emit(run_id)
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, len(SHOWN)))

    def forget_all(self) -> None:
        """Ask for every verdict again when it is looked at, or sorted by."""
        if self._judged:
            self._judged.clear()
            self._ask_for_order()
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
        if index.column() == 0:
            return self._of_name(run_id, name, role)
        return self._of_cell(run_id, name, index.column(), role)

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

    def _word(self, run_id: int, module: Module) -> str:
        entry = self._judged.get(run_id, {}).get(module.key)
        return "" if entry is None else entry.status.value

    def _ordered(self) -> tuple[tuple[int, str], ...]:
        column, order = self._order
        is_down = order is Qt.SortOrder.DescendingOrder
        if column < 0 or column > len(SHOWN):
            return self._given
        if column == 0:
            return tuple(sorted(self._given, key=lambda run: _by_name(run[1].casefold()), reverse=is_down))
        words = {run_id: self._word(run_id, SHOWN[column - 1]) for run_id, _ in self._given}
        known = (run for run in self._given if words[run[0]])
        ranked = sorted(known, key=lambda run: _WORST_FIRST[words[run[0]]], reverse=is_down)
        # What was not judged is neither good nor bad.
        return (*ranked, *(run for run in self._given if not words[run[0]]))

    def _arrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self._runs[index.row()][0] for index in old]
        self._runs = self._ordered()
        rows = {run_id: row for row, (run_id, _) in enumerate(self._runs)}
        new = [self.index(rows[key], index.column()) for key, index in zip(keys, old, strict=True)]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _ask_for_order(self) -> None:
        if self._order[0] > 0:
            for run_id in self.unknown:
                self.missing.emit(run_id)

    def _of_name(self, run_id: int, name: str, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        words = self._words.get(run_id, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{words}"
        return f"{name}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _of_cell(self, run_id: int, name: str, column: int, role: int) -> object:
        if run_id not in self._judged:
            self.missing.emit(run_id)
            return None
        module = SHOWN[column - 1]
        entry = self._judged[run_id].get(module.key)
        if role == JUDGED_ROLE:
            return entry
        words = "not judged" if entry is None else entry.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{module.title}: {words}"
        return f"{module.title}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else None


def _by_name(name: str) -> tuple[object, str]:
    """Sorts names as people do, and those that differ in leading zeros alone always the same way."""
    return natural_key(name), name
