"""What can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui.models.format import plural
from gui.models.run_list import RunEntry


@dataclass(frozen=True, slots=True)
class Deletion:
    """Runs that were deleted together, and come back together.

    Attributes:
        entries: the runs as they stood in the list.
    """

    entries: tuple[RunEntry, ...]

    @property
    def run_ids(self) -> list[int]:
        """Their keys in the store."""
        return [entry.run_id for entry in self.entries]

    @property
    def text(self) -> str:
        """What was done, for the toast and the menu."""
        if len(self.entries) == 1:
            return f"Deleted {self.entries[0].name}"
        return f"Deleted {plural(len(self.entries), 'run')}"


class UndoStack(QObject):
    """Deletions of this session, newest last.

    Signals:
        changed: there is more or less to take back.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deletions: list[Deletion] = []

    def __len__(self) -> int:
        return len(self._deletions)

    @property
    def next(self) -> Deletion | None:
        """What :meth:`pop` would give back, or ``None``."""
        return self._deletions[-1] if self._deletions else None

    def holds(self, run_id: int) -> bool:
        """Whether a run is among what was deleted."""
        return any(run_id in deletion.run_ids for deletion in self._deletions)

    def push(self, deletion: Deletion) -> None:
        """Remember what was done."""
        self._deletions.append(deletion)
        self.changed.emit()

    def pop(self) -> Deletion | None:
        """The newest deletion, which is no longer remembered; ``None`` when there is none."""
        if not self._deletions:
            return None
        deletion = self._deletions.pop()
        self.changed.emit()
        return deletion
