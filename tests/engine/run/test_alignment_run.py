"""Runs over SAM whose records repeat reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from tests.engine.pipeline.chains import pipeline, stage

LINE = "{}\t{}\tchr1\t5\t0\t{}\t*\t0\t0\t{}\t{}\n"
READS = [LINE.format(f"a{number}", 0, "10M", "ACGTACGTAC", "IIIIIIIII#") for number in range(3)]
REPEATS = [
    LINE.format("a1", 272, "10M", "ACGTTTTTTT", "ABCDEFGHIJ"),
    LINE.format("a1", 2064, "5M5H", "ACGTT", "ABCDE"),
]
BARE = [LINE.format("a2", 256, "10M", "*", "*")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "aligned.sam"
    path.write_text("".join(["@SQ\tSN:chr1\tLN:1000\n", *READS, *REPEATS, *BARE]))
    return path


def created(path: Path) -> RunSnapshot:
    now = datetime.now().astimezone()
    return RunSnapshot(run_id=1, name=path.name, path=path, kind="", state=RunState.CREATED, created=now)


def test_records_that_repeat_reads_count_as_for_fastqc(path: Path) -> None:
    results = Run(created(path), RunSettings(workers=2)).execute().results
    assert (results.basic.reads, results.basic.bases, results.basic.shortest) == (5, 45, 5)
    # FastQC 0.12.1 tells these of the file without its last record, which it takes for a read of one base.
    assert results.overrepresented is not None
    assert [(each.sequence, each.count) for each in results.overrepresented.sequences] == [
        ("ACGTACGTAC", 3),
        ("AACGT", 1),
        ("AAAAAAACGT", 1),
    ]
    assert results.base_quality is not None
    assert results.base_quality.mean == (39.4, 39.0, 38.6, 38.2, 37.8, 39.0, 38.75, 38.5, 38.25, 9.5)


def test_reads_that_are_processed_or_written_come_once(path: Path, tmp_path: Path) -> None:
    kept = pipeline(stage("length", minimum=1))
    out = tmp_path / "out.fastq"
    run = Run(created(path), RunSettings(workers=2), pipeline=lambda: kept, output=OutputPlan(out))
    assert run.execute().results.basic.reads == len(READS)
    assert out.read_text().count("\n") == 4 * len(READS)


def test_mates_that_take_turns_come_once(path: Path) -> None:
    path.write_text(
        "@SQ\tSN:chr1\tLN:1000\n"
        + "".join(LINE.format("p", flags, "10M", "ACGTACGTAC", "IIIIIIIII#") for flags in (0x41, 0x81, 0x141))
    )
    interleaved = replace(created(path), inputs=((path,), (path,)))
    snapshot = Run(interleaved, RunSettings(workers=2)).execute()
    assert snapshot.failure is None
    assert snapshot.results.basic.reads == 1
