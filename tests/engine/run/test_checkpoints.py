"""Runs whose process is killed go on from their last checkpoint, and end as if nothing had happened."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside
from engine.collectors.results import QcResults
from engine.errors import CheckpointError
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.source.naming import Dataset
from engine.store.errors import RunNotLostError
from engine.store.store import Store
from tests.engine.run.lost_runs import lose_run, reads_of
from tests.stored_files import bgzf

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda text: gzip.compress(text[: len(text) // 2], 1) + gzip.compress(text[len(text) // 2 :], 1),
    "bgzf": bgzf,
}


def finished(queue: RunQueue, run: RunSnapshot) -> RunSnapshot:
    assert queue.wait(60)
    end = queue.snapshot(run.run_id)
    assert end is not None
    return end


def uninterrupted(folder: Path, files: list[Path]) -> QcResults:
    with Store.open(folder / "other.sqlite") as store:
        queue = RunQueue(store, settings=RunSettings(workers=1))
        try:
            one = queue.submit(files[0]) if len(files) == 1 else None
            run = one or queue.submit_dataset(Dataset("pair", ((files[0], files[1]),)))
            return finished(queue, run).results
        finally:
            queue.close()


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_killed_run_ends_as_if_nothing_had_happened(tmp_path: Path, packing: str) -> None:
    files = [tmp_path / "reads.fastq"]
    files[0].write_bytes(PACKINGS[packing](reads_of(1, 60_000) * 8))
    check(tmp_path, files, kills=2 if packing == "plain" else 1)


def test_a_killed_run_of_pairs(tmp_path: Path) -> None:
    files = [tmp_path / "a_R1.fastq.gz", tmp_path / "a_R2.fastq.gz"]
    for mate, file in enumerate(files, start=1):
        file.write_bytes(gzip.compress(reads_of(mate, 20_000, mate) * 8, 1))
    check(tmp_path, files, kills=2)


def check(folder: Path, files: list[Path], kills: int) -> None:
    chance = random.Random(len(files))  # noqa: S311 - moments, not secrets
    database = folder / "runs.sqlite"
    for attempt in range(kills):
        lose_run(database, files, again=int(attempt > 0), delay=chance.random() * 0.05)
        with Store.open(database) as store:
            assert store.load(1).state is RunState.INTERRUPTED
    with Store.open(database) as store:
        queue = RunQueue(store, settings=RunSettings(workers=3, batch_bytes=100_000))
        try:
            end = finished(queue, queue.continue_run(1))
            assert end.elapsed > 0
        finally:
            queue.close()
        store.flush()
        end = store.load(1)
        assert end.state is RunState.COMPLETED
        assert end.results == uninterrupted(folder, files)
        assert end.samples[-1].reads == end.results.basic.reads
        times = [sample.time for sample in end.samples]
        assert times == sorted(times)
    assert not (checkpoints_beside(database) / "1").exists()


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("lost")
    file = folder / "reads.fastq"
    file.write_bytes(reads_of(5, 60_000) * 16)
    lose_run(folder / "runs.sqlite", [file])
    return folder / "runs.sqlite", file


def test_what_has_changed_since_is_noticed(lost: tuple[Path, Path]) -> None:
    database, file = lost
    text, times = file.read_bytes(), file.stat()
    with Store.open(database) as store:
        assert store.load(1).state is RunState.INTERRUPTED
        queue = RunQueue(store)
        try:
            file.write_bytes(text[: len(text) // 2])
            with pytest.raises(CheckpointError, match=r"reads\.fastq shrank"):
                queue.continue_run(1)
            file.unlink()
            with pytest.raises(CheckpointError, match=r"reads\.fastq cannot be read"):
                queue.continue_run(1)
            assert store.load(1).state is RunState.INTERRUPTED
        finally:
            queue.close()
            file.write_bytes(text)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_two_cannot_go_on_with_one_run(lost: tuple[Path, Path]) -> None:
    database, _ = lost
    with Store.open(database) as store, Store.open(database) as other:
        one, two = RunQueue(store), RunQueue(other)
        try:
            run = one.continue_run(1)
            with pytest.raises(RunNotLostError):
                two.continue_run(1)
            assert finished(one, run).state is RunState.COMPLETED
            with pytest.raises(CheckpointError, match="no checkpoint"):
                two.continue_run(1)
        finally:
            one.close()
            two.close()
