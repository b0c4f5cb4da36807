"""Read lengths."""

from __future__ import annotations

from gui.views.plots.plot_card import PlotCard
from PySide6.QtWidgets import QWidget


class LengthPlot(PlotCard):
    """Read lengths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Read lengths", parent)
