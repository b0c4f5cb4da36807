"""Many runs at a glance: a row a run, whether it stands out, and a column a module with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nlargest
from math import inf

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.report.standing_out import FEWEST
from engine.run.state import RunState
from engine.source.file_names import natural_key
from gui.models.outliers import HEADING, WHY, Unlike, in_words, unlike_others
from gui.models.overview import RunVerdicts
from gui.models.plot_modules import MODULES, Module
from gui.models.run_page import STATE_WORDS
from gui.models.verdict import Judged, tally
from gui.models.verdict_text import verdicts_text

JUDGED_ROLE = Qt.ItemDataRole.UserRole + 1
RUN_ROLE = Qt.ItemDataRole.UserRole + 2
UNLIKE_ROLE = Qt.ItemDataRole.UserRole + 3
STATE_ROLE = Qt.ItemDataRole.UserRole + 4
STANDS_OUT = 1
"""Column of what stands out, behind the names."""
FIRST_MODULE = 2
"""Column of the first of `SHOWN`."""
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

SHOWN: tuple[Module, ...] = tuple(module for module in MODULES if module.key not in {"basic", "kmers"})
"""Modules that have a column: those that are judged of every run."""

_DOT = " \N{MIDDLE DOT} "
_BETWEEN = "; "
_LONGEST = 8
_PART = "{state}: verdicts are those of the part that was read"
_TOLD_BY: dict[int, str] = {
    Qt.ItemDataRole.DisplayRole: "{state}",
    Qt.ItemDataRole.ToolTipRole: f"{{name}}\n{_PART}",
    Qt.ItemDataRole.AccessibleTextRole: f"{{heading}}: {_PART}",
}
_WORST_FIRST = {"fail": 0, "warn": 1, "pass": 2}


class VerdictTable(QAbstractTableModel):
    """Names of runs, what of them stands out, and how each module came out.

    Under ``RUN_ROLE`` the key of the run, under ``UNLIKE_ROLE`` what stands out, under ``JUDGED_ROLE`` a verdict, and
    under ``STATE_ROLE`` where a run stands that was not read whole; that is told in the place of what stands out.

    Attributes:
        has_after: whether runs had pipelines that kept reads.
        profiles: titles of the profiles by which runs are judged, the most frequent first; empty before all are known.

    Signals:
        missing: key of a run whose verdict is wanted, since it is looked at or sorted by, and not known yet.
        completed: the verdicts of all runs are known now, and what stands out.
    """

    missing = Signal(int)
    completed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[tuple[int, str], ...] = ()
        self._rows: dict[int, int] = {}
        self._given: tuple[tuple[int, str], ...] = ()
        self._order = (-1, Qt.SortOrder.AscendingOrder)
        self._unknown: dict[int, None] = {}
        self._told: dict[int, RunVerdicts] = {}
        self._judged: dict[int, dict[str, Judged]] = {}
        self._is_after = False
        self.has_after = False
        self.profiles: tuple[str, ...] = ()
        self._unlike: dict[int, Unlike] = {}
        self._is_compared = False
        self._states: dict[int, RunState] = {}

    @property
    def unknown(self) -> tuple[int, ...]:
        """Keys of the runs whose verdicts are not known yet."""
        return tuple(self._unknown)

    @property
    def over(self) -> list[int]:
        """Keys of the runs that are over, as they stand from top to bottom."""
        return [run_id for run_id, _ in self._runs if self._states.get(run_id, RunState.COMPLETED).is_final]

    @property
    def longest_names(self) -> list[str]:
        """Names of the most letters, a few."""
        return nlargest(_LONGEST, (name for _, name in self._runs), key=len)

    @property
    def standing_out(self) -> int | None:
        """How many runs stand out; ``None`` before all are known, and of too few to say."""
        return len(self._unlike) if self._is_compared and len(self._given) >= FEWEST else None

    @property
    def broken_off(self) -> str:
        """How many runs ended before their input did, such as ``2 failed · 1 cancelled``; empty for none."""
        found = Counter(state for run_id, _ in self._given if (state := self._states.get(run_id)) and state.is_final)
        return " · ".join(f"{found[state]:,} {STATE_WORDS[state]}" for state in RunState if found[state])

    def set_states(self, states: Mapping[int, RunState]) -> None:
        """Tell where runs stand, by key; the runs themselves come by `set_runs`."""
        unread: dict[int, RunState] = {
            run_id: state for run_id, state in states.items() if state is not RunState.COMPLETED
        }
        if unread != self._states:
            self._states = unread
            if self._order[0] == STANDS_OUT:
                self._arrange()
            self._repaint()

    def set_runs(self, runs: Sequence[tuple[int, str]]) -> None:
        """Show ``runs``, each with its key and name, in this order unless they are sorted.

        Runs that stay keep their selection.
        """
        if tuple(runs) != self._given:
            self._given = tuple(runs)
            self._unknown = {run_id: None for run_id, _ in runs if run_id not in self._judged}
            self._is_compared = False  # what stood out stays until it is known anew
            if not self._unknown:  # those that were missing may be gone
                self._compare()
            if any(run_id in self._rows for run_id, _ in runs):
                self._arrange()
            else:
                self.beginResetModel()
                self._put_in_order()
                self.endResetModel()
            self._ask_for_order()
            if not self._unknown:
                self.completed.emit()

    def show_side(self, *, is_after: bool) -> None:
        """Tell of reads as pipelines left them, where runs had one, or of all as they came, as at first."""
        if is_after != self._is_after:
            self._is_after = is_after
            for run_id in self._judged:
                self._judged[run_id] = self._judged_now(run_id)
            if not self._unknown:
                self._complete()
            self._repaint()

    def set_judged(self, run_id: int, told: RunVerdicts) -> None:
        """Tell how a run came out."""
        self._told[run_id] = told
        self.has_after = self.has_after or told.after is not None
        self._judged[run_id] = self._judged_now(run_id)
        row = self._rows.get(run_id)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
        if run_id in self._unknown:
            del self._unknown[run_id]
            if not self._unknown:
                self._complete()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by names, by what stands out, furthest first, or by how a module came out, worst first.

        ``column`` -1 is the order that the runs came in.
        """
        if (column, order) != self._order:
            self._order = column, order
            self._arrange()
            self._ask_for_order()

    def as_text(self) -> str:
        """All of it for spreadsheets; see `verdicts_text`."""
        return verdicts_text(self._runs, SHOWN, self._told, self._told_of, is_after=self._is_after)

    def forget(self, run_id: int) -> None:
        """Ask for a run's verdict again when it is looked at, or sorted by."""
        self._told.pop(run_id, None)
        if self._judged.pop(run_id, None) is not None:
            if run_id in self._rows:
                self._unknown[run_id] = None
            if self._order[0] > 0:
                self.missing.emit(run_id)
            self._repaint()

    def run_at(self, row: int) -> int:
        """Key of the run in a row, 0 where there is none."""
        return self._runs[row][0] if 0 <= row < len(self._runs) else 0

    def row_of(self, run_id: int) -> int:
        """Row of a run, -1 where it is not shown."""
        return self._rows.get(run_id, -1)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call: the name, what stands out, and the modules."""
        return 0 if parent.isValid() else FIRST_MODULE + len(SHOWN)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call."""
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run_id, name = self._runs[index.row()]
        if role == RUN_ROLE:
            return run_id
        if index.column() == 0:
            return self._of_name(run_id, name, role)
        if index.column() == STANDS_OUT:
            return self._of_state(run_id, name, role) or self._of_unlike(run_id, name, role)
        return self._of_cell(run_id, name, index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: short titles, with the long ones as tooltips."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section < FIRST_MODULE:
            return (
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag(Qt.TextFlag.TextWordWrap)
            )
        short, long = ("Run", None) if section == 0 else (HEADING, WHY)
        if section >= FIRST_MODULE:
            short, long = SHOWN[section - FIRST_MODULE].short, SHOWN[section - FIRST_MODULE].title
        if role == Qt.ItemDataRole.DisplayRole:
            return short
        return long if role == Qt.ItemDataRole.ToolTipRole else None

    def _judged_now(self, run_id: int) -> dict[str, Judged]:
        return {entry.module.key: entry for entry in self._told[run_id].side(is_after=self._is_after).judged}

    def _told_of(self, run_id: int) -> str:
        """Where a run stands that was not read whole, and what of a run stands out."""
        words = STATE_WORDS[self._states[run_id]] if run_id in self._states else ""
        found = self._unlike.get(run_id)
        return _BETWEEN.join(filter(None, (words, found.words if found else "")))

    def _word(self, run_id: int, module: Module) -> str:
        entry = self._judged.get(run_id, {}).get(module.key)
        return "" if entry is None else entry.status.value

    def _complete(self) -> None:
        """All is known: only now can runs be compared, and sorted without moving under the pointer."""
        self._compare()
        if self._order[0] > 0:
            self._arrange()
        self._repaint()
        self.completed.emit()

    def _compare(self) -> None:
        told = {run_id: self._told[run_id] for run_id, _ in self._given}
        measured = {run_id: each.side(is_after=self._is_after).measured for run_id, each in told.items()}
        self._unlike = unlike_others(measured)
        self._is_compared = True
        self.has_after = any(each.after is not None for each in told.values())
        self.profiles = tuple(by for by, _ in Counter(each.by for each in told.values() if each.by).most_common())

    def _repaint(self) -> None:
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, self.columnCount() - 1))

    def _ordered(self) -> tuple[tuple[int, str], ...]:
        column, order = self._order
        is_down = order is Qt.SortOrder.DescendingOrder
        if column < 0 or column >= self.columnCount():
            return self._given
        if column == 0:
            return tuple(sorted(self._given, key=lambda run: _by_name(run[1].casefold()), reverse=is_down))
        ranks = {run_id: self._rank(run_id, column) for run_id, _ in self._given}
        known = [(rank, run) for run in self._given if (rank := ranks[run[0]]) is not None]
        ranked = [run for _, run in sorted(known, key=lambda pair: pair[0], reverse=is_down)]
        # What was not judged, or does not stand out, is neither good nor bad.
        return (*ranked, *(run for run in self._given if ranks[run[0]] is None))

    def _rank(self, run_id: int, column: int) -> float | None:
        """Where a run stands among the others, the lowest first; ``None``: at the end."""
        if column == STANDS_OUT:
            if run_id in self._states and self._states[run_id].is_final:
                return -inf
            found = self._unlike.get(run_id)
            return None if found is None else -found.distance
        return _WORST_FIRST.get(self._word(run_id, SHOWN[column - FIRST_MODULE]))

    def _arrange(self) -> None:
        """Put the rows in their order; what is selected, and where the keyboard is, goes with its run."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self.run_at(index.row()) for index in old]
        self._put_in_order()
        new = [
            self.index(self._rows[key], index.column()) if key in self._rows else QModelIndex()
            for key, index in zip(keys, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _put_in_order(self) -> None:
        self._runs = self._ordered()
        self._rows = {run_id: row for row, (run_id, _) in enumerate(self._runs)}

    def _ask_for_order(self) -> None:
        if self._order[0] > 0:
            for run_id in self.unknown:
                self.missing.emit(run_id)

    def _of_name(self, run_id: int, name: str, role: int) -> object:
        told = self._told.get(run_id)
        if told is not None and self._is_after and told.after is None:
            name = f"{name}{_DOT}raw"
        if told is not None and told.by in self.profiles[1:]:
            name = f"{name}{_DOT}{told.by}"
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        words = "" if told is None else tally(list(self._judged_now(run_id).values())) or "no reads"
        words += f", by {told.by}" if told is not None and told.by else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{words}"
        return f"{name}: {words}" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _of_state(self, run_id: int, name: str, role: int) -> object:
        state = self._states.get(run_id)
        if state is not None and role in _TOLD_BY:
            return _TOLD_BY[role].format(name=name, heading=HEADING, state=STATE_WORDS[state])
        return state if role == STATE_ROLE else None

    def _of_unlike(self, run_id: int, name: str, role: int) -> object:
        found = self._unlike.get(run_id)
        if role == UNLIKE_ROLE:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if found is None else found.short
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{name}\n{in_words(found, len(self._given), self._is_compared, between=chr(10))}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADING}: {in_words(found, len(self._given), self._is_compared)}"
        return None

    def _of_cell(self, run_id: int, name: str, column: int, role: int) -> object:
        if run_id not in self._judged:
            self.missing.emit(run_id)
            return None
        module = SHOWN[column - FIRST_MODULE]
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
