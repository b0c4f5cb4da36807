from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from engine.collectors.results import (
    AdapterContent,
    BasicStatistics,
    EnrichedKmer,
    ErrorQuality,
    KmerContent,
    Overrepresented,
    PairStatistics,
    QcResults,
    TileQuality,
)
from engine.run.snapshot import RunSnapshot
from gui.models.compare import OVERLAYS, Compared
from gui.models.plot_heat import MIDDLE, UNKNOWN, shade, tile_shades, tile_ticks, worst_tile
from gui.theme.theme import Theme
from gui.theme.tokens import SERIES
from gui.views.compare_plot import ComparePlot
from gui.views.plots.adapter_plot import AdapterPlot
from gui.views.plots.duplication_plot import level_ticks, level_words
from gui.views.plots.gc_plot import GcPlot
from gui.views.plots.kmer_table import KmerTable
from gui.views.plots.n_content_plot import NContentPlot
from gui.views.plots.overrepresented_table import OverrepresentedTable
from gui.views.plots.result_card import ResultCard
from gui.views.plots.tile_plot import TilePlot
from tests.gui.plots.cards import says

Card = TypeVar("Card", bound=ResultCard)
MakeSnapshot = Callable[..., RunSnapshot]
READS = BasicStatistics(reads=5)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def show(qtbot: QtBot, card: Card, snapshot: RunSnapshot) -> Card:
    qtbot.addWidget(card)
    card.resize(480, 320)
    card.set_snapshot(snapshot)
    card.show()
    qtbot.waitExposed(card)
    QApplication.processEvents()
    return card


@pytest.mark.parametrize(
    ("kind", "results", "sentence"),
    [
        (TilePlot, QcResults(basic=READS), "No tile numbers in the names of these reads"),
        (
            AdapterPlot,
            QcResults(basic=READS, adapters=AdapterContent(names=("a",), percent=((),), too_short=True)),
            "The reads are too short to look for adapters in them",
        ),
        (
            OverrepresentedTable,
            QcResults(basic=READS, overrepresented=Overrepresented()),
            "No sequence makes up more than 0.1 % of the reads",
        ),
        (KmerTable, QcResults(basic=READS, kmers=KmerContent()), "No k-mer favours a place in the read"),
        (NContentPlot, QcResults(basic=READS), "Not measured in this run"),
    ],
)
def test_where_there_is_nothing_it_says_why(
    kind: Callable[[], ResultCard],
    results: QcResults,
    sentence: str,
    qtbot: QtBot,
    dark: Theme,
    make_snapshot: MakeSnapshot,
) -> None:
    assert sentence in says(show(qtbot, kind(), make_snapshot(results=results)))


def test_fastqcs_names_stand_beside_ours(qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot) -> None:
    assert "Per sequence GC content" in says(show(qtbot, GcPlot(), make_snapshot()))


def test_a_verdict_is_told_by_symbol_and_words(qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot) -> None:
    card = show(qtbot, GcPlot(), make_snapshot())
    assert not card.verdict.isVisible()
    card.set_verdict("warned", "warned", "warning: 20 % off the curve")
    assert card.verdict.isVisible()
    assert "20 % off" in card.verdict.toolTip()
    assert card.accessibleName() == "Per sequence GC content: warning: 20 % off the curve"
    card.set_verdict("", "", "")
    assert not card.verdict.isVisible()
    assert card.accessibleName() == "Per sequence GC content"


def test_a_card_that_is_scrolled_out_of_sight_waits(
    qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    area, card = QScrollArea(), GcPlot()
    qtbot.addWidget(area)
    inside = QLabel()
    inside.resize(400, 2000)
    card.setParent(inside)
    card.setGeometry(0, 1500, 400, 300)
    area.setWidget(inside)
    area.resize(420, 300)
    area.show()
    qtbot.waitExposed(area)
    card.set_snapshot(make_snapshot(results=results))
    QApplication.processEvents()
    assert not card.canvas.isVisible()
    area.verticalScrollBar().setValue(1500)
    qtbot.waitUntil(card.canvas.isVisible)


def test_only_adapters_that_were_found_are_named(
    qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    card = show(qtbot, AdapterPlot(), make_snapshot(results=results))
    assert card.named == ["Illumina Universal Adapter"]
    assert card.note == "up to 12.00 %"
    assert card.table()[0][2:] == ["Illumina Universal Adapter (%)", "PolyA (%)"]


def test_shades_grow_with_the_deviation() -> None:
    shades = shade(np.array([-20.0, -10.0, -1.0, 0.0, 1.0, 10.0, np.nan]))
    assert shades.tolist() == [0, 0, 87, MIDDLE, 167, 254, UNKNOWN]


def test_a_map_of_tiles_has_a_column_a_base_and_the_first_tile_at_the_foot() -> None:
    result = TileQuality(
        starts=(1, 2), ends=(1, 5), tiles=(7, 8), average=(30.0, 30.0), deviation=((0.0, -10.0), (10.0, None))
    )
    assert tile_shades(result).tolist() == [[254, *[UNKNOWN] * 4], [MIDDLE, 0, 0, 0, 0]]
    assert worst_tile(result, 0) == 0
    assert worst_tile(result, 1) == 0
    assert tile_ticks(result.tiles, 0, 2, 5) == [(0.5, "7"), (1.5, "8")]
    assert len(tile_ticks(range(400), 0, 400, 6)) <= 6


def test_a_map_of_very_long_reads_stays_small() -> None:
    result = TileQuality(
        starts=(1, 50_001), ends=(50_000, 100_000), tiles=(1,), average=(30.0,) * 2, deviation=((1.0, -1.0),)
    )
    shades = tile_shades(result)
    assert shades.shape[1] <= 2000
    assert shades[0, 0] > MIDDLE > shades[0, -1]


def test_the_worst_tile_is_seen_and_told(
    qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    card = show(qtbot, TilePlot(), make_snapshot(results=results))
    area = card.canvas.plot_area()
    image = card.canvas.grab().toImage()
    # Tile 1102, the middle row, is 6 Phred below the others at the first base.
    at = QPointF(area.left() + 1, area.center().y())
    color = image.pixelColor(QPoint(round(at.x()), round(at.y())))
    assert color.red() > color.blue() + 60
    assert QColor(SERIES["T"]).red() >= color.red()
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    assert "worst tile 1102, top, swath 1" in card.canvas.accessibleDescription()
    assert "\N{MINUS SIGN}6.00 Phred" in card.canvas.accessibleDescription()


def test_levels_of_duplication_are_thinned_where_there_is_little_room() -> None:
    assert [text for _, text in level_ticks(-0.6, 15.6, 8)][:3] == ["1", "2", "3"]
    assert len(level_ticks(-0.6, 15.6, 3)) <= 6
    assert level_words(0) == "sequences that occur once"
    assert level_words(15) == "sequences that occur more than 10k times"


@pytest.fixture
def sequences(qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot, results: QcResults) -> OverrepresentedTable:
    return show(qtbot, OverrepresentedTable(), make_snapshot(results=results))


def test_sequences_are_sorted_by_what_they_are_not_by_how_they_are_written(sequences: OverrepresentedTable) -> None:
    model = sequences.view.model()
    assert [model.index(row, 1).data() for row in range(2)] == ["900", "2,000"]
    sequences.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [model.index(row, 1).data() for row in range(2)] == ["2,000", "900"]
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole).families()[0] == "JetBrains Mono"
    assert sequences.note == "2 sequences, 2.90 %"


def test_rows_stay_under_the_pointer_but_not_those_of_another_run(
    sequences: OverrepresentedTable, make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    sequences.view.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    one = results.overrepresented
    assert one is not None
    fewer = results.model_copy(update={"overrepresented": Overrepresented(sequences=one.sequences[:1])})
    sequences.set_snapshot(make_snapshot(results=fewer))
    assert len(sequences.rows.rows) == 2
    sequences.set_snapshot(make_snapshot(2, results=results.model_copy(update={"overrepresented": Overrepresented()})))
    assert sequences.rows.rows == []
    assert "No sequence makes up more than 0.1 % of the reads" in says(sequences)


def test_sequences_have_the_room_that_sources_leave(sequences: OverrepresentedTable) -> None:
    view = sequences.view
    sequences.resize(1_000, 320)
    QApplication.processEvents()
    assert view.columnWidth(0) >= view.sizeHintForColumn(0)
    assert view.columnWidth(3) >= view.sizeHintForColumn(3)
    sequences.resize(400, 320)
    QApplication.processEvents()
    assert 84 <= view.columnWidth(0) < view.sizeHintForColumn(0)
    assert sum(view.columnWidth(number) for number in range(4)) == view.viewport().width()
    view.setColumnWidth(0, 150)  # as a hand at its edge does
    sequences.resize(1_000, 320)
    QApplication.processEvents()
    assert view.columnWidth(0) == 150


def test_sequences_can_be_copied(sequences: OverrepresentedTable, qtbot: QtBot) -> None:
    sequences.view.selectRow(1)
    sequences.copy_sequence()
    assert QGuiApplication.clipboard().text() == "G" * 50
    qtbot.keyClick(sequences.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"{'G' * 50}\t2,000\t2.00\tPolyG (100% over 50bp)"
    sequences.view.clearSelection()
    sequences.copy_rows()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2


def test_tables_are_saved_as_pictures_and_values(sequences: OverrepresentedTable, tmp_path: Path) -> None:
    for suffix in ("png", "svg", "csv"):
        sequences.save(tmp_path / f"table.{suffix}")
    assert QImage(str(tmp_path / "table.png")).width() > 800
    assert ">PolyG (100% over 50bp)<" in (tmp_path / "table.svg").read_text("utf-8")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Sequence", "Reads", "%", "Possible source"]
    assert rows[1][1:] == ["900", "0.9", "none known"]


def test_k_mers_show_only_where_they_were_measured(qtbot: QtBot, dark: Theme, make_snapshot: MakeSnapshot) -> None:
    card = KmerTable()
    qtbot.addWidget(card)
    assert not card.is_wanted(QcResults(basic=READS))
    kmer = EnrichedKmer(sequence="ACGTACG", count=500, p_value=1e-9, enrichment=12.5, start=3, end=3)
    results = QcResults(basic=READS, kmers=KmerContent(kmers=(kmer,)))
    assert card.is_wanted(results)
    card.set_snapshot(make_snapshot(results=results))
    assert card.table()[1] == [["ACGTACG", 500, 1e-9, 12.5, 3, 3]]


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.key)
def test_runs_are_drawn_over_one_another(
    overlay: object, qtbot: QtBot, dark: Theme, results: QcResults, tmp_path: Path
) -> None:
    quality = ErrorQuality(mean_quality=20.0, expected_errors=1.0, qualities=(19, 20), counts=(1, 3))
    pairs = PairStatistics(pairs=4, overlapping=4, insert_sizes=(90, 92), counts=(1, 3))
    results = results.model_copy(update={"error_quality": quality, "pairs": pairs})
    card = ComparePlot(next(one for one in OVERLAYS if one is overlay))
    qtbot.addWidget(card)
    card.resize(480, 320)
    card.set_runs([Compared(1, "raw", results), Compared(2, "trimmed", results), Compared(3, "nothing", QcResults())])
    card.show()
    qtbot.waitExposed(card)
    assert [name.partition(":")[0] for name in card.named] == ["raw", "trimmed"]
    assert card.canvas.isVisible()
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    assert "trimmed" in card.canvas.accessibleDescription()
    card.save(tmp_path / "plot.svg")
    assert ">trimmed" in (tmp_path / "plot.svg").read_text("utf-8")
    card.save(tmp_path / "plot.csv")
    assert {row[0] for row in card.table()[1]} == {"raw", "trimmed"}
    card.set_runs([Compared(3, "nothing", QcResults())])
    assert not card.canvas.isVisible()
