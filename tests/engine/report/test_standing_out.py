"""Which of many samples are unlike the others, and how the page about them shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.collectors.results import PairStatistics
from engine.report.bundle import Format, write_reports
from engine.report.html.overview import Entry
from engine.report.html.samples import MOST_LINES, samples_page
from engine.report.html.standing_out import standing_out_section
from engine.report.pair_words import furthest, insert_words
from engine.report.standing_out import standing_out
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from tests.engine.report.running import SAMPLES, Elements, ran


@pytest.fixture(scope="module")
def single() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


def sample(run: RunSnapshot, at: int, **basic: int) -> RunSnapshot:
    """The run as another sample, some of whose headline numbers are others."""
    results = run.results.model_copy(update={"basic": run.results.basic.model_copy(update=basic)})
    return replace(run, path=Path(f"S{at:02d}_R1.fastq.gz"), results=results)


def varied(run: RunSnapshot, count: int) -> list[RunSnapshot]:
    """Samples whose numbers of reads differ by some percent, as they do."""
    return [sample(run, at, reads=10_000 + 37 * (at % 9)) for at in range(count)]


def test_one_with_few_reads_stands_out(single: RunSnapshot) -> None:
    runs = varied(single, 12)
    runs[4] = sample(single, 4, reads=1_000)
    (odd,) = (one for one in standing_out(runs) if one.measure == "reads")
    assert (odd.at, odd.value, odd.usual) == (4, "1,000", "10,074")


def test_where_numbers_are_wide_apart_few_of_them_are_odd(single: RunSnapshot) -> None:
    runs = [sample(single, at, reads=1_000 * 2 ** (at % 8)) for at in range(16)]
    assert standing_out(runs) == [], "a third of these has less than half as many reads as usual"
    runs[3] = sample(single, 3, reads=0)
    assert [one.at for one in standing_out(runs) if one.measure == "reads"] == [3]
    runs = [*varied(single, 12), sample(single, 12, reads=0), sample(single, 13, reads=30_000)]
    assert [one.at for one in standing_out(runs) if one.measure == "reads"] == [12, 13]


def test_alike_samples_do_not_stand_out(single: RunSnapshot) -> None:
    assert standing_out(varied(single, 12)) == []
    assert standing_out([single] * 5) == []


def test_of_too_few_nobody_can_say(single: RunSnapshot) -> None:
    runs = [*varied(single, 3), sample(single, 3, reads=10)]
    assert standing_out(runs) == []
    assert standing_out_section([], [("a", None)] * 4) is None


def test_second_mates_are_compared_with_each_other(single: RunSnapshot) -> None:
    low = single.results.basic.model_copy(update={"q30_bases": single.results.basic.bases // 2})
    second = replace(single, results=single.results.model_copy(update={"basic": low}))
    firsts = [replace(single, path=Path(f"S{at}_R1.fastq.gz")) for at in range(6)]
    seconds = [replace(second, path=Path(f"S{at}_R2.fastq.gz")) for at in range(6)]
    assert standing_out([*firsts, *seconds]) == []
    assert {one.at for one in standing_out([*firsts, replace(second, path=Path("S9_R1.fastq.gz"))])} == {6}


def test_what_failed_is_told_elsewhere(single: RunSnapshot) -> None:
    runs = varied(single, 8)
    runs[0] = replace(sample(single, 0, reads=1), state=RunState.FAILED)
    assert standing_out(runs) == []


def test_the_page_lists_them_first_and_draws_them_in_colour(single: RunSnapshot) -> None:
    runs = varied(single, MOST_LINES + 12)
    runs[-1] = sample(single, 99, reads=200)
    entries = [Entry(run, run.path.name, f"{run.path.name}.html") for run in runs]
    page = Elements(samples_page(entries))
    assert "1 of 60 files." in page.by_id("standing-out")
    assert "reads 200, usually 10,148" in page.by_id("standing-out")
    series = json.loads(page.by_id("plots"))["plot-gc_content"]["series"]
    assert len(series) == MOST_LINES
    assert [line["name"] for line in series if not line["plain"]] == ["S99_R1.fastq.gz"]
    assert series[-1]["name"] == "S99_R1.fastq.gz", "on top of the others"


def test_a_page_of_alike_samples_says_so(single: RunSnapshot) -> None:
    page = Elements(samples_page([Entry(run, run.path.name) for run in varied(single, 6)]))
    assert "No file is unlike the others." in page.by_id("standing-out")


def test_samples_of_several_lanes_are_reported_under_their_names(single: RunSnapshot, tmp_path: Path) -> None:
    lanes = [
        (Path(f"a/P-01_S1_L00{lane}_R1_001.fastq.gz"), Path(f"a/P-01_S1_L00{lane}_R2_001.fastq.gz")) for lane in (1, 2)
    ]
    inputs = tuple(zip(*lanes, strict=True))
    results = single.results.model_copy(update={"mate": single.results})
    pair = replace(single, name="P-01", path=inputs[0][0], inputs=inputs, results=results, results_after=results)
    alone = replace(
        single, name="x/P-02", path=Path("a/P-02_L1.fq"), inputs=((Path("a/P-02_L1.fq"), Path("a/P-02_L2.fq")),)
    )
    write_reports([pair, alone], tmp_path, [Format.HTML, Format.TSV])
    assert {path.stem for path in tmp_path.glob("*.html")} == {
        "P-01_R1", "P-01_R2", "P-01_pair", "P-01_after_R1", "P-01_after_R2", "P-01_after_pair", "P-01_pair_compared",
        "x_P-02", "index",
    }  # fmt: skip
    rows = [line.split("\t")[:2] for line in (tmp_path / "lanescope.tsv").read_text("utf-8").splitlines()]
    assert rows[2] == ["P-01_R2", "; ".join(str(path) for path in inputs[1])]
    assert rows[-1] == ["x_P-02", "; ".join(str(path) for path in alone.inputs[0])]


def test_of_many_pairs_the_odd_ones_are_drawn_and_all_are_told_of() -> None:
    pairs = [(f"P{at}", PairStatistics(pairs=4, overlapping=4, median=200 + at % 3)) for at in range(20)]
    pairs[17] = ("P17", PairStatistics(pairs=4, overlapping=2, median=40))
    drawn = furthest(pairs, 5)
    assert len(drawn) == 5
    assert "P17" in dict(drawn)
    words = insert_words(pairs, len(drawn))
    assert words.startswith("Medians are from 40 bp (P17) to 202 bp")
    assert words.endswith("Drawn are the 5 of 20 that are furthest from it.")
    assert insert_words(pairs[17:18], 1) == "P17: median 40 bp, 50 % of pairs overlap."
    assert insert_words([("P", PairStatistics(pairs=4))], 1) == ""
