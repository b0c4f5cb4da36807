"""The list of runs: those of this session on top while they live, all others by age, found by their words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.listing import RunRow
from gui.models import format as show
from gui.models.run_page import STATE_WORDS, progress

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

_LIVE_ORDER = {RunState.RUNNING: 0, RunState.PAUSED: 0, RunState.CANCELLING: 0, RunState.CREATED: 1}


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run as one line of the list.

    Attributes:
        run_id: key in the store.
        name: what the run is called.
        path: its input.
        state: where it stands.
        created: when it was made.
        reads: reads counted so far.
        mean_quality: Phred, or ``None`` before there are any bases.
        fraction: share of the input done, 0..1, of a live run; ``None`` where it cannot be known.
        several: where its input is several files, as of mates and lanes, all of them.
    """

    run_id: int
    name: str
    path: Path
    state: RunState
    created: datetime
    reads: int
    mean_quality: float | None
    fraction: float | None = None
    several: tuple[Path, ...] = ()

    @classmethod
    def of(cls, snapshot: RunSnapshot) -> RunEntry:
        """The line for a run of this session."""
        basic = snapshot.results.basic
        return cls(
            run_id=snapshot.run_id,
            name=snapshot.name,
            path=snapshot.path,
            state=snapshot.state,
            created=snapshot.created,
            reads=basic.reads,
            mean_quality=basic.mean_quality if basic.bases else None,
            fraction=None if snapshot.state.is_final else progress(snapshot),
            several=tuple(path for files in snapshot.inputs for path in files),
        )

    @classmethod
    def stored(cls, row: RunRow, bytes_read: int | None = None) -> RunEntry:
        """The line for a run in the store; ``bytes_read`` of its input where it is going elsewhere."""
        knows = bytes_read is not None and row.bytes_total and not row.state.is_final
        return cls(
            run_id=row.run_id,
            name=row.name,
            path=row.path,
            state=row.state,
            created=row.created,
            reads=row.reads,
            mean_quality=row.mean_quality if row.bases and not isnan(row.mean_quality) else None,
            fraction=min(1.0, (bytes_read or 0) / (row.bytes_total or 1)) if knows else None,
            several=row.files,
        )

    @property
    def files(self) -> tuple[Path, ...]:
        """All of its input that lies somewhere; nothing of a pipe."""
        return tuple(path for path in self.several or (self.path,) if path.is_absolute())

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        parts = [self.name, STATE_WORDS[self.state], show.plural(self.reads, "read")]
        if self.mean_quality is not None:
            parts.append(f"mean quality {self.mean_quality:.1f}")
        return ", ".join(parts)

    @property
    def searched(self) -> str:
        """What a search looks at: name, path, state and date, :func:`folded`."""
        return folded(f"{self.name} {self.path} {STATE_WORDS[self.state]} {show.date(self.created)}")

    @property
    def _place(self) -> tuple[int, float]:
        if self.state in _LIVE_ORDER:
            return _LIVE_ORDER[self.state], self.run_id
        return 2, -self.run_id


class RunListModel(QAbstractListModel):
    """Lines of :class:`RunEntry`, under ``ENTRY_ROLE``.

    The running one stands first, then those that wait in the order they will run, then what is over, newest first.
    While the list is held (the pointer is over it) lines keep their places; only new ones come in, on top.

    Attributes:
        total: runs altogether, found or not.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.total = 0
        self._entries: dict[int, RunEntry] = {}
        self._shown: list[int] = []
        self._rows: dict[int, int] = {}
        self._words: list[str] = []
        self._texts: dict[int, tuple[RunState, str]] = {}
        self._held = False

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Qt's call: lines that the search leaves."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's call: the entry, its name, or what is said of it."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        entry = self._entries[self._shown[index.row()]]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return entry.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return f"{entry.name}\n{entry.path}"
            case _ if role == ENTRY_ROLE:
                return entry
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Qt's call: a run can be dragged to where its files are wanted."""
        flags = super().flags(index)
        has_files = index.isValid() and bool(self._entries[self._shown[index.row()]].files)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if has_files else flags

    def mimeTypes(self) -> list[str]:
        """Qt's call: what is dragged are files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Qt's call: all files of runs, from top to bottom."""
        rows = sorted({index.row() for index in indexes})
        files = (path for row in rows for path in self._entries[self._shown[row]].files)
        data = QMimeData()
        # By bytes, which need not be text.
        data.setUrls([QUrl.fromEncoded(path.as_uri().encode()) for path in dict.fromkeys(files)])
        return data

    def entry(self, run_id: int) -> RunEntry | None:
        """The line of a run, whether the search finds it or not."""
        return self._entries.get(run_id)

    def run_ids(self, *, going: bool = False) -> set[int]:
        """Keys of all runs, or of those that are ``going`` or wait, whether the search finds them or not."""
        return {run_id for run_id, entry in self._entries.items() if not (going and entry.state.is_final)}

    def index_of(self, run_id: int) -> QModelIndex:
        """Where a run stands; not valid when it is not shown."""
        row = self._rows.get(run_id)
        return QModelIndex() if row is None else self.index(row)

    def set_entries(self, entries: Iterable[RunEntry]) -> None:
        """Replace what the list knows."""
        old = self._entries
        self._arrange({entry.run_id: entry for entry in entries})
        for run_id, entry in self._entries.items():
            if run_id in old and old[run_id] != entry:
                self._announce(run_id)

    def update(self, entries: Iterable[RunEntry]) -> None:
        """Put newer lines in the place of older ones; lines not known yet come in."""
        changed = [entry for entry in entries if self._entries.get(entry.run_id) != entry]
        moved = False
        for entry in changed:
            known = self._entries.get(entry.run_id)
            moved = moved or known is None or known.state is not entry.state
            self._entries[entry.run_id] = entry
        if moved:
            self._arrange()
        for entry in changed:
            self._announce(entry.run_id)

    def remove(self, run_ids: Iterable[int]) -> None:
        """Forget runs."""
        gone = set(run_ids)
        self._arrange({run_id: entry for run_id, entry in self._entries.items() if run_id not in gone})

    def search(self, text: str) -> None:
        """Show only the runs that have every word of ``text`` in name, path, state or date."""
        words = folded(text).split()
        if words != self._words:
            self._words = words
            self._arrange()

    def hold(self, held: bool) -> None:
        """Keep lines in their places, or let them go where they belong."""
        self._held = held
        if not held:
            self._arrange()

    def _arrange(self, entries: dict[int, RunEntry] | None = None) -> None:
        entries = self._entries if entries is None else entries
        self.total = len(entries)
        found = [entry for entry in entries.values() if self._matches(entry)]
        target = [entry.run_id for entry in sorted(found, key=lambda entry: entry._place)]
        wanted = set(target)
        self._take_out([row for row, run_id in enumerate(self._shown) if run_id not in wanted])
        self._entries = entries
        shown = set(self._shown)
        if self._held:
            target = [run_id for run_id in target if run_id not in shown] + self._shown
        self._reorder([run_id for run_id in target if run_id in shown])
        self._bring_in([row for row, run_id in enumerate(target) if run_id not in shown], target)
        self._rows = {run_id: row for row, run_id in enumerate(self._shown)}

    def _matches(self, entry: RunEntry) -> bool:
        if not self._words:
            return True
        # Made once: it takes longer than looking through it.
        state, text = self._texts.get(entry.run_id, (None, ""))
        if state is not entry.state:
            text = entry.searched
            self._texts[entry.run_id] = entry.state, text
        return all(word in text for word in self._words)

    def _take_out(self, rows: list[int]) -> None:
        for first, last in reversed(_stretches(rows)):
            self.beginRemoveRows(_ROOT, first, last)
            del self._shown[first : last + 1]
            self.endRemoveRows()

    def _bring_in(self, rows: list[int], target: list[int]) -> None:
        for first, last in _stretches(rows):
            self.beginInsertRows(_ROOT, first, last)
            self._shown[first:first] = target[first : last + 1]
            self.endInsertRows()

    def _reorder(self, target: list[int]) -> None:
        if target == self._shown:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        ids = [self._shown[index.row()] for index in old]
        self._shown = target
        places = {run_id: row for row, run_id in enumerate(target)}
        self.changePersistentIndexList(old, [self.index(places[run_id]) for run_id in ids])
        self.layoutChanged.emit()

    def _announce(self, run_id: int) -> None:
        index = self.index_of(run_id)
        if index.isValid():
            self.dataChanged.emit(index, index)


def folded(text: str) -> str:
    """``text`` without case, each accented letter written one way: file systems differ in that."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _stretches(rows: list[int]) -> list[tuple[int, int]]:
    """Ascending ``rows`` as (first, last) of each unbroken stretch."""
    stretches: list[tuple[int, int]] = []
    for row in rows:
        if stretches and stretches[-1][1] == row - 1:
            stretches[-1] = (stretches[-1][0], row)
        else:
            stretches.append((row, row))
    return stretches
