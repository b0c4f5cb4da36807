"""Flow cells of several runs, one below the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.collectors.results import QcResults, TileYield
from gui.models.compare import Compared
from gui.models.compare_tiles import TILE_MAPS, heading_strips, panel_at, panels, strip_ticks, tile_words
from gui.models.plot_heat import MIDDLE, UNKNOWN
from gui.theme.theme import Theme
from gui.views.compare_tiles_plot import CompareTilesPlot

READS, QUALITY = TILE_MAPS["yield by tile"], TILE_MAPS["quality by tile"]
THIS = TileYield(
    lanes=(1, 1, 1, 1),
    tiles=(1101, 1102, 1201, 2102),
    reads=(90, 110, 60, 140),
    bases=(1000, 2000, 4000, 3000),
    mean_quality=(35.0, 36.0, 30.0, None),
)
LAST_WEEK = TileYield(lanes=(3, 3), tiles=(1101, 1103), reads=(5, 15), bases=(50, 150), mean_quality=(33.0, 34.0))
BOTH = TileYield(lanes=(1, 2), tiles=(1101, 1101), reads=(1, 1), bases=(9, 9), mean_quality=(30.0, 31.0))

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def runs_of(*found: TileYield | None) -> list[Compared]:
    return [Compared(number, f"run {number}", QcResults(tile_yield=tiles)) for number, tiles in enumerate(found, 1)]


def test_flow_cells_stand_below_each_other_with_the_same_tiles_along_them() -> None:
    runs = runs_of(THIS, None, LAST_WEEK)
    first, last = panels(READS, runs, ["this", "none", "last week"], 2.0)
    assert (first.name, last.name) == ("this", "last week")
    assert (first.number, last.number) == (0, 2)
    assert first.cell.along == last.cell.along == (1, 2, 3)
    assert (last.foot, last.top, first.foot, first.top) == (0.0, 1.0, 3.0, 7.0)  # two swaths, a gap, one swath
    assert panel_at([first, last], 0.5) is last
    assert panel_at([first, last], 2.5) is None
    assert panel_at([first, last], 6.9) is first
    assert [name for _, name in strip_ticks([first, last], 0.0, 9.0, 99)] == [
        "1 bot 1",
        "1 top 2",
        "1 top 1",
        "3 top 1",
    ]


def test_headings_are_as_high_as_wanted_whatever_the_height() -> None:
    flat = panels(READS, runs_of(THIS, LAST_WEEK), ["a", "b"])
    heading = heading_strips(flat, 200.0, 20.0)
    whole = panels(READS, runs_of(THIS, LAST_WEEK), ["a", "b"], heading)[0].top + heading
    assert pytest.approx(heading / whole) == 20.0 / 200.0


def test_reads_are_told_from_the_mean_tile_of_their_own_run() -> None:
    first, last = panels(READS, runs_of(THIS, LAST_WEEK), ["a", "b"])
    assert first.values.tolist() == pytest.approx([-10.0, 10.0, -40.0, 40.0])
    assert last.values.tolist() == pytest.approx([-50.0, 50.0])
    assert READS.limits(first.values) == (-40.0, 40.0)
    shades = READS.shades(first, -40.0, 40.0)
    assert shades.tolist() == [
        [MIDDLE - 32, MIDDLE + 32, UNKNOWN],
        [0, UNKNOWN, UNKNOWN],
        [UNKNOWN] * 3,
        [UNKNOWN, 2 * MIDDLE, UNKNOWN],
    ]
    assert READS.marks(-40.0, 40.0) == {-1.0: "\N{MINUS SIGN}40", 0.0: "0", 1.0: "+40"}


def test_the_same_tile_is_told_of_every_run() -> None:
    stacked = panels(QUALITY, runs_of(THIS, LAST_WEEK, BOTH), ["a", "b", "c"])
    words = tile_words(QUALITY, stacked, stacked[0], 0).split("\n")
    # Lane 1 of a flow cell stands beside lane 3 of another where each run has one lane only.
    assert words == ["lane 1, top, swath 1, tile 1101", "Q35.0  a", "Q33.0  b", "Q30.0  c"]
    assert tile_words(QUALITY, stacked, stacked[2], 1).split("\n") == [
        "lane 2, top, swath 1, tile 1101",
        "no such tile  a",
        "no such tile  b",
        "Q31.0  c",
    ]
    assert tile_words(QUALITY, stacked, stacked[0], 3).split("\n")[1] == "no bases  a"


@pytest.mark.parametrize("card", TILE_MAPS)
def test_the_card_draws_tells_and_saves(card: str, qtbot: QtBot, dark: Theme, tmp_path: Path) -> None:
    plot = CompareTilesPlot(card)
    qtbot.addWidget(plot)
    plot.resize(420, 340)
    runs = runs_of(THIS, None, LAST_WEEK)
    assert plot.is_told(runs)
    assert not plot.is_told(runs[1:2])
    plot.set_runs(runs)
    plot.show()
    qtbot.waitExposed(plot)
    QApplication.processEvents()
    assert plot.named == ["run 1", "run 3"]
    header, rows = plot.table()
    assert header[0] == "run"
    assert [row[0] for row in rows] == ["run 1"] * 4 + ["run 3"] * 2
    plot.canvas.walked.emit(1)
    assert plot.canvas.accessibleDescription().startswith("least of the column, tile 1")
    plot.canvas.pointer_y = 0.5
    plot.canvas.pointed.emit(0.5)
    assert plot.canvas.accessibleDescription().startswith("lane 3, top, swath 1, tile 1101, ")
    for suffix in ("png", "svg", "csv"):
        plot.save(tmp_path / f"tiles.{suffix}")
    assert "run 3" in (tmp_path / "tiles.svg").read_text("utf-8")
    plot.set_runs(runs_of(None, None))
    assert not plot.is_told(runs_of(None, None))
    assert plot.table()[1] == []
