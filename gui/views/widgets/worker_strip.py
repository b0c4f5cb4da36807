"""How each thread spent the last seconds."""

from __future__ import annotations

from engine.run.snapshot import RunSnapshot
from PySide6.QtWidgets import QWidget


class WorkerStrip(QWidget):
    """How each thread spent the last seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot.threads``."""
