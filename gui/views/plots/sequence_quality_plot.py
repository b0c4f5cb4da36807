"""Quality per read."""

from __future__ import annotations

from gui.views.plots.plot_card import PlotCard
from PySide6.QtWidgets import QWidget


class SequenceQualityPlot(PlotCard):
    """Quality per read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Quality per read", parent)
