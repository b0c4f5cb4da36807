"""The plots of a run."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.collectors.results import QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.verdict_choices import ProfileChoices
from gui.views.reflow import ReflowGrid
from gui.views.stagger import Stagger

if TYPE_CHECKING:
    from gui.views.plots.result_card import ResultCard
    from gui.views.verdict_desk import VerdictDesk

_LEAST_WIDTH = 310
_LEAST_HEIGHT = 264
_MOST_HEIGHT = 440
_FIRST = ("gui.views.plots.throughput_plot", "ThroughputPlot")
_MODULES = (
    ("gui.views.plots.base_quality_plot", "BaseQualityPlot"),
    ("gui.views.plots.tile_plot", "TilePlot"),
    ("gui.views.plots.sequence_quality_plot", "SequenceQualityPlot"),
    ("gui.views.plots.base_content_plot", "BaseContentPlot"),
    ("gui.views.plots.gc_plot", "GcPlot"),
    ("gui.views.plots.n_content_plot", "NContentPlot"),
    ("gui.views.plots.length_plot", "LengthPlot"),
    ("gui.views.plots.duplication_plot", "DuplicationPlot"),
    ("gui.views.plots.overrepresented_table", "OverrepresentedTable"),
    ("gui.views.plots.adapter_plot", "AdapterPlot"),
    ("gui.views.plots.kmer_table", "KmerTable"),
    ("gui.views.plots.statistics_table", "StatisticsTable"),
    ("gui.views.plots.error_quality_plot", "ErrorQualityPlot"),
    ("gui.views.plots.length_quality_plot", "LengthQualityPlot"),
    ("gui.views.plots.insert_size_plot", "InsertSizePlot"),
    ("gui.views.plots.flow_cell_plots", "TileYieldPlot"),
    ("gui.views.plots.flow_cell_plots", "TileMeanQualityPlot"),
    ("gui.views.plots.time_plots", "YieldOverTimePlot"),
    ("gui.views.plots.time_plots", "QualityOverTimePlot"),
    ("gui.views.plots.channel_plots", "YieldByChannelPlot"),
    ("gui.views.plots.channel_plots", "QualityByChannelPlot"),
)


class PlotGrid(QWidget):
    """Throughput, the verdict, a card for each module in FastQC's order, and what else was measured.

    They are made after the window is on the screen, one a turn: the plotting library takes its time.

    Attributes:
        choices: by which profile each run is judged; others are to be given before cards are made.
        plots: the cards with results.
        verdict: judges them; ``None`` until it is made.
        is_built: whether all cards are there.

    Signals:
        built: all cards are there.
        wanted: a card (a widget) shall be scrolled to.
    """

    built = Signal()
    wanted = Signal(object)

    def __init__(self, stagger: Stagger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = ProfileChoices(parent=self)
        self.plots: list[ResultCard] = []
        self.verdict: VerdictDesk | None = None
        self.is_built = False
        self._stagger = stagger
        self._snapshot: RunSnapshot | None = None
        self._grid = ReflowGrid((), least_width=_LEAST_WIDTH, most_columns=4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid)

    def build(self) -> None:
        """Make the cards, one a turn of the event loop."""
        self._stagger.ask(_FIRST, partial(self._make, *_FIRST))
        self._stagger.ask("verdict card", self._make_verdict)
        for module, name in _MODULES:
            self._stagger.ask(name, partial(self._make, module, name))
        self._stagger.ask("built", self._finish)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot`` in every card, one a turn."""
        self._snapshot = snapshot
        # First, for it is read first, and beside the name of another run it would be taken for that run's.
        if self.verdict is not None:
            self.verdict.set_snapshot(snapshot)
        for plot in self.plots:
            self._stagger.ask(plot, partial(self._fill, plot))

    def _make(self, module: str, name: str) -> None:
        plot: ResultCard = getattr(import_module(module), name)()
        self.plots.append(plot)
        self._place(plot)
        if self._snapshot is None:
            self._grid.set_shown(plot, plot.is_wanted(QcResults()))
        self._fill(plot)
        if self.verdict is not None:
            self.verdict.add(plot)

    def _make_verdict(self) -> None:
        self.verdict = import_module("gui.views.verdict_desk").VerdictDesk(self._stagger, self.choices, self)
        self.verdict.card_wanted.connect(self.wanted)
        self._place(self.verdict.card)
        if self._snapshot is not None:
            self.verdict.set_snapshot(self._snapshot)

    def _place(self, card: QWidget) -> None:
        card.setMinimumHeight(_LEAST_HEIGHT)
        card.setMaximumHeight(_MOST_HEIGHT)
        self._grid.add(card)

    def _finish(self) -> None:
        self.is_built = True
        self.built.emit()

    def _fill(self, plot: ResultCard) -> None:
        if self._snapshot is not None:
            plot.set_snapshot(self._snapshot)
            self._grid.set_shown(plot, plot.is_wanted(self._snapshot.results))
