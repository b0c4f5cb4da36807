"""The pipelines there are: those that were saved and those that came with Lanescope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.models.entry_list import EntryListModel

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition

SHELF_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A pipeline in the list.

    Attributes:
        definition: its latest version.
        is_preset: it came with Lanescope, and is copied when it is changed.
    """

    definition: PipelineDefinition
    is_preset: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.definition.name

    @property
    def note(self) -> str:
        """What stands beside its name."""
        return "came with Lanescope" if self.is_preset else self.definition.version

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return ", ".join(part for part in (self.name, self.note, self.definition.description) if part)


class ShelfModel(EntryListModel):
    """Lines of :class:`ShelfEntry` under ``SHELF_ROLE``: saved ones first, each part by name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[ShelfEntry] = []

    def _said(self, row: int) -> dict[int, object]:
        entry = self._entries[row]
        return {
            Qt.ItemDataRole.DisplayRole: entry.name,
            Qt.ItemDataRole.AccessibleTextRole: entry.spoken,
            Qt.ItemDataRole.ToolTipRole: entry.definition.description,
            SHELF_ROLE: entry,
        }

    @property
    def entries(self) -> tuple[ShelfEntry, ...]:
        """All of them, in order."""
        return tuple(self._entries)

    def set_pipelines(self, saved: Iterable[PipelineDefinition], presets: Iterable[PipelineDefinition]) -> None:
        """Show these; a preset stands back behind a saved one of its name."""
        mine = sorted(saved, key=lambda definition: definition.name)
        names = {definition.name for definition in mine}
        entries = [ShelfEntry(definition) for definition in mine]
        entries += [ShelfEntry(definition, is_preset=True) for definition in presets if definition.name not in names]
        if entries != self._entries:
            self.beginResetModel()
            self._entries = entries
            self.endResetModel()

    def entry(self, name: str) -> ShelfEntry | None:
        """The pipeline of this name."""
        return next((entry for entry in self._entries if entry.name == name), None)

    def row_of(self, name: str) -> int:
        """Where it stands, -1 if it does not."""
        return next((row for row, entry in enumerate(self._entries) if entry.name == name), -1)
