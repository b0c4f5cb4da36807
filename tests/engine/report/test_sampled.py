"""Every report of a run that left reads out says so, but FastQC's own files, which have no place for it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.report.after import before_and_after
from engine.report.bundle import write_reports
from engine.report.fastqc import fastqc_data
from engine.report.html.overview import Entry
from engine.report.html.report import run_page
from engine.report.html.samples import samples_page
from engine.report.json_report import run_document
from engine.report.sampling_text import sampling_sentences
from engine.report.text import summary
from engine.report.tsv import modules_tsv, runs_tsv
from engine.run.snapshot import Margins, RunSnapshot, Sampling
from tests.engine.report.running import SAMPLES, ran

SAMPLING = Sampling("sample", 12, 10_000, 1_500_000, 28, 30_000, 4_500_000, 9_900_000, Margins(0.25, 0.004, 1.5))
SIZE = "10,000 of 40,000 reads (25.0 %)"


@pytest.fixture(scope="module")
def full() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


@pytest.fixture
def run(full: RunSnapshot) -> RunSnapshot:
    return replace(full, sampling=SAMPLING)


def test_in_words() -> None:
    size, why, near = sampling_sentences(SAMPLING)
    assert SIZE in size
    assert "30,000 reads with 4,500,000 bases were left out" in size
    assert "same chance" in why
    assert "0.25 percentage points of GC, Q0.004 of the mean quality and 1.50 percentage points" in near
    assert "not known" in sampling_sentences(replace(SAMPLING, margins=None))[-1]
    assert "no random choice" in sampling_sentences(replace(SAMPLING, policy="drop", margins=None))[1]


def test_where_nothing_was_left_out_nothing_is_said(full: RunSnapshot) -> None:
    nothing = Sampling("adaptive", 40, 10_000, 1_500_000, margins=Margins(0, 0, 0))
    assert nothing.share == 1
    assert sampling_sentences(nothing) == []
    for same in (full, replace(full, sampling=nothing)):
        assert "sample  " not in summary(same, "a")
        assert "A sample of the reads" not in run_page(same, "a")


def test_in_the_terminal_and_on_pages(run: RunSnapshot) -> None:
    assert SIZE in summary(run, "a")
    assert SIZE in run_page(run, "a")
    several = samples_page([Entry(run, "a"), Entry(replace(run, sampling=None), "b")])
    assert "1 of 2 files are samples of their reads" in several
    assert SIZE in several


def test_in_json_and_tables(run: RunSnapshot) -> None:
    told = run_document(run)["sampling"]
    assert isinstance(told, dict)
    assert (told["reads"], told["left_out_reads"], told["share"]) == (10_000, 30_000, 0.25)
    assert (told["confidence"], told["gc_percent_within"], told["mean_quality_within"]) == (0.95, 0.25, 0.004)
    head, row = (line.split("\t") for line in runs_tsv([("a", run)]).splitlines())
    named = dict(zip(head, row, strict=True))
    assert (named["reads_left_out"], named["sample_percent"]) == ("30000", "25.0")
    assert "a\tsampling\tall\tleft out reads\t30000\n" in modules_tsv([("a", run)])
    assert "a\tsampling\tall\tq30 percent within\t1.5\n" in modules_tsv([("a", run)])


def test_fastqc_keeps_its_form_with_a_note_beside_it(run: RunSnapshot, full: RunSnapshot, tmp_path: Path) -> None:
    written = write_reports([run], tmp_path)
    [note] = [path for path in written if path.name == "sampling.txt"]
    assert SIZE in note.read_text()
    data = (note.parent / "fastqc_data.txt").read_text()
    assert data == fastqc_data(full.results, "illumina_single.fastq.gz")
    assert json.loads((tmp_path / "illumina_single.json").read_text())["sampling"]["policy"] == "sample"


def test_of_what_a_pipeline_kept_nobody_knows_how_near_it_is(run: RunSnapshot) -> None:
    _, after = before_and_after(replace(run, results_after=run.results))
    assert after.sampling is not None
    assert after.sampling.margins is None
    assert SIZE in summary(after, "after")
