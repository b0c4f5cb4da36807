"""What pages tell of a pipeline's stages and adapters."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.collectors.results import BasicStatistics, QcResults
from engine.report.html.elements import Html
from engine.report.html.pipeline import pipeline_section
from engine.report.mates import mates
from engine.run.snapshot import PipelineSummary, RunSnapshot, StageSummary
from engine.run.state import RunState
from engine.stages.counters import LONGEST_CUT
from kernels.stages.adapter_cuts import HISTOGRAM
from tests.engine.report.running import SAMPLES, Elements

PIPELINE = """
name = "tried"
stages = [
    { name = "primers", stage = "adapters", parameters = { adapters = ["left=ACGT...TTGA"], revcomp = true } },
    { name = "long-enough", stage = "length", parameters = { minimum = 60 } },
]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a run with a pipeline."""
    folder = tmp_path_factory.mktemp("reports")
    pipeline = folder / "tried.toml"
    pipeline.write_text(PIPELINE, "utf-8")
    sample = str(SAMPLES / "illumina_single.fastq.gz")
    words = [
        "--no-save",
        "-q",
        "--pipeline",
        str(pipeline),
        "--out",
        str(folder),
        "--format",
        "html",
        "--format",
        "json",
        "--format",
        "tsv",
    ]
    assert main(["run", sample, *words]) == 0
    return folder


def test_stages_and_both_parts_of_adapters_stand_in_the_page(folder: Path) -> None:
    stages = json.loads((folder / "illumina_single.json").read_text("utf-8"))["pipeline"]["stages"]
    section = Elements((folder / "illumina_single.html").read_text("utf-8")).by_id("pipeline")
    primers, length = stages
    assert f"{length['drops']['too short']:,} too short" in section
    assert f"{primers['reads_cut']:,}" in section
    for part in ("left, 5' part", "left, 3' part"):
        counts = primers["counters"][part]
        assert f"{part}{sum(counts.values()):,}" in section
        assert f"{sum(int(bases) * count for bases, count in counts.items()):,}" in section
    turned = primers["counters"]["reverse complement"]["turned"]
    assert f"{turned:,} reads or pairs went on in the other orientation" in section


@pytest.mark.parametrize("text", ["@r\n\n+\n\n", "@r\nACGT\n+\nIIII\n"], ids=["no bases", "all dropped"])
def test_every_report_of_nothing_kept_can_be_written(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline, reads = tmp_path / "tried.toml", tmp_path / "reads.fastq"
    pipeline.write_text(PIPELINE, "utf-8")
    reads.write_text(text * 3)
    formats = [word for name in ("html", "json", "tsv", "fastqc", "svg") for word in ("--format", name)]
    assert main(["run", str(reads), "--no-save", "--pipeline", str(pipeline), "--out", str(tmp_path), *formats]) == 0
    told = capsys.readouterr().out
    assert "reads kept  0 of 3 (0.0 %)" in told
    assert f"bases kept  0 of {3 * text.count('I')}" in told
    assert "nan" not in Elements((tmp_path / "reads.html").read_text("utf-8")).by_id("pipeline")


def test_rows_about_all_files_say_which_reads_they_are_of(folder: Path) -> None:
    page = Elements((folder / "index.html").read_text("utf-8"))
    assert "Which reads" in [text for _, text in page.all("th")]
    assert [text for _, text in page.all("td") if text in {"raw", "kept"}] == ["raw", "kept"]
    assert ("kept", "by the pipeline tried") in [(text, a.get("title")) for a, text in page.all("span")]
    head, *rows = [line.split("\t") for line in (folder / "lanescope.tsv").read_text("utf-8").splitlines()]
    assert [row[head.index("kept_by")] for row in rows] == ["", "tried"]


def test_nothing_where_there_was_no_pipeline() -> None:
    assert pipeline_section(None) is None


def text_of(pipeline: PipelineSummary) -> str:
    section = pipeline_section(pipeline)
    assert isinstance(section, Html)
    return Elements(str(section)).by_id("pipeline")


def test_cuts_of_more_than_is_counted_are_at_least_so_many() -> None:
    assert LONGEST_CUT == HISTOGRAM - 1
    stage = StageSummary("inner", "adapters", reads_in=10, counters={"<b>": {"4": 2, str(LONGEST_CUT): 1}})
    outer = StageSummary("outer", "composite", reads_in=10, reads_out=10, stages=(stage,))
    text = text_of(PipelineSummary("x", "1.0.0", outer, (outer,)))
    assert "<b>330.00≥ 1,0314 bases" in text
    assert "\N{EN DASH} inner" in text
    many = {f"a{number}": {"3": 1} for number in range(60)}
    crowded = replace(stage, counters=many)
    assert "12 more adapters" in text_of(PipelineSummary("x", "1.0.0", crowded, (crowded,)))


def test_numbers_before_and_after_stand_side_by_side(folder: Path) -> None:
    report = json.loads((folder / "illumina_single.json").read_text("utf-8"))
    section = Elements((folder / "illumina_single.html").read_text("utf-8")).by_id("pipeline")
    before, after = report["results"]["basic"], report["results_after"]["basic"]
    assert f"Reads{before['reads']:,}{after['reads']:,}" in section
    assert f"Bases{before['bases']:,}{after['bases']:,}" in section


def test_each_mate_has_what_was_kept_of_it() -> None:
    first, second = (QcResults(basic=BasicStatistics(reads=reads)) for reads in (10, 9))
    run = RunSnapshot(
        run_id=1,
        name="pair",
        path=Path("a_R1.fastq"),
        kind="",
        state=RunState.COMPLETED,
        created=datetime.now(UTC),
        results=first.model_copy(update={"mate": second}),
        results_after=first.model_copy(update={"mate": second}),
    )
    after = [mate.results_after for mate in mates(run)]
    assert [found is not None and found.basic.reads for found in after] == [10, 9]
    merged = replace(run, results_after=first)
    after = [mate.results_after for mate in mates(merged)]
    assert [found is not None and found.basic.reads for found in after] == [10, 0]
