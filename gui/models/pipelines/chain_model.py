"""The stages of the draft as a list that can be dragged into order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt

from gui.models.entry_list import EntryListModel, Index
from gui.models.format import plural
from gui.models.pipelines.builder import Builder
from gui.models.pipelines.draft import DraftStage, Path
from gui.models.pipelines.fields import Field, Kind
from gui.models.pipelines.palette import Palette, StageNote, key_of

STAGE_ROLE = Qt.ItemDataRole.UserRole + 1
STAGE_MIME = "application/x-lanescope-stage"
KIND_MIME = "application/x-lanescope-stage-kind"
_AS_USUAL = "default settings"


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """One stage as the chain shows it.

    Attributes:
        key: of the stage.
        title: what its kind is called.
        name: its own name, where that says more than the title; else an empty string.
        setting: what is set, in short.
        is_enabled: whether it takes part in runs.
        trouble: what is wrong with it, or an empty string.
        trial: what a trial has shown of it, or an empty string.
    """

    key: int
    title: str
    name: str
    setting: str
    is_enabled: bool
    trouble: str = ""
    trial: str = ""

    @property
    def spoken(self) -> str:
        """The stage as a screen reader says it."""
        state = "" if self.is_enabled else "switched off"
        return ", ".join(
            part for part in (self.title, self.name, self.setting, state, self.trouble, self.trial) if part
        )


class ChainModel(EntryListModel):
    """Lines of :class:`ChainEntry` under ``STAGE_ROLE``, in the order in which reads go through them."""

    def __init__(self, builder: Builder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self._palette = Palette()
        self._trials: dict[int, str] = {}
        self._entries: list[ChainEntry] = []
        builder.changed.connect(self._follow)
        self._follow()

    def _said(self, row: int) -> dict[int, object]:
        entry = self._entries[row]
        return {
            Qt.ItemDataRole.DisplayRole: entry.title,
            Qt.ItemDataRole.AccessibleTextRole: entry.spoken,
            Qt.ItemDataRole.ToolTipRole: entry.trouble or entry.setting,
            STAGE_ROLE: entry,
        }

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt's call: stages can be dragged; they are dropped between others, never onto one."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        """Qt's call: what can be dropped here."""
        return [STAGE_MIME, KIND_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Qt's call: what is dragged."""
        data = QMimeData()
        keys = [self._entries[index.row()].key for index in indexes]
        data.setData(STAGE_MIME, str(keys[0]).encode())
        return data

    def drop(self, data: QMimeData, place: int) -> bool:
        """Take what was dropped before the stage that stands at ``place``; whether it could be used."""
        if data.hasFormat(STAGE_MIME):
            key = int(bytes(data.data(STAGE_MIME).data()))
            at = self._builder.draft.place(key)
            if at is None:
                return False
            self._builder.move(key, place - 1 if at < place else place)
            return True
        note = self._palette.note(bytes(data.data(KIND_MIME).data()).decode(errors="replace"))
        if note is None:
            return False
        self._builder.add(note, place)
        return True

    def set_palette(self, palette: Palette) -> None:
        """Name stages as ``palette`` does."""
        self._palette = palette
        self._follow()

    def set_trials(self, trials: dict[int, str]) -> None:
        """Show what a trial has found, by the key of the stage."""
        self._trials = trials
        self._follow()

    def entry(self, row: int) -> ChainEntry:
        """The stage in a row."""
        return self._entries[row]

    def row_of(self, key: int | None) -> int:
        """Where a stage stands, -1 if it does not."""
        return next((row for row, entry in enumerate(self._entries) if entry.key == key), -1)

    def _follow(self) -> None:
        entries = [self._entry(stage) for stage in self._builder.draft.stages]
        if [entry.key for entry in entries] == [entry.key for entry in self._entries]:
            for row, entry in enumerate(entries):
                if entry != self._entries[row]:
                    self._entries[row] = entry
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def _entry(self, stage: DraftStage) -> ChainEntry:
        note = self._palette.note(key_of(stage.type, stage.kind))
        title = stage.kind or stage.name if note is None else note.title
        troubles = self._builder.troubles_of(stage.key)
        words = f"{_where(troubles[0].path, note)}{troubles[0].words}" if troubles else ""
        if len(troubles) > 1:
            words = f"{plural(len(troubles), 'fault')}: {words}"
        return ChainEntry(
            key=stage.key,
            title=title,
            name="" if stage.name == stage.kind else stage.name,
            setting=setting_of(stage, note),
            is_enabled=stage.is_enabled,
            trouble=words,
            trial=self._trials.get(stage.key, ""),
        )


def setting_of(stage: DraftStage, note: StageNote | None) -> str:
    """What is set for a stage, in short."""
    given = stage.data.get("parameters")
    given = given if isinstance(given, dict) else {}
    if stage.type == "composite":
        return stage.kind or plural(len(stage.data.get("stages", ())), "stage")
    fields = {} if note is None else {field.key: field for field in note.fields}
    parts = [_told(fields.get(key) or Field(key, key), value) for key, value in given.items()]
    return " · ".join(parts) or _AS_USUAL


def _told(field: Field, value: object) -> str:
    if isinstance(value, list | tuple):
        return f"{field.title}: {len(value)}"
    if field.kind is Kind.SWITCH:
        return field.title if value else f"no {field.title.lower()}"
    unit = {"bases": "bp", "Phred": ""}.get(field.unit, field.unit)
    return f"{field.title} {value} {unit}".strip()


def _where(path: Path, note: StageNote | None) -> str:
    """The field that is meant, by its title where it has one."""
    names = [part for part in path if isinstance(part, str) and part != "parameters"]
    titles = {} if note is None else {field.key: field.title for field in note.fields}
    return f"{titles.get(names[0], names[-1])} " if names else ""
