"""Long reads beside short ones: plots of their own, so that nobody's line is a stroke at the left."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from engine.collectors.results import BasicStatistics, LengthDistribution, QcResults
from engine.report.html.overview import Entry
from engine.report.html.samples import samples_page
from engine.report.length_classes import FAR_APART, length_classes, reach
from engine.report.plots.modules import CYCLES
from engine.report.plots.overlay import overlaid_panels, overlaid_plots, overlay_words
from tests.engine.report.running import SAMPLES, Elements, ran

SHORT = ran(SAMPLES / "illumina_single.fastq.gz")
LONG = ran(SAMPLES / "nanopore.fastq.gz")
MIXED = [("short", SHORT.results), ("long", LONG.results), ("again", SHORT.results)]


def test_lengths_are_cut_where_neighbours_are_furthest_apart() -> None:
    assert length_classes([150, 20_000, 76, 25_000, 151]) == [[0, 2, 4], [1, 3]]
    assert length_classes([76, 101, 151, 251, 301]) == [[0, 1, 2, 3, 4]]
    assert length_classes([]) == []


@given(st.lists(st.integers(1, 10**6), max_size=12))
def test_every_sample_is_in_one_class_and_none_is_wide(reaches: list[int]) -> None:
    classes = length_classes(reaches)
    assert sorted(at for found in classes for at in found) == list(range(len(reaches)))
    for found in classes:
        assert max(reaches[at] for at in found) <= FAR_APART * min(reaches[at] for at in found)


def test_a_few_long_reads_do_not_stretch_the_axis() -> None:
    lengths = LengthDistribution(starts=(100, 200, 9000), ends=(199, 299, 9999), counts=(150, 49, 1))
    results = QcResults(basic=BasicStatistics(reads=200, longest=9500), lengths=lengths)
    assert reach(results) == 299
    assert reach(results.model_copy(update={"lengths": None})) == 9500
    assert reach(QcResults()) == 0


def test_long_reads_and_short_ones_have_axes_of_their_own() -> None:
    panels = overlaid_panels(MIXED)
    for module in ("base_quality", "base_content", "n_content", "lengths"):
        short, long = panels[module].values()
        assert [[line.name for line in plot.series] for plot in (short, long)] == [["short", "again"], ["long"]]
        assert short.places[-1] * FAR_APART < long.places[-1]
        assert short.group == "reads of up to 150 bp: 2 files"
    assert [len(panels[module]) for module in ("gc_content", "sequence_quality", "duplication")] == [1, 1, 1]


def test_the_same_file_has_the_same_colour_and_all_positions_the_same_scale() -> None:
    panels = overlaid_panels(MIXED)
    colours = {(line.name, line.colour) for plots in panels.values() for plot in plots.values() for line in plot.series}
    assert len(colours) == len(MIXED)
    for module, plots in panels.items():
        if next(iter(plots.values())).x_label == CYCLES:
            assert len({plot.y_range() for plot in plots.values()}) == 1, module


def test_reads_that_are_alike_stay_together() -> None:
    panels = overlaid_panels([("one", SHORT.results), ("other", SHORT.results)])
    assert all(list(plots) == [module] for module, plots in panels.items())
    assert not any(plot.group for plots in panels.values() for plot in plots.values())


def test_files_of_plots_have_the_same_names_however_long_the_reads_are() -> None:
    plots = overlaid_plots(MIXED)
    assert set(plots) == set(overlaid_panels(MIXED))
    assert len(plots["base_quality"].series) == len(MIXED)
    assert plots["base_quality"].places[-1] > reach(LONG.results)


def test_what_is_left_out_is_told() -> None:
    assert reach(LONG.results) < LONG.results.basic.longest
    assert "fewer than one read in 100" in overlay_words("base_quality", [LONG.results])
    assert "fewer than" not in overlay_words("base_quality", [SHORT.results])
    assert "fewer than" not in overlay_words("tile_quality", [SHORT.results, LONG.results])


def test_the_page_draws_each_class_below_a_heading() -> None:
    page = Elements(samples_page([Entry(SHORT, "a"), Entry(LONG, "b")]))
    headings = [text for _, text in page.all("h3")]
    assert headings[0] == "Reads of up to 150 bp: 1 file"
    drawn = json.loads(page.by_id("plots"))
    assert sum(name.startswith("plot-base_quality") for name in drawn) == 2
    assert set(drawn) == {str(attributes["id"]) for attributes, _ in page.all("figure")}, (
        "what the script draws has its place"
    )
