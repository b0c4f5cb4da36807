"""One number with its title and unit."""

from __future__ import annotations

from gui.views.widgets.card import Card
from PySide6.QtWidgets import QWidget


class StatCard(Card):
    """One number with its title and unit."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_value(self, value: str, unit: str = "", note: str = "") -> None:
        """Show ``value``."""
