"""How far a run is, as one thin line."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class ProgressLine(QWidget):
    """How far a run is, as one thin line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def set_fraction(self, fraction: float | None) -> None:
        """Show ``fraction``, 0..1, or ``None`` where nobody can know."""
