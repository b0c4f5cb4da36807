"""The top of a page: what needs a look, and numbers that say what they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from engine.collectors.judged_by import JudgedBy
from engine.collectors.profiles import profile
from engine.collectors.results import BasicStatistics, QcResults
from engine.collectors.verdicts import Status, Verdict, verdicts
from engine.report.explanations import reason
from engine.report.html.report import run_page
from engine.report.limits_text import limits_note
from engine.run.snapshot import RunSnapshot
from tests.engine.report.running import SAMPLES, Elements, ran


@pytest.fixture(scope="module")
def nanopore() -> RunSnapshot:
    return ran(SAMPLES / "nanopore.fastq.gz")


@pytest.fixture(scope="module")
def single() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


def page_of(run: RunSnapshot) -> Elements:
    return Elements(run_page(run, run.name))


def test_what_failed_comes_first_with_its_reason(single: RunSnapshot) -> None:
    judged = verdicts(single.results, profile())
    page = page_of(single)
    look = page.by_id("look")
    bad = [module for module, verdict in judged.items() if verdict.status is not Status.PASS]
    assert bad
    for module in bad:
        assert reason(module, judged[module], profile()) in look
    links = [str(a["href"]) for a, _ in page.all("a")]
    told = links[-len(bad) :]
    ranks = [list(Status).index(judged[link[1:]].status) for link in told]
    assert ranks == sorted(ranks, reverse=True)


def test_every_part_of_the_page_is_linked_from_its_beginning(single: RunSnapshot) -> None:
    page = page_of(single)
    (navigation,) = [text for _, text in page.all("nav")]
    assert "About this run" in navigation
    levels = [int(tag[1]) for tag, _, _ in page.found if tag in {"h1", "h2", "h3"}]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_numbers_have_units_and_are_told_once(single: RunSnapshot, nanopore: RunSnapshot) -> None:
    names = [[text for _, text in page_of(run).all("dt")] for run in (single, nanopore)]
    assert "Mean length" not in names[0], "all are of one length"
    assert {"Mean length", "N50", "Median length"} <= set(names[1])
    assert "one wrong base in 100" in page_of(single).by_id("basic")
    assert "N50 or longer" not in page_of(single).by_id("basic")
    assert "N50 or longer" in page_of(nanopore).by_id("basic")


def test_long_reads_are_not_left_to_limits_for_short_ones(single: RunSnapshot, nanopore: RunSnapshot) -> None:
    assert "--profile nanopore" in page_of(nanopore).by_id("look")
    assert limits_note([single]) == ""
    assert limits_note([replace(nanopore, judged_by=JudgedBy("nanopore", profile("nanopore")))]) == ""
    long = QcResults(basic=BasicStatistics(reads=2, bases=9_000, longest=8_000))
    assert limits_note([single, replace(single, results=long)])


def test_nothing_is_told_of_no_reads(single: RunSnapshot) -> None:
    assert 'id="look"' not in run_page(
        RunSnapshot(
            run_id=1,
            name="a",
            path=single.path,
            kind="",
            state=single.state,
            created=single.created,
        ),
        "a",
    )


@pytest.mark.parametrize(
    ("value", "told"), [(12_345.0, "12,345 bp"), (218.0, "218 bp"), (1_234.5678, "1,235 bp"), (0.0, "0 bp")]
)
def test_large_numbers_stay_legible(value: float, told: str) -> None:
    verdict = Verdict(status=Status.PASS, value=value, measure="shortest read")
    assert reason("lengths", verdict, profile()) == f"Shortest read: {told}."


def test_what_is_not_there_has_no_place_and_lengths_say_what_is_odd() -> None:
    nothing = Verdict(status=Status.PASS, value=0.0, limit=5.0, measure="N", where="1")
    assert reason("n_content", nothing, profile()) == "N at the worst position: 0 %; warns above 5 %."
    apart = Verdict(status=Status.WARN, value=218.0, measure="shortest read")
    assert reason("lengths", apart, profile()) == "Reads differ in length; the shortest has 218 bp."
    tile = Verdict(status=Status.PASS, value=0.76492, limit=5.0, measure="deviation", where="tile 1105, cycle 7-8")
    assert reason("tile_quality", tile, profile()).startswith(
        "Deviation: 0.765 Phred (tile 1105, position 7\N{EN DASH}8)"
    )
