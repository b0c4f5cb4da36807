"""What FastQC does not measure: as plots, sections and rows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from engine.collectors.results import (
    LengthQuality,
    PairStatistics,
    QcResults,
    TileYield,
    YieldByChannel,
    YieldOverTime,
)
from engine.report.bundle import Format, write_reports
from engine.report.explanations import explanations
from engine.report.html.report import run_page
from engine.report.plots.beyond import MODULES, beyond_plots
from engine.report.plots.figure import figure_svg
from engine.report.plots.flow_cell import Strip, tile_place
from engine.report.plots.heat import shade
from engine.report.tables_beyond import beyond_table
from engine.run.snapshot import RunSnapshot
from tests.engine.report.running import SAMPLES, Elements, ran

PAIRS = PairStatistics(
    pairs=10, overlapping=3, read_through=1, insert_sizes=(90, 92), counts=(1, 2), median=92, most_frequent=92
)
TILES = TileYield(
    lanes=(1, 1, 1, 2),
    tiles=(1101, 1102, 2101, 1101),
    reads=(100, 50, 25, 10),
    bases=(1000, 500, 250, 100),
    mean_quality=(36.0, 35.0, 30.0, None),
)
TIME = YieldOverTime(seconds=60, starts=(600, 720), reads=(5, 3), bases=(50, 30), mean_quality=(12.5, None))
CHANNELS = YieldByChannel(channels=(3, 5), reads=(5, 3), bases=(50, 30), mean_quality=(12.5, 10.0))


@pytest.fixture(scope="module")
def run() -> RunSnapshot:
    """A real run, and numbers of every kind."""
    found = ran(SAMPLES / "illumina_single.fastq.gz")
    more = {"pairs": PAIRS, "tile_yield": TILES, "yield_over_time": TIME, "yield_by_channel": CHANNELS}
    return replace(found, results=found.results.model_copy(update=more))


def test_all_that_was_measured_is_drawn_explained_and_told_in_numbers(run: RunSnapshot) -> None:
    text = run_page(run, "a run")
    page = Elements(text)
    drawn = beyond_plots(run.results)
    assert tuple(drawn) == MODULES
    for module, plots in drawn.items():
        section = page.by_id(module)
        assert explanations()[module].shows in section
        assert "Numbers" in section
        for name, plot in plots.items():
            assert page.by_id(f"plot-{name}")
            ET.fromstring(figure_svg(plot, "a run"))  # noqa: S314 - made by ourselves
    assert {f"#{module}" for module in MODULES} <= {attributes.get("href") for attributes, _ in page.all("a")}


def test_nothing_measured_nothing_drawn() -> None:
    assert beyond_plots(QcResults()) == {}
    empty = QcResults(
        tile_yield=TileYield(),
        length_quality=LengthQuality(),
        yield_by_channel=YieldByChannel(),
        pairs=PairStatistics(),
    )
    assert beyond_plots(empty) == {}
    assert all(beyond_table(module, QcResults()) is None for module in MODULES)


def test_files_of_their_own(run: RunSnapshot, tmp_path: Path) -> None:
    names = {path.name for path in write_reports([run], tmp_path, [Format.SVG])}
    assert names >= {"tile_yield.svg", "tile_yield_quality.svg", "length_quality.svg", "error_quality.svg"}
    assert names >= {"yield_over_time.svg", "quality_over_time.svg", "yield_by_channel.svg", "quality_by_channel.svg"}


def test_the_plot_of_pairs_is_of_both_mates(run: RunSnapshot, tmp_path: Path) -> None:
    pairs = replace(run, results=run.results.model_copy(update={"mate": run.results}))
    written = {str(path.relative_to(tmp_path)) for path in write_reports([pairs], tmp_path, [Format.SVG])}
    assert "illumina_single_pair_plots/pairs.svg" in written


def test_times_and_channels_without_reads_have_their_place(run: RunSnapshot) -> None:
    over_time = beyond_plots(run.results)["yield_over_time"]
    assert list(over_time["yield_over_time"].series[0].values) == [50, 0, 30]
    assert list(over_time["quality_over_time"].series[0].values) == [12.5, None, None]
    by_channel = beyond_plots(run.results)["yield_by_channel"]
    assert list(by_channel["yield_by_channel"].series[0].values) == [50, 0, 30]
    assert by_channel["quality_by_channel"].names == ("3", "4", "5")


@pytest.mark.parametrize(
    ("tile", "strip", "along"),
    [(1101, Strip(2, 1, 1), 1), (2678, Strip(2, 2, 6), 78), (11612, Strip(2, 1, 1), 612), (117, Strip(2, 0, 0), 117)],
)
def test_where_a_tile_lies(tile: int, strip: Strip, along: int) -> None:
    assert tile_place(2, tile) == (strip, along)


def test_the_map_has_a_row_a_swath_and_a_gap_between_surfaces(run: RunSnapshot) -> None:
    plots = beyond_plots(run.results)["tile_yield"]
    heat = plots["tile_yield"].heat
    assert heat is not None
    assert heat.rows == ("1 top 1", "", "1 bot 1", "", "2 top 1")
    assert [list(row) for row in heat.values] == [[100, 50], [None, None], [25, None], [None, None], [10, None]]
    assert heat.scale is not None
    shades = [sum(shade(value, heat.scale)) for value in (0.0, 25.0, 50.0, 75.0, 100.0)]
    assert shades == sorted(shades)  # in print too, more is lighter
    quality = plots["tile_yield_quality"].heat
    assert quality is not None
    assert quality.values[0] == (36.0, 35.0)
    assert quality.values[-1] == (None, None)


def test_rows_of_the_table(run: RunSnapshot) -> None:
    found = beyond_table("tile_yield", run.results)
    assert found is not None
    assert found.rows[1] == ("1", "1102", 50, 500, 35.0)
    over_time = beyond_table("yield_over_time", run.results)
    assert over_time is not None
    assert over_time.rows[0][0] == "1970-01-01T00:10:00Z"
