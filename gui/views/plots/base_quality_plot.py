"""Per base quality."""

from __future__ import annotations

from gui.views.plots.plot_card import PlotCard
from PySide6.QtWidgets import QWidget


class BaseQualityPlot(PlotCard):
    """Per base quality."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Per base quality", parent)
