from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.collectors.results import (
    AdapterContent,
    BaseContent,
    BaseQuality,
    BasicStatistics,
    Duplication,
    GcContent,
    LengthDistribution,
    NContent,
    Overrepresented,
    OverrepresentedSequence,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.run.snapshot import RunSnapshot, Sample
from gui.theme.theme import Theme
from gui.views.plots.plot_card import PlotCard
from tests.gui.plots.cards import CardKind, MakeSnapshot

STARTS = (*range(1, 10), *range(10, 150, 5))
ENDS = (*range(1, 10), *range(14, 149, 5), 150)


@pytest.fixture
def results() -> QcResults:
    """Results of 100,000 reads of 150 bases whose quality falls from 37 to 33."""
    count = len(STARTS)
    median = 37 - 4 * np.linspace(0, 1, count) ** 2
    gc = 100_000 * np.exp(-(((np.arange(101) - 41) / 8) ** 2) / 2) / 20
    return QcResults(
        basic=BasicStatistics(reads=100_000, bases=15_000_000, shortest=150, longest=150),
        base_quality=BaseQuality(
            starts=STARTS,
            ends=ENDS,
            mean=tuple(median - 1),
            median=tuple(median),
            lower_quartile=tuple(median - 3),
            upper_quartile=tuple(median + 1),
            percentile_10=tuple(median - 8),
            percentile_90=tuple(median + 2),
        ),
        sequence_quality=SequenceQuality(qualities=(20, 35, 36), counts=(10_000, 40_000, 50_000)),
        base_content=BaseContent(
            starts=STARTS, ends=ENDS, a=(29.0,) * count, c=(21.0,) * count, g=(21.0,) * count, t=(29.0,) * count
        ),
        gc_content=GcContent(counts=tuple(gc), theory=tuple(gc * 0.99)),
        n_content=NContent(starts=STARTS, ends=ENDS, n=(2.5,) * count),
        lengths=LengthDistribution(starts=(150,), ends=(150,), counts=(100_000,)),
        tile_quality=TileQuality(
            starts=STARTS,
            ends=ENDS,
            tiles=(1101, 1102, 2101),
            average=(30.0,) * count,
            deviation=((0.5,) * count, (-6.0, *(0.0,) * (count - 1)), (None, *(1.0,) * (count - 1))),
        ),
        duplication=Duplication(percent=(80.0, 12.0, *(0.0,) * 13, 8.0), remaining=71.5),
        overrepresented=Overrepresented(
            sequences=(
                OverrepresentedSequence(sequence="ACGT" * 12 + "AC", count=900, percent=0.9, source="No Hit"),
                OverrepresentedSequence(sequence="G" * 50, count=2000, percent=2.0, source="PolyG (100% over 50bp)"),
            )
        ),
        adapters=AdapterContent(
            starts=STARTS,
            ends=ENDS,
            names=("Illumina Universal Adapter", "PolyA"),
            percent=(tuple(np.linspace(0, 12, count).tolist()), (0.0,) * count),
        ),
    )


@pytest.fixture
def samples() -> tuple[Sample, ...]:
    """Two minutes at 1,000 reads/s and, for its last 5 s, 2,000."""
    reads = np.cumsum([100] * 1150 + [200] * 50)
    return tuple(
        Sample(
            time=(number + 1) / 10,
            reads=int(total),
            bases=int(total) * 150,
            bytes_read=int(total) * 80,
            text_bytes=int(total) * 350,
            queue_size=3,
            memory=1 << 28,
        )
        for number, total in enumerate(reads)
    )


@pytest.fixture
def snapshot(make_snapshot: MakeSnapshot, results: QcResults, samples: tuple[Sample, ...]) -> RunSnapshot:
    return make_snapshot(results=results, samples=samples, elapsed=120.0)


@pytest.fixture
def shown(qtbot: QtBot, dark: Theme, snapshot: RunSnapshot) -> Callable[[CardKind], PlotCard]:
    def show(kind: CardKind) -> PlotCard:
        card = kind()
        qtbot.addWidget(card)
        card.resize(480, 320)
        card.set_snapshot(snapshot)
        card.show()
        qtbot.waitExposed(card)
        QApplication.processEvents()
        return card

    return show
