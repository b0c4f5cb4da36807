"""Runs that are left because their process is to end, and gone on with by another queue."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_of
from engine.checkpoint.folder import CheckpointFolder
from engine.errors import CheckpointError
from engine.run.following import Following
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.warmup import warm_up
from engine.sink.plan import OutputPlan
from engine.store.store import Store
from tests.engine.run.conftest import RECORD
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_following import wait_until

PIECE = reads_of(5, 300)
NEVER_DUE = RunSettings(workers=2, batch_bytes=1 << 14, checkpoint_seconds=3600)
UNTIL_TOLD = Following(silence=None)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, kernels are ready, and the last checkpoint is waited for."""
    warm_up()
    monkeypatch.setattr("engine.run.leaving._PATIENCE", 30.0)


MakeQueue = Callable[..., RunQueue]


@pytest.fixture
def queue_of(store: Store) -> Generator[MakeQueue]:
    """Makes queues, which have all ended afterwards."""
    made: list[RunQueue] = []

    def make(settings: RunSettings | None = None) -> RunQueue:
        made.append(RunQueue(store, settings=settings))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


def left(queue: RunQueue, run_id: int, grow: Callable[[], None]) -> RunSnapshot:
    """Leaves a queue whose run comes to no end of its own, since its input grows all the time."""
    thread = threading.Thread(target=queue.leave, name="who leaves")
    thread.start()

    def is_over() -> bool:
        grow()
        return not thread.is_alive()

    wait_until(is_over)
    thread.join()
    end = queue.snapshot(run_id)
    assert end is not None
    return end


def reads_seen(queue: RunQueue, run_id: int) -> int:
    seen = queue.snapshot(run_id)
    return seen.samples[-1].reads if seen is not None and seen.samples else 0


def finish(queue: RunQueue, run_id: int, path: Path) -> None:
    """Ends a run that has read all there is."""
    reads = 300 * path.stat().st_size // len(PIECE)
    wait_until(lambda: reads_seen(queue, run_id) == reads)
    queue.finish(run_id)
    assert queue.wait(60)
    end = queue.snapshot(run_id)
    assert end is not None
    assert end.state is RunState.COMPLETED
    assert end.results.basic.reads == reads


def test_a_run_that_is_left_takes_a_last_checkpoint_and_loses_nothing(
    store: Store, queue_of: MakeQueue, tmp_path: Path
) -> None:
    path, out = tmp_path / "reads.fastq", tmp_path / "out.fastq"
    path.write_bytes(PIECE)

    def grow() -> None:
        with path.open("ab") as file:
            file.write(PIECE)

    queue = queue_of(NEVER_DUE)
    run_id = queue.submit_following(path, following=UNTIL_TOLD, output=OutputPlan(out)).run_id

    def has_begun() -> bool:
        grow()
        return reads_seen(queue, run_id) > 0

    wait_until(has_begun)
    end = left(queue, run_id, grow)
    assert end.state is RunState.INTERRUPTED
    assert end.failure is not None
    assert end.failure.message == "Lanescope was told to end before this run was done."
    assert end.results.basic.reads > 0
    assert not out.exists()
    assert [file.suffix for file in tmp_path.glob(".out.fastq.*")] == [".part"]
    assert len(checkpoints_of(store.path, run_id).checkpoints()) == 1
    store.flush()

    grow()
    queue = queue_of(NEVER_DUE)
    queue.continue_run(run_id)
    finish(queue, run_id, path)
    assert out.read_bytes() == path.read_bytes()
    assert not list(tmp_path.glob(".out.fastq.*"))
    store.flush()
    assert store.load(run_id).state is RunState.COMPLETED


@contextlib.contextmanager
def written_to(pipe: Path) -> Generator[None]:
    """Opens a pipe as soon as somebody reads it, and writes nothing."""
    ends: list[int] = []

    def is_read() -> bool:
        with contextlib.suppress(OSError):
            ends.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(ends)

    wait_until(is_read)
    try:
        yield
    finally:
        os.close(ends[0])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="not on this platform: named pipes")
def test_what_had_not_begun_begins_when_it_is_gone_on_with(store: Store, queue_of: MakeQueue, tmp_path: Path) -> None:
    pipe, waiting, out = tmp_path / "pipe.fastq", tmp_path / "reads.fastq", tmp_path / "out.fastq"
    os.mkfifo(pipe)
    waiting.write_bytes(RECORD * 10)
    queue = queue_of()
    begun = queue.submit(pipe).run_id
    later = queue.submit(waiting, output=OutputPlan(out)).run_id
    with written_to(pipe):
        queue.leave()
    assert [end.state for end in queue.snapshots()] == [RunState.INTERRUPTED] * 2
    assert all(end.finished is not None for end in queue.snapshots())
    store.flush()
    assert store.load(later).failure is not None

    queue = queue_of()
    with pytest.raises(CheckpointError, match="There is no checkpoint"):
        queue.continue_run(begun)
    queue.continue_run(later)
    assert queue.wait(60)
    queue.close()
    assert out.read_bytes() == waiting.read_bytes()
    store.flush()
    assert store.load(later).state is RunState.COMPLETED
    assert store.load(later).failure is None


def test_a_run_that_goes_on_and_is_left_at_once_keeps_its_checkpoint(
    store: Store, queue_of: MakeQueue, tmp_path: Path
) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(PIECE)

    def grow() -> None:
        with path.open("ab") as file:
            file.write(PIECE)

    often = NEVER_DUE.model_copy(update={"checkpoint_seconds": 0.01})
    queue = queue_of(often)
    run_id = queue.submit_following(path, following=UNTIL_TOLD).run_id
    folder: CheckpointFolder = checkpoints_of(store.path, run_id)

    def is_safe() -> bool:
        grow()
        return bool(folder.checkpoints())

    wait_until(is_safe)
    assert left(queue, run_id, grow).state is RunState.INTERRUPTED
    store.flush()
    for _ in range(2):
        queue = queue_of(NEVER_DUE)
        queue.continue_run(run_id)
        assert left(queue, run_id, grow).state is RunState.INTERRUPTED
        assert folder.checkpoints()
        store.flush()
    queue = queue_of()
    queue.continue_run(run_id)
    finish(queue, run_id, path)
