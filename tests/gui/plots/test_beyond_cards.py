from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.collectors.results import (
    BasicStatistics,
    ErrorQuality,
    EstimatedDuplication,
    LengthQuality,
    LengthStatistics,
    PairStatistics,
    QcResults,
    SequenceQuality,
    TileYield,
    YieldByChannel,
    YieldOverTime,
)
from engine.run.snapshot import RunSnapshot
from gui.models.flow_cell import cell_shades, flow_cell, value_marks
from gui.models.plot_density import density_marks, density_shades, most_reads
from gui.models.plot_time import bin_edges, clock, per_bin, steps
from gui.models.run_statistics import statistics
from gui.theme.theme import Theme
from gui.views.plots.channel_plots import QualityByChannelPlot, YieldByChannelPlot
from gui.views.plots.error_quality_plot import ErrorQualityPlot
from gui.views.plots.flow_cell_plots import TileMeanQualityPlot, TileYieldPlot
from gui.views.plots.insert_size_plot import InsertSizePlot
from gui.views.plots.length_quality_plot import LengthQualityPlot
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.result_card import ResultCard
from gui.views.plots.statistics_table import StatisticsTable
from gui.views.plots.time_plots import QualityOverTimePlot, YieldOverTimePlot

MakeSnapshot = Callable[..., RunSnapshot]
PLOTS: list[Callable[[], PlotCard]] = [
    ErrorQualityPlot,
    LengthQualityPlot,
    InsertSizePlot,
    TileYieldPlot,
    TileMeanQualityPlot,
    YieldOverTimePlot,
    QualityOverTimePlot,
    YieldByChannelPlot,
    QualityByChannelPlot,
]
CARDS: list[Callable[[], ResultCard]] = [StatisticsTable, *PLOTS]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def beyond() -> QcResults:
    """Four nanopore reads in two bins of time, the second an hour after the first; and, of all things, pairs."""
    return QcResults(
        basic=BasicStatistics(
            reads=4, bases=2000, shortest=100, longest=1000, mean_quality=18.5, q20_bases=1500, q30_bases=100
        ),
        sequence_quality=SequenceQuality(qualities=(17, 18, 19), counts=(1, 2, 1)),
        length_statistics=LengthStatistics(n50=1000, n90=400, mean=500.0, median=450.5),
        error_quality=ErrorQuality(
            mean_quality=12.25, expected_errors=119.4, qualities=(11, 12, 13), counts=(1, 0, 3), q20_reads=1
        ),
        length_quality=LengthQuality(
            starts=(100, 126, 158), ends=(125, 157, 199), qualities=(11, 12), counts=((1, 0), (0, 0), (4, 16))
        ),
        estimated_duplication=EstimatedDuplication(
            sequences=3, duplicates=25.0, remaining=75.0, relative_error=0.0, sampled=3
        ),
        pairs=PairStatistics(
            pairs=10,
            overlapping=5,
            read_through=2,
            insert_sizes=(90, 100, 200),
            counts=(1, 1, 3),
            median=200,
            most_frequent=200,
        ),
        tile_yield=TileYield(
            lanes=(1, 1, 1, 1),
            tiles=(1101, 1102, 1201, 2102),
            reads=(10, 20, 40, 30),
            bases=(1000, 2000, 4000, 3000),
            mean_quality=(35.0, 36.0, 30.0, None),
        ),
        yield_over_time=YieldOverTime(
            seconds=1800, starts=(3600, 9000), reads=(3, 1), bases=(1500, 500), mean_quality=(18.0, None)
        ),
        yield_by_channel=YieldByChannel(channels=(3, 512), reads=(3, 1), bases=(1500, 500), mean_quality=(18.0, 20.0)),
    )


@pytest.fixture
def shown(
    qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot, beyond: QcResults
) -> Callable[[Callable[[], ResultCard]], ResultCard]:
    def show(kind: Callable[[], ResultCard]) -> ResultCard:
        card = kind()
        qtbot.addWidget(card)
        card.resize(480, 320)
        card.set_snapshot(make_snapshot(results=beyond))
        card.show()
        qtbot.waitExposed(card)
        QApplication.processEvents()
        return card

    return show


@pytest.mark.parametrize("kind", CARDS)
def test_it_has_a_place_only_where_it_was_measured(
    kind: Callable[[], ResultCard], beyond: QcResults, qtbot: QtBot
) -> None:
    card = kind()
    qtbot.addWidget(card)
    assert card.is_wanted(beyond)
    assert not card.is_wanted(QcResults(basic=beyond.basic))


@pytest.mark.parametrize("kind", CARDS)
def test_it_can_be_saved_as_picture_drawing_and_table(
    kind: Callable[[], ResultCard], shown: Callable[[Callable[[], ResultCard]], ResultCard], tmp_path: Path
) -> None:
    card = shown(kind)
    for suffix in ("png", "svg", "csv"):
        card.save(tmp_path / f"plot.{suffix}")
    image = QImage(str(tmp_path / "plot.png"))
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colors) > 2
    assert QSvgRenderer(str(tmp_path / "plot.svg")).isValid()
    assert f">{card.title}<" in (tmp_path / "plot.svg").read_text("utf-8")
    header, rows = card.table()
    assert len((tmp_path / "plot.csv").read_text("utf-8").splitlines()) == len(rows) + 1
    assert all(len(row) == len(header) for row in rows)
    assert rows


@pytest.mark.parametrize("kind", PLOTS)
def test_axes_have_units_and_keys_tell_values(
    kind: Callable[[], ResultCard], shown: Callable[[Callable[[], ResultCard]], ResultCard], qtbot: QtBot
) -> None:
    card = shown(kind)
    assert isinstance(card, PlotCard)
    for axis in (card.canvas.x_axis, card.canvas.y_axis):
        assert axis.label
        assert len(axis.ticks()) >= 2
    assert card.note
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    assert card.canvas.accessibleDescription()


@pytest.mark.parametrize("kind", CARDS)
def test_the_same_results_are_not_drawn_again(
    kind: Callable[[], ResultCard],
    shown: Callable[[Callable[[], ResultCard]], ResultCard],
    make_snapshot: MakeSnapshot,
    beyond: QcResults,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = shown(kind)
    monkeypatch.setattr(card, "_draw", lambda: pytest.fail("drawn again"))
    card.set_snapshot(make_snapshot(results=QcResults.model_validate_json(beyond.model_dump_json())))


def test_mates_that_never_meet_are_told(
    qtbot: QtBot, make_snapshot: MakeSnapshot, shown: Callable[[Callable[[], ResultCard]], ResultCard]
) -> None:
    card = shown(InsertSizePlot)
    card.set_snapshot(make_snapshot(results=QcResults(basic=BasicStatistics(reads=9), pairs=PairStatistics(pairs=9))))
    words = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert "No mates overlap: all inserts are longer than both reads together" in words


def test_a_low_axis_is_named_in_short(shown: Callable[[Callable[[], ResultCard]], ResultCard]) -> None:
    card = shown(TileYieldPlot)
    assert isinstance(card, PlotCard)
    axis = card.canvas.y_axis
    assert axis.label_shown() == axis.label == "lane, top or bottom, swath"
    card.resize(310, 220)
    QApplication.processEvents()
    assert axis.label_shown() == "lane, side, swath"


def test_reads_of_one_length_need_no_second_dimension(beyond: QcResults, qtbot: QtBot) -> None:
    card = LengthQualityPlot()
    qtbot.addWidget(card)
    same = beyond.model_copy(update={"basic": BasicStatistics(reads=4, bases=400, shortest=100, longest=100)})
    assert not card.is_wanted(same)


def test_statistics_name_mates_apart_and_add_what_both_tell(beyond: QcResults) -> None:
    single = {row.name: (row.value, row.unit) for row in statistics(beyond)}
    assert single["N50"] == (1000, "bp")
    assert single["Mean quality, by errors"] == (12.25, "Phred")
    assert single["Bases ≥ Q20"] == (75.0, "%")
    assert single["Reads ≥ Q20, by errors"] == (25.0, "%")
    assert single["Duplicates among all reads"] == (25.0, "%")
    assert single["Mates that overlap"] == (50.0, "%")
    paired = [row.name for row in statistics(beyond.model_copy(update={"mate": beyond}))]
    assert "N50, read 1" in paired
    assert "N50, read 2" in paired
    assert paired.count("Pairs looked at") == 1
    assert statistics(QcResults()) == []


def test_shades_grow_with_reads_and_a_single_read_is_seen(beyond: QcResults) -> None:
    assert beyond.length_quality is not None
    shades = density_shades(beyond.length_quality)
    assert shades.shape[0] == 2
    assert set(np.unique(shades)) == {0, 20 + round(234 / 4), 20 + round(234 / 2), 254}
    assert (shades[1, 0], shades[0, 0]) == (20 + round(234 / 4), 0)
    assert (shades[1, -1], shades[0, -1]) == (20 + round(234 / 2), 254)
    assert most_reads(beyond.length_quality) == 16
    marks = density_marks(39_820)
    assert list(marks.values()) == ["0", "40 k", "9 k"]
    assert marks[-1.0] == "0"
    assert marks[1.0] == "40 k"


def test_time_begins_with_the_first_read_and_lines_break_where_there_are_none(beyond: QcResults) -> None:
    result = beyond.yield_over_time
    assert result is not None
    left, right = bin_edges(result)
    assert left.tolist() == [0.0, 1.5]
    assert right.tolist() == [0.5, 2.0]
    line = steps(left, right, np.array([18.0, 20.0]))
    assert line.x.tolist() == [0.0, 0.5, 0.5, 1.5, 2.0]
    assert np.isnan(line.y).tolist() == [False, False, True, False, False]
    assert [per_bin(seconds) for seconds in (60, 480, 7680)] == ["per minute", "per 8 min", "per 2 h 8 min"]
    assert clock(3.0833333) == "3:05 h"


def test_tiles_lie_in_strips_with_a_gap_between_surfaces(beyond: QcResults) -> None:
    result = beyond.tile_yield
    assert result is not None
    cell = flow_cell(result)
    assert [strip.name if strip else "" for strip in cell.strips] == ["1 top 1", "1 top 2", "", "1 bot 1"]
    assert [strip.words for strip in cell.strips if strip] == [
        "lane 1, top, swath 1",
        "lane 1, top, swath 2",
        "lane 1, bottom, swath 1",
    ]
    assert cell.legend == "1 bot 1 is lane 1, bottom, swath 1"
    assert cell.along == (1, 2)
    assert cell.index.tolist() == [[0, 1], [2, -1], [-1, -1], [-1, 3]]
    shades = cell_shades(cell, result.reads, 0.0, 40.0)
    assert shades.tolist() == [[78, 137], [254, 255], [255, 255], [255, 196]]
    assert cell_shades(cell, result.mean_quality, 30.0, 36.0)[3, 1] == 255
    assert cell.tile_at(0, 3.5) == 0
    assert cell.tile_at(0, 1.5) is None
    assert cell.tile_at(1, 9.0) is None
    assert cell.height_of(3) == 0.5
    assert cell.column(0) == [0, 2]
    assert [name for _, name in cell.strip_ticks(0, 4, 9)] == ["1 bot 1", "1 top 2", "1 top 1"]
    assert list(value_marks(0, 40, ["0", "20", "40"]).values()) == ["0", "20", "40"]
