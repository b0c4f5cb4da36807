"""One line of plain text, shortened in the middle; the tooltip has all of it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget


class ElidedLabel(QLabel):
    """One line of plain text, shortened in the middle; the tooltip has all of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
