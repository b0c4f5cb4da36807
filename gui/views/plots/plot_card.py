"""The base of all plots."""

from __future__ import annotations

from pathlib import Path

from engine.run.snapshot import RunSnapshot
from gui.views.widgets.card import Card
from PySide6.QtWidgets import QWidget


class PlotCard(Card):
    """A plot with title, note, axes, cursor and menu."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot``; cheap, and does nothing when its part of the results did not change."""

    def table(self) -> tuple[list[str], list[list[float | int | str | None]]]:
        """What is drawn, as a header and rows."""
        return [], []

    def save(self, path: Path) -> None:
        """Write the plot to ``path`` as PNG, SVG or CSV, by its suffix.

        Raises:
            LanescopeError: it cannot be written.
        """
