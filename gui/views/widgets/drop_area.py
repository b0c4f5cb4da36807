"""The empty state that asks for files."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class DropArea(QWidget):
    """The empty state that asks for files."""

    open_requested = Signal()
    samples_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_hover(self, hover: bool) -> None:
        """Highlight while files are held over the area."""
