"""Insert sizes and tiles of several runs in one plot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.collectors.results import BasicStatistics, PairStatistics, QcResults, TileYield
from engine.report.bundle import Format, write_reports
from engine.report.html.overview import Entry
from engine.report.html.samples import samples_page
from engine.report.plots.figure import figure_svg
from engine.report.plots.overlay_beyond import insert_sizes_plot, tile_plots
from engine.report.plots.svg import plot_svg
from engine.run.snapshot import RunSnapshot
from tests.engine.report.running import SAMPLES, ran

SHORT = PairStatistics(pairs=8, overlapping=4, insert_sizes=(90, 92), counts=(1, 3), median=92, most_frequent=92)
LONG = PairStatistics(pairs=4, overlapping=2, insert_sizes=(91, 93), counts=(1, 1), median=91, most_frequent=91)
ONE = TileYield(lanes=(1, 1), tiles=(1101, 1102), reads=(90, 110), bases=(9000, 11000), mean_quality=(35.0, 36.0))
OTHER = TileYield(lanes=(3,), tiles=(1102,), reads=(7,), bases=(700,), mean_quality=(None,))
MANY = TileYield(lanes=(1, 2), tiles=(1101, 1101), reads=(1, 3), bases=(100, 300), mean_quality=(30.0, 20.0))


def results_of(tiles: TileYield, pairs: PairStatistics | None = None) -> QcResults:
    return QcResults(basic=BasicStatistics(reads=500), tile_yield=tiles, pairs=pairs)


@pytest.fixture(scope="module")
def single() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


def test_insert_sizes_are_shares_of_the_pairs_that_overlap() -> None:
    plot = insert_sizes_plot([("a", SHORT), ("none", PairStatistics(pairs=9)), ("b", LONG)])
    assert plot is not None
    assert plot.names == ("90", "91", "92", "93")
    assert [(series.name, series.values) for series in plot.series] == [
        ("a", (25.0, 0.0, 75.0, 0.0)),
        ("b", (0.0, 50.0, 0.0, 50.0)),
    ]
    assert len({series.colour for series in plot.series}) == 2
    assert insert_sizes_plot([("a", SHORT), ("none", PairStatistics(pairs=9))]) is None


def test_tiles_of_files_of_one_lane_each_share_columns() -> None:
    plots = tile_plots([("a", results_of(ONE)), ("b", results_of(OTHER)), ("none", QcResults())])
    reads, quality = plots["tile_yield"], plots["tile_yield_quality"]
    assert reads.names == ("1101", "1102")
    assert reads.heat is not None
    assert reads.heat.rows == ("a", "b")
    assert [list(row) for row in reads.heat.values] == [pytest.approx([-10.0, 10.0]), [None, 0.0]]
    assert reads.heat.scale is not None
    assert [reads.heat.scale.low, reads.heat.scale.high] == pytest.approx([-10.0, 10.0])
    assert quality.heat is not None
    assert quality.heat.values == ((35.0, 36.0), (None, None))
    assert tile_plots([("a", results_of(ONE)), ("none", QcResults())]) == {}


def test_tiles_of_several_lanes_have_columns_of_their_own() -> None:
    reads = tile_plots([("a", results_of(ONE)), ("b", results_of(MANY))])["tile_yield"]
    assert reads.names == ("1:1101", "1:1102", "2:1101")
    assert reads.heat is not None
    assert reads.heat.values[1] == (-50.0, None, 50.0)
    assert reads.x_label == "Lane and tile"


def test_rows_are_numbered_beside_the_axis_and_named_elsewhere(single: RunSnapshot) -> None:
    names = [f"{letter}_{'long' * 40}_R{letter}" for letter in "12"]
    runs = [replace(single, results=results_of(ONE)), replace(single, results=results_of(MANY))]
    plot = tile_plots([(name, run.results) for name, run in zip(names, runs, strict=True)])["tile_yield"]
    svg = str(plot_svg(plot))
    assert ">1<" in svg
    assert names[0] not in svg
    figure = figure_svg(plot, "both")
    ET.fromstring(figure)  # noqa: S314 - made by ourselves
    assert "1 1_long" in figure
    assert "2 2_long" in figure
    text = samples_page([Entry(run, name) for run, name in zip(runs, names, strict=True)])
    assert f"Rows from the top: 1 {names[0]}, 2 {names[1]}." in text
    data = text.partition('id="plots" type="application/json">')[2].partition("</script>")[0]
    drawn = json.loads(data)["plot-tile_yield"]
    assert drawn["rows"] == names
    assert drawn["cells"][1] == [-50.0, None, 50.0]


def test_reports_before_and_after_compare_pairs_and_tiles(single: RunSnapshot, tmp_path: Path) -> None:
    before, after = results_of(ONE, SHORT), results_of(ONE, LONG)
    run = replace(
        single,
        results=before.model_copy(update={"mate": results_of(ONE)}),
        results_after=after.model_copy(update={"mate": results_of(ONE)}),
    )
    written = {path.name: path for path in write_reports([run], tmp_path, [Format.HTML, Format.SVG])}
    plots = {path.name for path in (tmp_path / "illumina_single_pair_compared_plots").iterdir()}
    assert plots >= {"pairs.svg", "tile_yield.svg", "tile_yield_quality.svg"}
    page = written["illumina_single_pair_compared.html"].read_text("utf-8")
    assert "median 92 bp, 50 % of pairs overlap; " in page
    assert 'id="plot-tile_yield_quality"' in page
    alone = written["illumina_single_pair.html"].read_text("utf-8")
    assert "Of 8 pairs looked at, the mates of 4 overlap" in alone
