"""Runs whose pipeline asks for the first reads alone end behind them, as if the input had no more."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.pipeline.definition import FailurePolicy, PipelineDefinition
from engine.pipeline.early_end import most_reads
from engine.pipeline.plan import ResolvedPipeline, resolve
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from engine.sink.dropped import DroppedFile
from engine.sink.plan import OutputPlan
from tests.engine.run.conftest import RECORD
from tests.engine.run.test_paired_run import FIRST, SECOND, Inputs, records, run_of
from tests.engine.run.test_pipe_run import started

CHAIN: list[dict[str, Any]] = [
    {"name": "ends", "stage": "quality"},
    {"name": "first", "stage": "first", "parameters": {"count": 1000}},
]


def chain(*stages: dict[str, Any], **more: Any) -> ResolvedPipeline:
    return resolve(PipelineDefinition.model_validate({"name": "tried", "stages": stages} | more))


def run_through(inputs: Inputs, count: int, output: OutputPlan | None = None, **settings: int) -> Run:
    created = run_of(inputs).snapshot
    pipeline = chain({"name": "first", "stage": "first", "parameters": {"count": count}})
    return Run(created, RunSettings.model_validate(settings), pipeline=lambda: pipeline, output=output)


@pytest.mark.parametrize(
    ("count", "workers", "size"), [(0, 2, 3000), (1, 1, 3000), (1000, 3, 3000), (1000, 2, 1 << 20)]
)
def test_what_is_behind_the_first_pairs_counts_nowhere(tmp_path: Path, count: int, workers: int, size: int) -> None:
    outs, gone = (tmp_path / "out_1.fastq", tmp_path / "out_2.fastq"), tmp_path / "gone.fastq"
    output = OutputPlan(*outs, dropped=(DroppedFile(gone),))
    run = run_through(((FIRST,), (SECOND,)), count, output, workers=workers, batch_bytes=size)
    end = run.execute()
    assert end.state is RunState.COMPLETED
    firsts = [b"".join(records(path)[:count]) for path in (FIRST, SECOND)]
    assert [path.read_bytes() for path in (*outs, gone)] == [*firsts, b""]
    assert (end.results.basic.reads, end.samples[-1].reads, end.reads_total) == (count,) * 3
    assert end.samples[-1].text_bytes == sum(map(len, firsts))
    assert end.results == end.results_after
    assert end.share_read == 1
    if size == 3000:
        assert end.bytes_total is not None
        assert end.samples[-1].bytes_read < end.bytes_total
    if count:
        alone = run_of(tuple((path,) for path in outs)).execute()
        assert alone.results == end.results
    assert run._crew is not None
    assert run._crew.intake.pool.statistics().in_use == 0


def test_a_pipe_is_not_waited_for_any_longer_nor_faults_behind_met(tmp_path: Path) -> None:
    lane, pipe = tmp_path / "lane.fastq", tmp_path / "pipe"
    lane.write_bytes(RECORD * 10)
    os.mkfifo(pipe)
    run = run_through(((lane, pipe, tmp_path / "missing.fastq"),), 17)
    thread = started(run)
    with pipe.open("wb", buffering=0) as writer:
        writer.write(RECORD * 8 + b"this is no FASTQ\n" * 8)
        thread.join(30)
        assert not thread.is_alive()
    assert run.snapshot.state is RunState.COMPLETED
    assert run.snapshot.results.basic.reads == 17


def test_all_is_read_where_the_rest_has_a_file(tmp_path: Path) -> None:
    rest = tmp_path / "rest.fastq"
    output = OutputPlan(tmp_path / "out.fastq", dropped=(DroppedFile(rest, reason="not-sampled"),))
    end = run_through(((FIRST,),), 1000, output, batch_bytes=3000).execute()
    assert rest.read_bytes() == b"".join(records(FIRST)[1000:])
    assert (end.reads_total, end.results.basic.reads) == (None, len(records(FIRST)))


@pytest.mark.parametrize(
    ("pipeline", "most"),
    [
        (chain(*CHAIN), 1000),
        (chain(CHAIN[0]), None),
        (chain(*CHAIN, {"name": "fewer", "stage": "first", "parameters": {"count": 7}}), 7),
        (chain({"name": "inner", "type": "composite", "stages": CHAIN}), 1000),
        (chain(CHAIN[0], CHAIN[1] | {"enabled": False}), None),
        (chain(*CHAIN, on_failure=FailurePolicy(action="continue")), None),
    ],
)
def test_how_many_reads_matter(pipeline: ResolvedPipeline, most: int | None) -> None:
    assert most_reads(pipeline) == most


def test_how_much_has_been_read(created: RunSnapshot) -> None:
    begun = replace(created, samples=(Sample(1.0, 30, 0, 500, 0, 0, 0),))
    shares = [
        replace(run, bytes_total=size, reads_total=reads).share_read
        for run, size, reads in (
            (begun, 1000, None),
            (begun, 1000, 40),
            (begun, 1000, 10),
            (begun, None, 60),
            (begun, None, None),
            (created, 1000, 0),
        )
    ]
    assert shares == [0.5, 0.75, 1.0, 0.5, None, 1.0]


@pytest.fixture
def created() -> RunSnapshot:
    """Of a run that has not begun."""
    return run_of(((FIRST,),)).snapshot
