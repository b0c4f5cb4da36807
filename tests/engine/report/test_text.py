"""The summary for a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.collectors.results import EstimatedDuplication
from engine.report.text import speed_text, summary
from engine.run.state import RunState
from tests.engine.report.running import SAMPLES, ran


def test_the_numbers_that_a_person_wants_first() -> None:
    run = ran(SAMPLES / "nanopore.fastq.gz")
    lengths, duplication = run.results.length_statistics, run.results.estimated_duplication
    assert lengths is not None
    assert duplication is not None
    text = summary(run, "sample")
    assert f"median {lengths.median:,.1f}, N50 {lengths.n50:,} bp" in text
    assert f"duplicates    {duplication.duplicates:.1f} % of reads" in text


def test_an_estimate_says_how_far_off_it_may_be() -> None:
    run = ran(SAMPLES / "illumina_single.fastq.gz")
    estimate = EstimatedDuplication(sequences=5, duplicates=20.0, remaining=80.0, relative_error=0.01, sampled=3)
    text = summary(replace(run, results=run.results.model_copy(update={"estimated_duplication": estimate})), "sample")
    assert "duplicates    20.0 ± 1.6 % of reads" in text
    assert "N50" not in text


def test_only_a_run_that_read_everything_has_a_speed() -> None:
    run = ran(SAMPLES / "illumina_single.fastq.gz")
    assert "MB/s" in summary(run, "sample")
    failed = summary(replace(run, state=RunState.FAILED), "sample")
    assert f"took          {run.elapsed:.2f} s" in failed
    assert "MB/s" not in failed
    assert summary(replace(run, bytes_total=None), "sample").endswith(f"took          {run.elapsed:.2f} s")


def test_preparing_is_told_apart_where_it_took_long() -> None:
    run = ran(SAMPLES / "nanopore.fastq.gz")
    told = summary(replace(run, prepared=12.3, elapsed=3.0), "sample").splitlines()
    assert told[-2] == "  prepared in   12.3 s"
    assert told[-1].startswith("  took          3.00 s, ")
    assert "prepared in" not in summary(replace(run, prepared=0.9), "sample")


@pytest.mark.parametrize(
    ("size", "seconds", "told"),
    [
        (99_999, 0.001, ""),
        (100_000, 0.01, "10 MB/s"),
        (867_000, 0.3, "2.9 MB/s"),
        (359_000_000, 0.25, "1,436 MB/s"),
        (1_000_000, 40.0, "25.0 kB/s"),
    ],
)
def test_a_speed_is_never_0(size: int, seconds: float, told: str) -> None:
    assert speed_text(size, seconds) == told
