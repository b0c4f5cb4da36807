"""A panel with a one-pixel line and rounded corners."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget


class Card(QFrame):
    """A panel with a one-pixel line and rounded corners."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
