"""Pages about one run and about several: whole, safe, small and accessible."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.collectors.profiles import profile
from engine.collectors.results import (
    AdapterContent,
    Overrepresented,
    OverrepresentedSequence,
    PairStatistics,
    QcResults,
    TileQuality,
)
from engine.collectors.verdicts import Status, verdicts
from engine.report.bundle import Format, write_reports
from engine.report.explanations import explanations, reason
from engine.report.fastqc_modules import TITLES
from engine.report.html.overview import Entry
from engine.report.html.report import run_page
from engine.report.html.samples import MOST_LINES, samples_page
from engine.report.mates import mates
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from tests.engine.report.running import SAMPLES, Elements, ran

LARGEST = 1_500_000
"""Bytes of a page."""

HOSTILE = "<img src=x onerror=alert(1)>.fastq"


@pytest.fixture(scope="module")
def single() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


@pytest.fixture(scope="module")
def nanopore() -> RunSnapshot:
    return ran(SAMPLES / "nanopore.fastq.gz")


def page_of(run: RunSnapshot) -> str:
    return run_page(run, run.name)


def check_page(text: str) -> Elements:
    """What every page has to be."""
    assert len(text.encode()) < LARGEST
    page = Elements(text)
    ids = [attributes["id"] for _, attributes, _ in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes, _ in page.found:
        assert not any(name.startswith("on") for name in attributes)
        assert "style" not in attributes  # the policy forbids it
        assert "src" not in attributes
        address = attributes.get("href") or ""
        assert ":" not in address or address.startswith("data:image/png;base64,")
        if address.startswith("#"):
            assert address[1:] in ids
    assert all(attributes.get("scope") in {"col", "row"} for attributes, _ in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert [attributes.get("type") for attributes, _ in page.all("script")] == ["application/json", None]
    json.loads(page.by_id("plots"))
    return page


def test_a_page_is_whole_and_shows_every_module(single: RunSnapshot) -> None:
    page = check_page(page_of(single))
    for module, verdict in verdicts(single.results, profile()).items():
        if module == "basic":
            continue
        section = page.by_id(module)
        assert TITLES[module] in section
        assert verdict.status.capitalize() in section
        assert explanations()[module].act in section
    assert {f"plot-{module}" for module in ("base_quality", "gc_content", "adapters")} <= json.loads(
        page.by_id("plots")
    ).keys()
    assert "10,000" in page.by_id("basic")
    assert "lanescope 1.2.3" in page.by_id("run")


def test_as_many_pass_as_in_the_window_and_in_fastqcs_summary(single: RunSnapshot) -> None:
    judged = verdicts(single.results, profile()).values()
    told = ", ".join(f"{sum(each.status is status for each in judged)} {status}" for status in Status)
    assert f"Lanescope quality report. {told}, by the limits of" in page_of(single)


def test_every_plot_is_there_without_scripts(single: RunSnapshot) -> None:
    text = page_of(single)
    page = Elements(text)
    assert len(page.all("svg")) == len(page.all("figure")) == len(json.loads(page.by_id("plots")))


def test_the_policy_allows_our_script_and_style_and_nothing_else(single: RunSnapshot) -> None:
    page = check_page(page_of(single))
    (policy,) = [a["content"] or "" for a, _ in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    (_, _), (_, script) = page.all("script")
    ((_, style),) = page.all("style")
    for rule, content in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_names_from_outside_stay_text(single: RunSnapshot) -> None:
    path = Path("<") / "script><script>alert(2)<"  # so that the path has "</script>" in it
    end = "</script><script>alert(1)</script>"
    found = Overrepresented(
        sequences=(OverrepresentedSequence(sequence=f"{end}ACGT", count=5, percent=50.0, source=f"{end}<b>"),)
    )
    adapters = AdapterContent(starts=(1, 2), ends=(1, 2), names=(f"{end}&amp;",), percent=((0.0, 1.0),))
    hostile = replace(
        single,
        name=HOSTILE,
        path=path,
        host=end,
        versions={end: end},
        results=single.results.model_copy(update={"overrepresented": found, "adapters": adapters}),
    )
    for text in (page_of(hostile), samples_page([Entry(hostile, HOSTILE, HOSTILE), Entry(hostile, end)])):
        page = check_page(text)
        assert not page.all("img")
        assert not page.all("b")
        assert HOSTILE in "".join(text for _, text in page.all("body"))
    drawn = json.loads(Elements(page_of(hostile)).by_id("plots"))
    assert drawn["plot-adapters"]["series"][0]["name"] == f"{end}&amp;"


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: no file can have that name")
def test_a_hostile_file_can_be_run_and_reported(tmp_path: Path) -> None:
    path = tmp_path / HOSTILE
    path.write_bytes(b"@</script><script>alert(1)</script>\nACGT\n+\nIIII\n")
    page = check_page(page_of(ran(path)))
    assert page.all("h1")[0][1] == HOSTILE


def test_names_that_are_no_text_and_marks_that_turn_it(single: RunSnapshot) -> None:
    text = page_of(replace(single, name="a\udc80\u202egpj.\x1b[31m"))
    text.encode()
    assert not re.search("[\x1b\u202e\udc80]", text)


def test_a_failed_run_says_so_first(tmp_path: Path) -> None:
    path = tmp_path / "bad.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n@b\nAC GT\n+\nIIIII\n")
    run = ran(path)
    assert run.state is RunState.FAILED
    text = page_of(run)
    page = check_page(text)
    (alert,) = [text for attributes, text in page.all("section") if attributes.get("role") == "alert"]
    assert "This run failed" in alert
    assert "record 2, line 6, byte 20" in alert
    assert text.index('role="alert"') < text.index('id="basic"')
    both = check_page(samples_page([Entry(run, "bad.fastq"), Entry(ran(path), "again.fastq")]))
    assert "2 of 2 files were not read to the end" in "".join(text for _, text in both.all("main"))


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.INTERRUPTED, RunState.RUNNING])
def test_a_run_that_read_a_part_says_so(single: RunSnapshot, state: RunState) -> None:
    assert 'role="alert"' in page_of(replace(single, state=state))


def test_nothing_measured_at_all(single: RunSnapshot) -> None:
    check_page(page_of(replace(single, results=QcResults(), started=None, finished=None, bytes_total=None)))


def test_several_runs_in_one_table_and_overlaid(single: RunSnapshot, nanopore: RunSnapshot) -> None:
    page = check_page(
        samples_page([Entry(single, "one", "a b.html"), Entry(nanopore, "two", "#.html")]),
    )
    rows = [href for a, _ in page.all("a") if not (href := a.get("href") or "").startswith("#")]
    assert rows == ["a%20b.html", "%23.html"]
    drawn = json.loads(page.by_id("plots"))
    assert [series["name"] for series in drawn["plot-sequence_quality"]["series"]] == ["one", "two"]
    assert len(drawn["plot-sequence_quality"]["series"][0]["values"]) == len(drawn["plot-sequence_quality"]["x"])
    lights = [a.get("title") for a, _ in page.all("span") if (a.get("class") or "").startswith("light")]
    assert lights.count(None) == 1  # nanopore reads have no tiles
    assert "Per base sequence quality: Fail" in lights


def test_tiny_files_are_not_drawn_beside_larger_ones(single: RunSnapshot, tmp_path: Path) -> None:
    path = tmp_path / "tiny.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    tiny = ran(path)
    text = samples_page([Entry(single, "one"), Entry(tiny, "tiny")])
    assert [series["name"] for series in json.loads(Elements(text).by_id("plots"))["plot-gc_content"]["series"]] == [
        "one"
    ]
    assert "fewer than 100 reads are not drawn" in text
    alone = json.loads(Elements(samples_page([Entry(tiny, "tiny")])).by_id("plots"))
    assert alone["plot-gc_content"]["series"][0]["name"] == "tiny"


def test_many_samples_stay_small(single: RunSnapshot, nanopore: RunSnapshot) -> None:
    entries = [Entry(single if at % 2 else nanopore, f"sample_{at}.fastq.gz", f"{at}.html") for at in range(200)]
    page = check_page(samples_page(entries))
    drawn = json.loads(page.by_id("plots"))
    assert len(drawn["plot-gc_content"]["series"]) == MOST_LINES
    assert len(page.all("tr")) == 201


@pytest.mark.parametrize("tiles", [1, 704, 2_500])
def test_a_whole_flow_cell_stays_small(single: RunSnapshot, tiles: int) -> None:
    cycles = tuple(range(1, 61))
    quality = TileQuality(
        starts=cycles,
        ends=cycles,
        tiles=tuple(range(1101, 1101 + tiles)),
        average=(36.0,) * len(cycles),
        deviation=tuple(
            tuple(
                None if (tile + cycle) % 97 == 0 else (tile * 7919 + cycle * 104729) % 1201 / 100 - 10
                for cycle in cycles
            )
            for tile in range(tiles)
        ),
    )
    run = replace(single, results=single.results.model_copy(update={"tile_quality": quality}))
    check_page(page_of(run))


def test_every_module_is_explained() -> None:
    assert list(explanations())[: len(TITLES) + 1] == [*TITLES, "pairs"]
    assert set(explanations()) <= set(QcResults.model_fields)


def test_the_reason_names_number_place_and_limit(nanopore: RunSnapshot) -> None:
    judged = verdicts(nanopore.results, profile())
    assert judged["base_quality"].status is Status.FAIL
    assert reason("base_quality", judged["base_quality"], profile()) == (
        "Lower quartile of the qualities: 3 Phred (position 1); fails below 5 Phred."
    )
    assert "at or below 20 Phred" in reason("sequence_quality", judged["sequence_quality"], profile())
    assert reason("n_content", judged["n_content"], profile()).endswith("; warns above 5 %.")
    assert reason("basic", judged["basic"], profile()) == ""
    empty = verdicts(QcResults(overrepresented=Overrepresented()), profile())
    assert reason("overrepresented", empty["overrepresented"], profile()).startswith("No sequence has more than 0.1 %")


def test_mates_are_shown_side_by_side_with_their_inserts(single: RunSnapshot) -> None:
    pairs = PairStatistics(pairs=9, overlapping=3, read_through=1, insert_sizes=(40, 43), counts=(1, 2), median=43)
    results = single.results.model_copy(update={"mate": single.results, "pairs": pairs})
    one, other = mates(replace(single, results=results, path=Path("x/r.fastq.gz")))
    assert [one.path.name, other.path.name] == ["r_R1.fastq.gz", "r_R2.fastq.gz"]
    both = [Entry(one, one.name), Entry(other, other.name)]
    page = check_page(samples_page(both, title="r", pairs=[("r", pairs)]))
    assert "Of 9 pairs looked at, the mates of 3 overlap" in page.by_id("pairs")
    assert json.loads(page.by_id("plots"))["plot-pairs"]["series"][0]["values"] == [1, 0, 0, 2]


def test_files_of_pairs(single: RunSnapshot, tmp_path: Path) -> None:
    results = single.results.model_copy(update={"mate": single.results, "pairs": PairStatistics()})
    first, second = Path("a/r_1.fq.gz"), Path("a/r_2.fq.gz")
    pair = replace(single, results=results, path=first, inputs=((first,), (second,)))
    write_reports([pair, single], tmp_path)
    found = {path.name for path in tmp_path.iterdir()}
    both = {f"{name}{ending}" for name in ("r_1", "r_2") for ending in (".html", "_fastqc.zip", "_fastqc", "_plots")}
    alone = {"illumina_single.html", "illumina_single.json", "illumina_single_fastqc", "illumina_single_fastqc.zip"}
    assert found == {
        *both, *alone, "illumina_single_plots", "r_1_pair_plots", "r_1_pair.html", "r_1_pair.json", "index.html",
        "lanescope.tsv", "lanescope_modules.tsv", "lanescope_mqc.tsv",
    }  # fmt: skip
    document = json.loads((tmp_path / "r_1_pair.json").read_text("utf-8"))
    assert document["mate_verdicts"] == document["verdicts"]
    check_page((tmp_path / "r_1_pair.html").read_text("utf-8"))


def test_before_and_after_a_pipeline_are_compared(single: RunSnapshot, tmp_path: Path) -> None:
    run = replace(single, results_after=single.results)
    other = replace(single, path=Path("x/illumina_single_compared.fastq"))
    written = write_reports([run, other], tmp_path, [Format.HTML, Format.SVG])
    names = {path.relative_to(tmp_path).as_posix() for path in written}
    assert {"illumina_single_compared.html", "illumina_single_compared_.html"} <= names
    assert "illumina_single_compared__plots/base_quality.svg" in names
    page = check_page((tmp_path / "illumina_single_compared_.html").read_text("utf-8"))
    drawn = json.loads(page.by_id("plots"))["plot-base_quality"]["series"]
    assert [line["name"] for line in drawn] == ["illumina_single.fastq.gz", "illumina_single_after.fastq.gz"]
    assert len({line["colour"] for line in drawn}) == 2
    section = page.by_id("base_quality")
    assert "a line for each file" in section
    assert "bands" not in section
