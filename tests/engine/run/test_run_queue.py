from __future__ import annotations

import bz2
import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.run.queue import RunQueue
from engine.run.state import RunState
from engine.store.store import Store
from tests.engine.run.conftest import RECORD, SAMPLES
from tests.stored_files import bgzf


def test_files_run_in_order_and_are_kept(store: Store) -> None:
    paths = sorted(SAMPLES.glob("*.gz"))
    changes = threading.Event()
    queue = RunQueue(store, workers=2, on_change=changes.set)
    ids = [queue.submit(path).run_id for path in paths]
    assert queue.wait(60)
    queue.close()
    assert changes.is_set()
    assert [snapshot.run_id for snapshot in queue.snapshots()] == ids
    finished = [snapshot.finished for snapshot in queue.snapshots()]
    assert finished == sorted(finished, key=str)
    store.flush()
    for snapshot in queue.snapshots():
        assert snapshot.state is RunState.COMPLETED
        kept = store.load(snapshot.run_id)
        assert kept.results == snapshot.results
        assert kept.samples == snapshot.samples
        assert kept.threads == snapshot.threads
        assert kept.kind == "gzip"


def test_one_broken_file_leaves_the_others_alone(store: Store, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.fastq", tmp_path / "bad.fastq"
    good.write_bytes(RECORD * 10)
    bad.write_bytes(RECORD * 5 + b"@broken\nACGT\n+\nII\n")
    queue = RunQueue(store)
    runs = [queue.submit(path).run_id for path in (good, bad, good)]
    assert queue.wait(60)
    queue.close()
    assert [snapshot.run_id for snapshot in queue.snapshots()] == runs
    states = [snapshot.state for snapshot in queue.snapshots()]
    assert states == [RunState.COMPLETED, RunState.FAILED, RunState.COMPLETED]


def test_what_is_no_fastq_is_refused_at_once(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    queue = RunQueue(store)
    with pytest.raises(InputError, match="is not FASTQ"):
        queue.submit(path)
    queue.close()
    assert store.list_runs() == []


def test_a_waiting_run_can_be_taken_out(store: Store, large: Path) -> None:
    queue = RunQueue(store, workers=1)
    first, second = queue.submit(large).run_id, queue.submit(large).run_id
    queue.cancel(second)
    waiting = queue.snapshot(second)
    assert waiting is not None
    assert waiting.state is RunState.CANCELLED
    queue.cancel(first)
    assert queue.wait(20)
    queue.close()
    store.flush()
    assert store.load(second).state is RunState.CANCELLED
    assert store.load(first).state is RunState.CANCELLED


def test_pause_and_resume_reach_the_run_that_goes(store: Store, large: Path) -> None:
    queue = RunQueue(store, workers=1)
    run_id = queue.submit(large).run_id
    end = time.monotonic() + 20
    while (now := queue.snapshot(run_id)) and now.state is not RunState.RUNNING and time.monotonic() < end:
        time.sleep(0.001)
    queue.pause(run_id)
    while (now := queue.snapshot(run_id)) and now.state is not RunState.PAUSED and time.monotonic() < end:
        time.sleep(0.001)
    assert queue.busy
    queue.resume(run_id)
    assert queue.wait(60)
    queue.close()
    done = queue.snapshot(run_id)
    assert done is not None
    assert done.state is RunState.COMPLETED


def test_close_cancels_all_and_loses_nothing(store: Store, large: Path) -> None:
    queue = RunQueue(store)
    runs = [queue.submit(large).run_id for _ in range(3)]
    time.sleep(0.2)
    began = time.monotonic()
    queue.close()
    assert time.monotonic() - began < 10  # reading on would take longer
    store.flush()
    assert {store.load(run).state for run in runs} <= {RunState.CANCELLED, RunState.COMPLETED}
    assert all(store.load(run).finished is not None for run in runs)


def test_a_listener_that_fails_does_not_end_the_queue(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "good.fastq"
    path.write_bytes(RECORD * 10)

    def fail() -> None:
        raise OSError("the terminal is gone")

    queue = RunQueue(store, workers=1, on_change=fail)
    runs = [queue.submit(path).run_id for _ in range(2)]
    assert queue.wait(60)
    queue.close()
    store.flush()
    assert [store.load(run).state for run in runs] == [RunState.COMPLETED] * 2
    assert "the terminal is gone" in caplog.text


def test_who_waits_is_told_when_the_last_run_is_taken_out(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "good.fastq"
    path.write_bytes(RECORD * 10)
    prepared = threading.Event()
    monkeypatch.setattr("engine.run.queue.warm_up", lambda **_: prepared.wait(20))
    queue = RunQueue(store, workers=1)
    run_id = queue.submit(path).run_id
    canceller = threading.Timer(0.2, queue.cancel, [run_id])
    canceller.start()
    began = time.monotonic()
    assert queue.wait(20)
    assert time.monotonic() - began < 10
    prepared.set()
    canceller.join()
    queue.close()


def test_what_kernels_took_is_told_with_the_run_that_waited_for_them(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "good.fastq"
    path.write_bytes(RECORD * 10)
    monkeypatch.setattr("engine.run.queue.warm_up", lambda **_: time.sleep(0.1))
    queue = RunQueue(store, workers=1, prepared=1e6)
    first, second = (queue.submit(path).run_id for _ in range(2))
    assert queue.wait(60)
    queue.close()
    store.flush()
    assert store.load(first).prepared >= 1e6 + 0.1
    assert store.load(first).elapsed < 1e6
    assert store.load(second).prepared < 1e6


def test_of_twenty_files_one_is_broken_nineteen_finish_and_one_is_explained(store: Store, tmp_path: Path) -> None:
    stores: list[Callable[[bytes], bytes]] = [lambda text: text, gzip.compress, bgzf, bz2.compress]
    for number in range(20):
        text = b"".join(b"@read%d\nACGTACGTAC\n+\nIIIIIIIIII\n" % read for read in range(10 * (number + 1)))
        stored = stores[number % 4](text if number != 13 else text.replace(b"@read7\n", b">read7\n"))
        (tmp_path / f"{number:02}.fastq").write_bytes(stored)
    queue = RunQueue(store, workers=2)
    for path in sorted(tmp_path.glob("*.fastq")):
        queue.submit(path)
    assert queue.wait(60)
    queue.close()
    ended = queue.snapshots()
    (broken,) = [snapshot for snapshot in ended if snapshot.state is not RunState.COMPLETED]
    assert (broken.name, broken.state) == ("13.fastq", RunState.FAILED)
    assert broken.failure is not None
    assert (broken.failure.record, broken.failure.line) == (8, 29)
    assert "13.fastq, record 8, line 29, byte" in broken.failure.message
    reads = {snapshot.name: snapshot.results.basic.reads for snapshot in ended}
    assert reads == {f"{number:02}.fastq": 10 * (number + 1) if number != 13 else 7 for number in range(20)}
    store.flush()
    assert [store.load(snapshot.run_id).state for snapshot in ended] == [snapshot.state for snapshot in ended]
