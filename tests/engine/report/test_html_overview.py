"""The table of all files, and what leads to the rest of the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.report.html.overview import Entry
from engine.report.html.samples import samples_page
from engine.report.plots.legend import WIDTH, legend_entries, legend_rows
from engine.report.plots.plot import Plot, Series
from engine.report.plots.svg import plot_svg
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from tests.engine.report.running import SAMPLES, Elements, ran


@pytest.fixture(scope="module")
def single() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


def sample(run: RunSnapshot, at: int, **basic: float) -> Entry:
    results = run.results.model_copy(update={"basic": run.results.basic.model_copy(update=basic)})
    return Entry(replace(run, path=Path(f"S{at}_R1.fastq.gz"), results=results), f"S{at}")


@pytest.fixture(scope="module")
def entries(single: RunSnapshot) -> list[Entry]:
    found = [sample(single, at, gc_percent=45.0) for at in range(8)]
    return [*found, sample(single, 8, gc_percent=60.0)]


def columns(page: Elements) -> list[str]:
    titles = [text for attributes, text in page.all("th") if attributes.get("scope") == "col"]
    return titles[titles.index("File", titles.index("File") + 1) :]


def test_what_stands_out_is_marked_where_its_number_is(entries: list[Entry]) -> None:
    page = Elements(samples_page(entries))
    marked = [(text, attributes["title"]) for attributes, text in page.all("strong") if attributes.get("title")]
    assert marked == [("60.0", "Stands out: usually 45.0 %")]


def test_bars_have_a_rule_each(entries: list[Entry]) -> None:
    text = samples_page(entries)
    used = {name for a, _ in Elements(text).all("span") for name in (a.get("class") or "").split() if name[0] == "b"}
    assert "b20" in used, "the most reads fill their cell"
    assert all(f".{name} {{" in text for name in used - {"bar", "b0", "badge"})


def test_a_state_is_told_only_where_not_all_were_read_whole(entries: list[Entry]) -> None:
    assert "State" not in columns(Elements(samples_page(entries)))
    failed = [entries[0]._replace(run=replace(entries[0].run, state=RunState.CANCELLED)), *entries[1:]]
    page = Elements(samples_page(failed))
    assert columns(page)[:3] == ["File", "State", "Reads"]
    assert "cancelled" in page.by_id("overview")


def test_the_page_begins_with_links_to_all_of_it(entries: list[Entry]) -> None:
    page = Elements(samples_page(entries))
    ids = {attributes["id"] for _, attributes, _ in page.found if "id" in attributes}
    inside = [href[1:] for a, _ in page.all("a") if (href := a.get("href") or "").startswith("#")]
    assert inside[:3] == ["standing-out", "overview", "base_quality"]
    assert set(inside) <= ids
    assert {a["id"] for a, _ in page.all("section") if a.get("id")} == set(inside)


def test_a_legend_has_as_many_rows_as_it_needs() -> None:
    names = [f"sample_with_a_name_{number:02d}" for number in range(12)]
    series = tuple(Series(name, "line-1", (1.0, 2.0)) for name in names)
    plot = Plot("m", "t", "x", "y", (1.0, 2.0), ("1", "2"), series)
    rows = legend_rows(legend_entries(plot))
    assert [entry.name for row in rows for _, entry in row] == names
    assert len(rows) > 1
    assert all(x < WIDTH for row in rows for x, _ in row)
    assert all(f">{name}<" in plot_svg(plot) for name in names)
    assert legend_rows(legend_entries(Plot("m", "t", "x", "y", (1.0,), ("1",), series[:1]))) == []
