"""The plots of a run."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.views.reflow import ReflowGrid
from gui.views.stagger import Stagger

if TYPE_CHECKING:
    from gui.views.plots.plot_card import PlotCard

_LEAST_WIDTH = 310
_LEAST_HEIGHT = 244
_MOST_HEIGHT = 440
_PLOTS = (
    ("gui.views.plots.throughput_plot", "ThroughputPlot"),
    ("gui.views.plots.base_quality_plot", "BaseQualityPlot"),
    ("gui.views.plots.gc_plot", "GcPlot"),
    ("gui.views.plots.sequence_quality_plot", "SequenceQualityPlot"),
    ("gui.views.plots.base_content_plot", "BaseContentPlot"),
    ("gui.views.plots.length_plot", "LengthPlot"),
)


class PlotGrid(QWidget):
    """Six plots in as many columns as there is room for.

    They are made after the window is on the screen, one a turn: the plotting library takes its time.

    Signals:
        built: all plots are there.
    """

    built = Signal()

    def __init__(self, stagger: Stagger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: list[PlotCard] = []
        self._stagger = stagger
        self._snapshot: RunSnapshot | None = None
        self._grid = ReflowGrid((), least_width=_LEAST_WIDTH, most_columns=4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid)

    def build(self) -> None:
        """Make the plots, one a turn of the event loop."""
        for module, name in _PLOTS:
            self._stagger.ask(name, partial(self._make, module, name))

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot`` in every plot, one a turn."""
        self._snapshot = snapshot
        for plot in self.plots:
            self._stagger.ask(plot, partial(self._fill, plot))

    def _make(self, module: str, name: str) -> None:
        plot: PlotCard = getattr(import_module(module), name)()
        plot.setMinimumHeight(_LEAST_HEIGHT)
        plot.setMaximumHeight(_MOST_HEIGHT)
        self.plots.append(plot)
        self._grid.add(plot)
        self._fill(plot)
        if len(self.plots) == len(_PLOTS):
            self.built.emit()

    def _fill(self, plot: PlotCard) -> None:
        if self._snapshot is not None:
            plot.set_snapshot(self._snapshot)
