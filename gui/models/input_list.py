"""The inputs of this session, in the order they came: waiting, running, done and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt

from engine.errors import InputError
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models import format as show
from gui.models.entry_list import ROOT, EntryListModel
from gui.models.run_page import STATE_WORDS, progress, short_path

INPUT_ROLE = Qt.ItemDataRole.UserRole + 1
_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class InputEntry:
    """One input as a line of the list.

    Attributes:
        name: the file's name, or the sample's where it is more than one file.
        place: the folder it lies in; which files, where they are more than one.
        word: what becomes of it, in a word.
        detail: how far it is, or why it was refused.
        state: state of its run; ``None`` when it was refused.
        fraction: share done, 0..1, while it runs.
        run_id: its run, or ``None`` when it was refused.
    """

    name: str
    place: str
    word: str
    detail: str
    state: RunState | None
    fraction: float | None = None
    run_id: int | None = None

    @classmethod
    def of(cls, snapshot: RunSnapshot) -> InputEntry:
        """The line for an input that became a run."""
        return cls(
            name=snapshot.name if snapshot.inputs else snapshot.path.name,
            place=_place(snapshot),
            word=STATE_WORDS[snapshot.state],
            detail=_detail(snapshot),
            state=snapshot.state,
            fraction=None if snapshot.state.is_final else progress(snapshot),
            run_id=snapshot.run_id,
        )

    @classmethod
    def refused(cls, error: InputError) -> InputEntry:
        """The line for an input that cannot be read."""
        return cls(
            error.path.name, short_path(error.path.parent), _REFUSED, _without_name(str(error), error.path.name), None
        )

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return ", ".join(part for part in (self.name, self.word, self.detail) if part)


class InputListModel(EntryListModel):
    """Lines of :class:`InputEntry`, under ``INPUT_ROLE``; a line never changes its place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[InputEntry] = []
        self._rows: dict[int, int] = {}

    def _said(self, row: int) -> dict[int, object]:
        entry = self._entries[row]
        return {
            Qt.ItemDataRole.DisplayRole: entry.name,
            Qt.ItemDataRole.AccessibleTextRole: entry.spoken,
            Qt.ItemDataRole.ToolTipRole: f"{entry.place}\n{entry.name}\n{entry.detail}".strip(),
            INPUT_ROLE: entry,
        }

    @property
    def entries(self) -> tuple[InputEntry, ...]:
        """All lines, in the order the inputs came."""
        return tuple(self._entries)

    @property
    def summary(self) -> str:
        """How many inputs there are and what became of them: ``20 inputs · 19 completed · 1 failed``."""
        if len(self._entries) < 2:
            return ""
        words = Counter(entry.word for entry in self._entries)
        known = (*STATE_WORDS.values(), _REFUSED)  # in one order, whatever the counts are
        parts = (f"{words[word]:,} {word}" for word in known if words[word])
        return " · ".join((show.plural(len(self._entries), "input"), *parts))

    def next_failed(self, row: int) -> int:
        """Row of the next input behind ``row`` that failed or was refused, round and round; -1 where none did."""
        failed = [at for at, entry in enumerate(self._entries) if entry.state in {None, RunState.FAILED}]
        return next((at for at in failed if at > row), failed[0] if failed else -1)

    def update(self, snapshots: Iterable[RunSnapshot]) -> None:
        """Bring the lines of runs up to date; runs not known yet come in at the end."""
        for snapshot in snapshots:
            entry = InputEntry.of(snapshot)
            row = self._rows.get(snapshot.run_id)
            if row is None:
                self._append(entry)
            elif self._entries[row] != entry:
                self._entries[row] = entry
                index = self.index(row)
                self.dataChanged.emit(index, index)

    def refuse(self, errors: Iterable[InputError]) -> None:
        """Take in what cannot be read, with the reason."""
        for error in errors:
            self._append(InputEntry.refused(error))

    def clear_finished(self) -> None:
        """Forget what is over and what was refused; the runs themselves stay where they are."""
        for row in reversed(range(len(self._entries))):
            state = self._entries[row].state
            if state is None or state.is_final:
                self._take_out(row)

    def remove_runs(self, run_ids: Iterable[int]) -> None:
        """Forget the inputs of runs that are deleted."""
        gone = set(run_ids)
        for row in reversed(range(len(self._entries))):
            if self._entries[row].run_id in gone:
                self._take_out(row)

    def _append(self, entry: InputEntry) -> None:
        row = len(self._entries)
        self.beginInsertRows(ROOT, row, row)
        self._entries.append(entry)
        if entry.run_id is not None:
            self._rows[entry.run_id] = row
        self.endInsertRows()

    def _take_out(self, row: int) -> None:
        self.beginRemoveRows(ROOT, row, row)
        del self._entries[row]
        self._rows = {entry.run_id: place for place, entry in enumerate(self._entries) if entry.run_id is not None}
        self.endRemoveRows()


def _place(snapshot: RunSnapshot) -> str:
    """The folder, and which files, where they are more than one."""
    folder = short_path(snapshot.path.parent)
    paths = list(dict.fromkeys(path for files in snapshot.inputs for path in files))
    return f"{folder}: {names_of(paths)}" if snapshot.inputs else folder


def _detail(snapshot: RunSnapshot) -> str:
    if snapshot.failure is not None:
        return _without_name(snapshot.failure.message, snapshot.path.name)
    if snapshot.state is RunState.CREATED:
        return "" if snapshot.bytes_total is None else show.byte_size(snapshot.bytes_total)
    reads = show.plural(snapshot.results.basic.reads, "read")
    if snapshot.state.is_final:
        return f"{reads} in {show.duration(snapshot.elapsed)}"
    return reads


def _without_name(message: str, name: str) -> str:
    """What is said of a file, where its name stands beside it already: a long one would leave no room for the rest."""
    rest = message.removeprefix(name).lstrip(" ,:")
    return message if len(rest) == len(message) or not rest else f"{rest[0].upper()}{rest[1:]}"


def names_of(paths: Iterable[Path]) -> str:
    """``a.fastq``, ``a.fastq and b.fastq``, ``a.fastq and 3 more``."""
    names = [path.name for path in paths]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"
