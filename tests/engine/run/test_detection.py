"""Adapters that runs detect in the first reads of their input."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from pathlib import Path

import pytest
from pydantic import JsonValue

from engine.flow.backpressure import Block
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.detecting import NothingToDetectInError
from engine.report.text import summary
from engine.run.detection import NOT_IN_A_STREAM
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.trial import trial
from engine.sink.plan import OutputPlan
from engine.stages.known_adapters import LIBRARIES
from engine.store.store import Store
from engine.stream.builder import StreamBuilder
from tests.engine.stages.test_detection import insert

ADAPTER = LIBRARIES["BGI, first read"]

READS = 3000


def trimming(**chosen: JsonValue) -> PipelineDefinition:
    stage = StageDefinition(name="cut", stage="adapters", parameters=chosen)
    return PipelineDefinition(name="trim", stages=(stage,))


DETECTING, TOLD = trimming(detect=True), trimming(adapters=[ADAPTER])


def text_of(adapter: str, *, shown_from: int = 0) -> bytes:
    """Reads of 100 bases; from one on, every fiftieth runs into the adapter after 40 bases."""
    rows = []
    for number in range(READS):
        read = insert(100)
        if number % 50 == 0 and number >= shown_from:
            read = (read[:40] + adapter.encode() + insert(60))[:100]
        rows.append(b"@r%d\n%s\n+\n%s\n" % (number, read, b"I" * 100))
    return b"".join(rows)


def run(
    path: Path, output: Path, store: Store, pipeline: PipelineDefinition = DETECTING, **settings: object
) -> RunSnapshot:
    queue = RunQueue(store, settings=RunSettings.model_validate({"backpressure": Block(), **settings}))
    try:
        started = queue.submit(path, pipeline=pipeline, output=OutputPlan(output, replace=True))
        assert queue.wait(120)
        store.flush()
        return store.load(started.run_id)
    finally:
        queue.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "runs.sqlite")


def test_what_the_first_reads_show_is_trimmed_whatever_the_batches(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(text_of(ADAPTER, shown_from=1000))  # no small batch at the beginning shows it
    texts = set()
    with store:
        for workers, size in ((1, 1 << 15), (2, 1 << 16), (3, 4 << 20)):
            ended = run(path, tmp_path / "out.fastq", store, workers=workers, batch_bytes=size)
            assert (ended.state, ended.warnings) == (RunState.COMPLETED, ())
            assert re.search(r"cut: .* bases \(BGI, first read [\d,]+ times\)", summary(ended, "reads"))
            texts.add((tmp_path / "out.fastq").read_bytes())
        assert run(path, tmp_path / "told.fastq", store, TOLD).state is RunState.COMPLETED
    assert texts == {(tmp_path / "told.fastq").read_bytes()}
    assert texts != {path.read_bytes()}


def test_reads_without_adapters_stay_as_they_are(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(text_of(""))
    with store:
        assert run(path, tmp_path / "out.fastq", store).state is RunState.COMPLETED
    assert (tmp_path / "out.fastq").read_bytes() == path.read_bytes()


def test_a_fault_in_the_first_reads_is_told_by_the_run(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(text_of(ADAPTER) + b"@bad\nACGT\n+\nII\n")
    with store:
        ended = run(path, tmp_path / "out.fastq", store)
    assert ended.state is RunState.FAILED
    assert ended.failure is not None
    assert ended.failure.record == READS + 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
def test_a_pipe_is_not_looked_at_and_that_is_told(tmp_path: Path, store: Store) -> None:
    pipe, text = tmp_path / "pipe", text_of(ADAPTER)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(text,))
    writer.start()
    with store:
        ended = run(pipe, tmp_path / "out.fastq", store)
    writer.join()
    assert (ended.state, ended.warnings) == (RunState.COMPLETED, (NOT_IN_A_STREAM,))
    assert (tmp_path / "out.fastq").read_bytes() == text


def test_a_trial_shows_what_a_run_would_do(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(text_of(ADAPTER))
    tried = trial(DETECTING, path, 500)
    assert tried.before.bases - tried.after.bases >= 500 // 50 * 60


def test_a_stream_says_that_it_cannot_detect_any() -> None:
    with pytest.raises(NothingToDetectInError):
        asyncio.run(StreamBuilder().pipeline(DETECTING).build())
