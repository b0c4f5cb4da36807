"""Runs on inputs that grow while they are read."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.run.following import Following
from engine.run.queue import RunQueue
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.warmup import warm_up
from engine.store.store import Store
from tests.engine.run.conftest import RECORD

PATIENT = Following(silence=None)
READS = 500


def wait_until(condition: Callable[[], bool]) -> None:
    """Returns when the condition holds, looked at now and then."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


@contextmanager
def following(path: Path, how: Following) -> Generator[tuple[Run, threading.Thread]]:
    """A run that follows ``path`` in a thread of its own; a test that fails does not leave it running."""
    now = datetime.now().astimezone()
    created = RunSnapshot(run_id=1, name=path.name, path=path, kind="", state=RunState.CREATED, created=now)
    run = Run(created, RunSettings(workers=2), following=how)
    thread = threading.Thread(target=run.execute, name="a run that follows")
    thread.start()
    try:
        yield run, thread
    finally:
        run.cancel()
        thread.join(30)
        assert not thread.is_alive()


def reads(run: Run) -> int:
    return run.snapshot.results.basic.reads


def has_read(run: Run, count: int) -> bool:
    return bool(run.snapshot.samples) and run.snapshot.samples[-1].bytes_read >= count


def grow(path: Path, text: bytes) -> None:
    with path.open("ab") as file:
        file.write(text)


def test_a_file_is_read_as_it_grows_until_it_is_told_to_end(tmp_path: Path) -> None:
    path = tmp_path / "growing.fastq"
    path.touch()
    with following(path, PATIENT) as (run, thread):
        wait_until(lambda: run.snapshot.kind == "followed")
        grow(path, RECORD * READS + RECORD[:20])
        wait_until(partial(has_read, run, READS * len(RECORD)))
        run.finish()
        thread.join(30)
        assert run.snapshot.state is RunState.COMPLETED
        assert run.snapshot.failure is None
        assert reads(run) == READS  # the record that is still being written is not there yet


def test_numbers_come_while_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "growing.fastq"
    path.touch()
    with following(path, PATIENT) as (run, _):
        written = 0
        while reads(run) < READS:
            grow(path, RECORD)
            written += 1
            time.sleep(0.001)
            assert written < 30_000, "no numbers came"
        assert run.snapshot.state is RunState.RUNNING


def test_a_folder_is_read_until_it_is_silent(tmp_path: Path) -> None:
    folder = tmp_path / "fastq_pass"
    folder.mkdir()
    for number in range(3):
        (folder / f"part_{number}.fastq").write_bytes(RECORD * READS)
    with following(folder, Following(silence=0.3)) as (run, thread):
        thread.join(30)
        assert run.snapshot.state is RunState.COMPLETED
        assert reads(run) == 3 * READS


def test_files_that_appear_later_are_read_too(tmp_path: Path) -> None:
    folder = tmp_path / "fastq_pass"
    folder.mkdir()
    with following(folder, PATIENT) as (run, thread):
        wait_until(lambda: run.snapshot.kind == "followed")
        for number in range(2):
            (folder / f"part_{number}.fastq").write_bytes(RECORD * READS)
            wait_until(partial(has_read, run, (number + 1) * READS * len(RECORD)))
        run.finish()
        thread.join(30)
        assert run.snapshot.state is RunState.COMPLETED
        assert reads(run) == 2 * READS


def test_a_fault_names_its_file_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "fastq_pass"
    folder.mkdir()
    (folder / "part_0.fastq").write_bytes(RECORD * READS)
    (folder / "part_1.fastq").write_bytes(RECORD + b"@bad\nACGT\n+\nIII\n")
    with following(folder, Following(silence=0.3)) as (run, thread):
        thread.join(30)
        failure = run.snapshot.failure
        assert run.snapshot.state is RunState.FAILED
        assert failure is not None
        assert "part_1.fastq" in failure.message
        assert failure.record == READS + 2
        assert failure.offset is not None
        assert len(RECORD) <= failure.offset <= len(RECORD) + 16
        assert reads(run) == READS + 1


def test_a_followed_run_can_be_cancelled_while_it_waits(tmp_path: Path) -> None:
    path = tmp_path / "growing.fastq"
    path.write_bytes(RECORD)
    with following(path, PATIENT) as (run, thread):
        wait_until(lambda: bool(run.snapshot.samples))
        run.cancel()
        thread.join(30)
        assert run.snapshot.state is RunState.CANCELLED
        assert run.snapshot.failure is None


def test_a_paused_one_that_is_told_to_end_goes_on_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "growing.fastq"
    path.write_bytes(RECORD * READS)
    with following(path, PATIENT) as (run, thread):
        wait_until(lambda: bool(run.snapshot.samples) and run.snapshot.samples[-1].bytes_read > 0)
        run.pause()
        run.finish()
        thread.join(30)
        assert run.snapshot.state is RunState.COMPLETED
        assert reads(run) == READS


def test_the_queue_follows_and_keeps_what_came(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "growing.fastq"
    path.write_bytes(RECORD * READS)
    queue = RunQueue(store, workers=1)
    try:
        run_id = queue.submit_following(path, following=PATIENT).run_id
        queue.finish(run_id)  # waiting or going: it ends with what it finds
        assert queue.wait(60)
        snapshot = queue.snapshot(run_id)
        assert snapshot is not None
        assert snapshot.state is RunState.COMPLETED
        assert snapshot.results.basic.reads in {0, READS}
        other = queue.submit_following(tmp_path, following=Following(silence=0.3))
        assert queue.wait(60)
        snapshot = queue.snapshot(other.run_id)
        assert snapshot is not None
        assert snapshot.results.basic.reads == READS
        with pytest.raises(InputError):
            queue.submit_following(tmp_path / "missing")
    finally:
        queue.close()
    store.flush()
    assert store.load(run_id).state is RunState.COMPLETED


def test_reads_show_though_nothing_follows_them(tmp_path: Path) -> None:
    warm_up()  # compiling may take longer than anybody waits
    path = tmp_path / "growing.fastq"
    path.write_bytes(RECORD * READS + RECORD[:20])
    with following(path, PATIENT) as (run, thread):
        wait_until(lambda: reads(run) == READS)
        grow(path, RECORD[20:])
        wait_until(lambda: reads(run) == READS + 1)
        assert run.snapshot.state is RunState.RUNNING
        run.finish()
        thread.join(30)
        assert (run.snapshot.state, reads(run)) == (RunState.COMPLETED, READS + 1)


def test_reads_of_a_compressed_file_show_though_nothing_follows_them(tmp_path: Path) -> None:
    warm_up()  # compiling may take longer than anybody waits
    folder = tmp_path / "fastq_pass"
    folder.mkdir()
    (folder / "part_0.fastq.gz").write_bytes(gzip.compress(RECORD * READS))
    with following(folder, PATIENT) as (run, thread):
        wait_until(lambda: reads(run) == READS)
        (folder / "part_1.fastq.gz").write_bytes(gzip.compress(RECORD * READS))
        wait_until(lambda: reads(run) == 2 * READS)
        run.finish()
        thread.join(30)
        assert run.snapshot.state is RunState.COMPLETED
