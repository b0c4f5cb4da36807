"""Checkpoints that cannot be written, and clocks that jump: the run goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import engine.run.checkpointing
import engine.run.run
from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.folder import Checkpoint, CheckpointFolder
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from engine.store.store import Store
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_killed_runs import ONCE


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints as often as can be."""
    monkeypatch.setattr(engine.run.run, "_INTERVAL", 0.002)
    monkeypatch.setattr(engine.run.checkpointing, "_COST", 1)


@pytest.mark.usefixtures("often")
def test_a_full_disk_costs_checkpoints_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, store: Store
) -> None:
    """As a full disk does: some attempts fail, in any of the files, and later there is room again."""
    write: Callable[[CheckpointFolder, State], Checkpoint] = CheckpointFolder.write
    attempts: list[int] = []
    remembered: list[int] = []

    def write_at_times(folder: CheckpointFolder, state: State) -> Checkpoint:
        attempts.append(len(attempts))
        if len(attempts) % 2:
            raise CheckpointError("No checkpoint can be written in there: no space left on device.")
        checkpoint = write(folder, state)
        memories: Any = checkpoint.load()["memories"]
        remembered.append(sum(journal["length"] for journal in memories))
        return checkpoint

    monkeypatch.setattr(CheckpointFolder, "write", write_at_times)
    path = tmp_path / "reads.fastq"
    path.write_bytes(reads_of(1, 60_000) * 4)
    settings = RunSettings(workers=2, batch_bytes=1 << 15, checkpoint_seconds=0.001)
    queue = RunQueue(store, settings=settings)
    try:
        run = queue.submit(path, pipeline=ONCE, output=OutputPlan(tmp_path / "out.fastq.gz"))
        assert queue.wait(60)
        end = queue.snapshot(run.run_id)
    finally:
        queue.close()
    assert end is not None
    assert end.state is RunState.COMPLETED, end.failure
    assert attempts, "no checkpoint was tried"
    assert remembered == sorted(remembered)  # all since the beginning, whatever failed
    assert [record.message for record in caplog.records].count(end.warnings[0]) == 1
    reason = "No checkpoint can be written in there: no space left on device."
    assert end.warnings == (f"{reason} The run went on, and tried again from time to time.",)
    assert not checkpoints_beside(store.path).exists() or not list(checkpoints_beside(store.path).iterdir())


@pytest.mark.usefixtures("often")
def test_a_file_in_the_way_costs_checkpoints_and_not_the_run(tmp_path: Path, store: Store) -> None:
    checkpoints_beside(store.path).write_text("in the way")
    path = tmp_path / "reads.fastq"
    path.write_bytes(reads_of(1, 20_000) * 4)
    queue = RunQueue(store, settings=RunSettings(workers=1, batch_bytes=1 << 15, checkpoint_seconds=0.001))
    try:
        run = queue.submit(path, output=OutputPlan(tmp_path / "out.fastq.gz"))
        assert queue.wait(60)
        end = queue.snapshot(run.run_id)
    finally:
        queue.close()
    assert end is not None
    assert end.state is RunState.COMPLETED, end.failure
    assert end.outputs[0].reads == 80_000


@pytest.mark.usefixtures("often")
def test_a_defect_of_checkpoints_does_not_cost_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, store: Store
) -> None:
    attempts: list[State] = []

    def fail(_folder: CheckpointFolder, state: State) -> Checkpoint:
        attempts.append(state)
        raise ZeroDivisionError("integer division")

    monkeypatch.setattr(CheckpointFolder, "write", fail)
    path = tmp_path / "reads.fastq"
    path.write_bytes(reads_of(1, 60_000) * 4)
    queue = RunQueue(store, settings=RunSettings(workers=2, batch_bytes=1 << 15, checkpoint_seconds=0.001))
    try:
        run = queue.submit(path, pipeline=ONCE, output=OutputPlan(tmp_path / "out.fastq.gz"))
        assert queue.wait(60)
        end = queue.snapshot(run.run_id)
    finally:
        queue.close()
    assert end is not None
    assert attempts, "no checkpoint was tried"
    assert end.state is RunState.COMPLETED, end.failure
    assert "Lanescope has a defect, which the log tells. The run went on" in end.warnings[0]
    assert "ZeroDivisionError" in caplog.text


def test_a_clock_that_jumps_does_not_change_which_is_the_newest(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)
    for number, clock in enumerate((4e9, 1.0, 2e9), start=1):
        written = folder.write({"batch": number})
        os.utime(written.path, (clock, clock))
    newest = folder.newest()
    assert newest is not None
    assert newest[1] == {"batch": 3}
    assert folder.write({"batch": 4}).number == 4
    assert [each.number for each in folder.checkpoints()] == [4, 3, 2]
