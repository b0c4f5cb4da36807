"""The state of a run as symbol, word and colour."""

from __future__ import annotations

from engine.run.state import RunState
from PySide6.QtWidgets import QWidget


class Badge(QWidget):
    """The state of a run as symbol, word and colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_state(self, state: RunState) -> None:
        """Show ``state``."""
