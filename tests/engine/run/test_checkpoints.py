"""Runs whose process was killed: what may not be gone on with, and by whom; see `test_killed_runs` for the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import CheckpointError
from engine.run.queue import RunQueue
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import RunNotLostError
from engine.store.store import Store
from tests.engine.run.lost_runs import lose_run, reads_of


def finished(queue: RunQueue, run: RunSnapshot) -> RunSnapshot:
    assert queue.wait(60)
    end = queue.snapshot(run.run_id)
    assert end is not None
    return end


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
            with pytest.raises(RunNotLostError):
                two.continue_run(1)
        finally:
            one.close()
            two.close()
