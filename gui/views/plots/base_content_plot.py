"""Base content."""

from __future__ import annotations

from gui.views.plots.plot_card import PlotCard
from PySide6.QtWidgets import QWidget


class BaseContentPlot(PlotCard):
    """Base content."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Base content", parent)
