"""The plots of FastQC's modules and of throughput, and what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel

from engine.run.snapshot import RunSnapshot
from gui.views.plots.adapter_plot import AdapterPlot
from gui.views.plots.base_content_plot import BaseContentPlot
from gui.views.plots.base_quality_plot import BaseQualityPlot
from gui.views.plots.duplication_plot import DuplicationPlot
from gui.views.plots.gc_plot import GcPlot
from gui.views.plots.length_plot import LengthPlot
from gui.views.plots.n_content_plot import NContentPlot
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.result_card import ResultCard
from gui.views.plots.sequence_quality_plot import SequenceQualityPlot
from gui.views.plots.throughput_plot import ThroughputPlot
from gui.views.plots.tile_plot import TilePlot

CARDS = [
    ThroughputPlot,
    BaseQualityPlot,
    TilePlot,
    SequenceQualityPlot,
    BaseContentPlot,
    GcPlot,
    NContentPlot,
    LengthPlot,
    DuplicationPlot,
    AdapterPlot,
]
MakeSnapshot = Callable[..., RunSnapshot]
every_card = pytest.mark.parametrize("kind", CARDS)
CardKind = Callable[[], PlotCard]


def says(card: ResultCard) -> list[str]:
    """All texts that are seen."""
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
