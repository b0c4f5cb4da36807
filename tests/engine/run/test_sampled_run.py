"""Runs that leave reads out: all that was sent is counted, and what is said about the sample holds."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.collectors.tally import Tally
from engine.errors import LanescopeError
from engine.flow.backpressure import Valve, is_chosen
from engine.run.producer import Producer
from engine.run.queue import RunQueue
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot, Sampling
from engine.run.state import RunState
from engine.store.store import Store
from tests.engine.run.conftest import RECORD

POLICIES: list[dict[str, Any]] = [
    {"kind": "drop"},
    {"kind": "sample", "share": 0.25, "seed": 3},
    {"kind": "adaptive", "low": 0.2, "high": 0.5, "share": 0.2, "seed": 1},
]


def through_a_pipe(path: Path, text: Iterable[bytes]) -> threading.Thread:
    """Writes the text into a new pipe as fast as it is taken."""
    os.mkfifo(path)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            for piece in text:
                pipe.write(piece)

    thread = threading.Thread(target=write, name="who writes")
    thread.start()
    return thread


def executed(path: Path, policy: dict[str, Any], **settings: Any) -> RunSnapshot:
    created = RunSnapshot(1, path.name, path, "", RunState.CREATED, datetime.now().astimezone())
    given = {"workers": 2, "batch_bytes": 10_000, "queue_batches": 3, "backpressure": policy, **settings}
    return Run(created, RunSettings.model_validate(given)).execute()


@pytest.fixture
def slow_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works on any read until something has been left out, or all has come."""
    add, admit, run = Tally.add, Valve.admit, Producer.run
    overflow = threading.Event()

    def add_late(tally: Tally, batch: ReadBatch) -> None:
        assert overflow.wait(30)
        add(tally, batch)

    def admit_noticed(valve: Valve, number: int, size: int, **of: int) -> bool:
        is_admitted = admit(valve, number, size, **of)
        if not is_admitted:
            overflow.set()
        return is_admitted

    def run_to_its_end(producer: Producer) -> None:
        run(producer)
        overflow.set()

    monkeypatch.setattr(Tally, "add", add_late)
    monkeypatch.setattr(Valve, "admit", admit_noticed)
    monkeypatch.setattr(Producer, "run", run_to_its_end)


@pytest.fixture(autouse=True)
def whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly a pipe is written to: what is chosen goes by batches."""
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy["kind"])
def test_processed_and_left_out_are_all_that_was_sent(
    policy: dict[str, Any], tmp_path: Path, slow_workers: None
) -> None:
    records = 60_000
    writer = through_a_pipe(tmp_path / "pipe", [RECORD * 1000] * (records // 1000))
    end = executed(tmp_path / "pipe", policy)
    writer.join()
    assert end.state is RunState.COMPLETED
    assert end.failure is None
    told = end.sampling
    assert told is not None
    assert told.policy == policy["kind"]
    assert told.reads == end.results.basic.reads
    assert told.bases == end.results.basic.bases
    assert told.left_out_reads > 0
    assert told.reads + told.left_out_reads == records
    assert told.bases + told.left_out_bases == 50 * records
    assert told.left_out_bytes == told.left_out_reads * len(RECORD)
    if policy["kind"] != "adaptive":  # how many of its batches are a sample is up to the machine
        assert (told.margins is None) == (policy["kind"] == "drop")


def test_a_source_that_waits_leaves_nothing_out(tmp_path: Path) -> None:
    writer = through_a_pipe(tmp_path / "pipe", [RECORD * 1000] * 20)
    end = executed(tmp_path / "pipe", {"kind": "block"})
    writer.join()
    assert end.results.basic.reads == 20_000
    assert end.sampling is None
    # However slow the workers: three batches wait, two are worked on, and one is being filled.
    assert sum(each.made for each in end.buffers) <= 3 + 2 + 1


def test_a_sample_depends_on_its_seed_alone(tmp_path: Path) -> None:
    seen = []
    for number, (seed, workers) in enumerate([(1, 1), (1, 3), (2, 3)]):
        writer = through_a_pipe(tmp_path / f"{number}", drifting(200))
        policy = {"kind": "sample", "share": 0.3, "seed": seed}
        end = executed(tmp_path / f"{number}", policy, workers=workers)
        writer.join()
        seen.append((end.results.basic.reads, end.results.basic.gc_percent))
    assert seen[0] == seen[1] != seen[2]


def drifting(pieces: int) -> Iterable[bytes]:
    """Reads whose GC and quality drift, 100 in each piece."""
    chance = np.random.default_rng(5)
    for number in range(pieces):
        drift = np.sin(number / 30)
        bases = chance.choice(list(b"ACGT"), (100, 50), p=[0.25, 0.25 + drift / 8, 0.25, 0.25 - drift / 8])
        scores = np.clip(chance.normal(62 + 8 * drift, 4, (100, 50)), 35, 74).astype(np.uint8)
        yield b"".join(
            b"@read\n" + bytes(read.astype(np.uint8)) + b"\n+\n" + bytes(score) + b"\n"
            for read, score in zip(bases, scores, strict=True)
        )


def test_the_sample_is_as_near_as_is_said(tmp_path: Path) -> None:
    text = b"".join(drifting(300))
    (tmp_path / "all.fastq").write_bytes(text)
    full = executed(tmp_path / "all.fastq", {"kind": "block"}).results.basic
    hits = tries = 0
    for seed in range(8):
        writer = through_a_pipe(tmp_path / f"{seed}", [text])
        end = executed(tmp_path / f"{seed}", {"kind": "sample", "share": 0.2, "seed": seed})
        writer.join()
        assert end.sampling is not None
        assert end.sampling.margins is not None
        basic, margins = end.results.basic, end.sampling.margins
        hits += abs(basic.gc_percent - full.gc_percent) <= margins.gc_percent
        hits += abs(basic.mean_quality - full.mean_quality) <= margins.mean_quality
        q30, full_q30 = 100 * basic.q30_bases / basic.bases, 100 * full.q30_bases / full.bases
        hits += abs(q30 - full_q30) <= margins.q30_percent
        tries += 3
        assert 0 < margins.mean_quality < 4
    assert hits >= 0.8 * tries  # 95 of 100, and no more than 24 tries


def test_with_sampling_at_times_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adaptive, with times of sampling that go by numbers, and not by how busy the machine is."""
    text = b"".join(drifting(300))
    (tmp_path / "all.fastq").write_bytes(text)
    full = executed(tmp_path / "all.fastq", {"kind": "block"}).results.basic
    policy = {"kind": "adaptive", "low": 0.2, "high": 0.5, "share": 0.3}
    hits = tries = 0

    for seed in range(6):

        def is_wanted(valve: Valve, number: int, _size: int, seed: int = seed) -> bool:
            valve._sampling = (number + 7 * seed) // 20 % 3 > 0
            return not valve._sampling or is_chosen(number, 0.3, seed)

        monkeypatch.setattr(Valve, "_is_wanted", is_wanted)
        writer = through_a_pipe(tmp_path / f"{seed}", [text])
        end = executed(tmp_path / f"{seed}", policy | {"seed": seed})
        writer.join()
        assert end.sampling is not None
        assert end.sampling.reads + end.sampling.left_out_reads == full.reads
        assert end.sampling.margins is not None
        basic, margins = end.results.basic, end.sampling.margins
        hits += abs(basic.gc_percent - full.gc_percent) <= margins.gc_percent
        hits += abs(basic.mean_quality - full.mean_quality) <= margins.mean_quality
        tries += 2
    assert hits >= 0.8 * tries


def test_files_are_never_sampled(tmp_path: Path, sample: Path) -> None:
    settings = RunSettings.model_validate({"backpressure": {"kind": "sample", "share": 0.5}})
    with Store.open(tmp_path / "runs.sqlite") as store:
        queue = RunQueue(store, settings=settings)
        with pytest.raises(LanescopeError, match="is a file, which waits"):
            queue.submit(sample)
        assert not queue.snapshots()
        queue.close()


def test_what_is_left_out_is_kept_with_the_run(tmp_path: Path, slow_workers: None) -> None:
    settings = RunSettings.model_validate({"workers": 2, "batch_bytes": 10_000, "backpressure": POLICIES[1]})
    writer = through_a_pipe(tmp_path / "pipe", [RECORD * 1000] * 30)
    with Store.open(tmp_path / "runs.sqlite") as store:
        queue = RunQueue(store, settings=settings)
        run = queue.submit(tmp_path / "pipe")
        assert queue.wait(60)
        queue.close()
        store.flush()
        kept = store.load(run.run_id)
        assert isinstance(kept.sampling, Sampling)
        assert kept.sampling.reads + kept.sampling.left_out_reads == 30_000
        assert store.parameters(run.run_id)["backpressure"] == {"kind": "sample", "share": 0.25, "seed": 3}
    writer.join()


def test_a_source_that_ends_within_a_record_counts_what_was_whole(tmp_path: Path) -> None:
    writer = through_a_pipe(tmp_path / "pipe", [RECORD * 500, RECORD[:30]])
    end = executed(tmp_path / "pipe", POLICIES[1])
    writer.join()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert end.failure.record == 501
    assert end.sampling is not None
    assert end.sampling.reads + end.sampling.left_out_reads == 500


def test_a_source_that_stalls_is_waited_for(tmp_path: Path) -> None:
    stalled, go_on = threading.Event(), threading.Event()

    def pieces() -> Iterable[bytes]:
        yield RECORD * 100 + RECORD[:20]
        stalled.set()
        assert go_on.wait(60)
        yield RECORD[20:] + RECORD * 99

    writer = through_a_pipe(tmp_path / "pipe", pieces())
    ends: list[RunSnapshot] = []
    runner = threading.Thread(target=lambda: ends.append(executed(tmp_path / "pipe", {"kind": "adaptive"})))
    runner.start()
    assert stalled.wait(60)
    runner.join(0.3)
    assert runner.is_alive()
    go_on.set()
    runner.join(60)
    writer.join()
    assert ends[0].results.basic.reads == 200
    assert ends[0].sampling is not None
    assert ends[0].sampling.left_out_reads == 0
