"""The fill of the batch queue as little bars."""

from __future__ import annotations

from engine.run.snapshot import QueueLoad
from PySide6.QtWidgets import QWidget


class QueueGauge(QWidget):
    """The fill of the batch queue as little bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_queue(self, queue: QueueLoad) -> None:
        """Show ``queue``."""
