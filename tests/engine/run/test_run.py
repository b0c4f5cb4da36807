from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.collectors.collector_set import CollectorSet
from engine.run.producer import Producer
from engine.run.run import Run
from engine.run.samples import SampleSeries
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from tests.engine.run.conftest import RECORD, SAMPLES, MakeRun
from tests.naive_counts import naive_counts


def wait_until(condition: Callable[[], bool], timeout: float = 20.0) -> float:
    """Seconds until the condition holds."""
    began = time.perf_counter()
    while not condition():
        assert time.perf_counter() - began < timeout, "it never happened"
        time.sleep(0.001)
    return time.perf_counter() - began


def started(run: Run) -> threading.Thread:
    thread = threading.Thread(target=run.execute, name="the run under test")
    thread.start()
    wait_until(lambda: bool(run.snapshot.samples) and run.snapshot.samples[-1].reads > 0)
    return thread


@pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.glob("*.gz"))])
def test_numbers_equal_a_naive_count(name: str, make_run: MakeRun) -> None:
    end = make_run(SAMPLES / name).execute()
    naive = naive_counts(SAMPLES / name)
    assert end.state is RunState.COMPLETED
    assert end.failure is None
    assert end.kind == "gzip"
    basic = end.results.basic
    assert (basic.reads, basic.bases) == (naive.reads, naive.bases)
    assert (basic.shortest, basic.longest) == (min(naive.lengths), max(naive.lengths))
    assert basic.gc_percent == pytest.approx(naive.gc_percent, rel=1e-12)
    assert basic.mean_quality == pytest.approx(naive.mean_quality, rel=1e-12)
    assert end.results.sequence_quality is not None
    counted = zip(end.results.sequence_quality.qualities, end.results.sequence_quality.counts, strict=True)
    assert {quality: n for quality, n in counted if n} == naive.mean_qualities
    assert end.samples[-1].reads == naive.reads
    assert end.samples[-1].bytes_read == end.bytes_total == (SAMPLES / name).stat().st_size


def test_results_do_not_depend_on_workers_or_batches(sample: Path, make_run: MakeRun) -> None:
    ends = [
        make_run(sample, workers=workers, batch_bytes=size, queue_batches=queue).execute()
        for workers, size, queue in [(1, 1 << 22, 8), (2, 1 << 16, 1), (5, 3000, 3), (3, 777, 2)]
    ]
    assert all(end.results == ends[0].results for end in ends)


def test_snapshots_grow_and_end_final(large: Path, make_run: MakeRun) -> None:
    seen: list[RunSnapshot] = []
    make_run(large, seen.append).execute()
    assert seen[0].state is RunState.RUNNING
    assert seen[-1].state is RunState.COMPLETED
    assert seen[-1].results.basic.reads == 2_000_000
    reads = [snapshot.results.basic.reads for snapshot in seen]
    assert reads == sorted(reads)
    assert {thread.name for thread in seen[-1].threads} >= {"read + parse", "worker 1"}
    assert seen[-1].queue.high_water >= 1


def test_pause_resume_and_cancel_act_at_the_next_batch(large: Path, make_run: MakeRun) -> None:
    run = make_run(large, batch_bytes=1 << 16)
    thread = started(run)
    run.pause()
    wait_until(lambda: run.snapshot.state is RunState.PAUSED)
    time.sleep(0.5)
    held = run.snapshot
    time.sleep(0.5)
    assert run.snapshot.results.basic.reads == held.results.basic.reads
    assert run.snapshot.samples == held.samples
    assert run.snapshot.elapsed == held.elapsed
    run.resume()
    wait_until(lambda: run.snapshot.results.basic.reads > held.results.basic.reads)
    run.cancel()
    thread.join(20)
    assert run.snapshot.state is RunState.CANCELLED
    assert 0 < run.snapshot.results.basic.reads < 2_000_000


def test_a_paused_run_can_be_cancelled(large: Path, make_run: MakeRun) -> None:
    run = make_run(large, batch_bytes=1 << 16)
    thread = started(run)
    run.pause()
    time.sleep(0.05)
    run.cancel()
    thread.join(5)
    assert run.snapshot.state is RunState.CANCELLED
    assert run.snapshot.failure is None


def test_buffers_all_come_back_after_a_cancel(large: Path, make_run: MakeRun) -> None:
    run = make_run(large, batch_bytes=1 << 16)
    thread = started(run)
    run.cancel()
    thread.join(5)
    assert run._crew is not None
    assert run._crew.intake.pool.statistics().in_use == 0


def test_what_means_nothing_does_nothing(sample: Path, make_run: MakeRun) -> None:
    run = make_run(sample)
    run.pause()
    run.resume()
    before = run.snapshot
    run.execute()
    run.cancel()
    run.pause()
    assert (before.state, run.snapshot.state) == (RunState.CREATED, RunState.COMPLETED)


def test_a_run_cancelled_before_its_start_reads_nothing(sample: Path, make_run: MakeRun) -> None:
    run = make_run(sample)
    run.cancel()
    end = run.execute()
    assert end.state is RunState.CANCELLED
    assert end.results.basic.reads == 0
    assert end.finished is not None


@pytest.mark.parametrize(("workers", "size"), [(1, 1 << 22), (2, 4096), (4, 300)])
def test_a_fault_keeps_the_records_before_it(tmp_path: Path, make_run: MakeRun, workers: int, size: int) -> None:
    path = tmp_path / "bad.fastq"
    path.write_bytes(RECORD * 1000 + RECORD.replace(b"+\n", b"-\n") + RECORD * 1000)
    end = make_run(path, workers=workers, batch_bytes=size).execute()
    assert end.state is RunState.FAILED
    assert end.results.basic.reads == 1000
    assert end.failure is not None
    assert (end.failure.record, end.failure.line) == (1001, 4003)
    assert "bad.fastq" in end.failure.message
    assert end.failure.hint


def test_a_truncated_gzip_keeps_what_was_read(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "cut.fastq.gz"
    path.write_bytes(gzip.compress(RECORD * 50_000)[:-100])
    end = make_run(path).execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "truncated" in end.failure.message
    assert end.failure.offset is not None
    assert 0 < end.results.basic.reads < 50_000


def test_a_file_that_vanished_fails_in_plain_words(tmp_path: Path, make_run: MakeRun) -> None:
    end = make_run(tmp_path / "gone.fastq").execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "does not exist" in end.failure.message


def test_a_file_that_shrinks_while_it_is_read_fails(large: Path, make_run: MakeRun) -> None:
    run = make_run(large, batch_bytes=1 << 16)
    thread = started(run)
    run.pause()
    time.sleep(0.05)
    with large.open("r+b") as file:
        file.truncate(len(RECORD) * 1_000_000)
    run.resume()
    thread.join(20)
    assert run.snapshot.state is RunState.FAILED
    assert run.snapshot.failure is not None
    assert "shrank" in run.snapshot.failure.message


def test_a_defect_in_a_worker_ends_the_run_and_says_so(
    large: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise ZeroDivisionError("as if by a defect")

    monkeypatch.setattr(CollectorSet, "add", explode)
    end = make_run(large).execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "defect" in end.failure.title
    assert "ZeroDivisionError" in end.failure.message
    assert "ZeroDivisionError" in caplog.text


def test_trouble_while_watching_a_run_ends_its_threads(
    large: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_self: SampleSeries, _sample: object) -> None:
        raise MemoryError

    caplog.set_level("INFO")
    monkeypatch.setattr(SampleSeries, "add", explode)
    run = make_run(large, batch_bytes=1 << 16)
    end = run.execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "memory" in end.failure.title
    assert run._crew is not None
    assert not run._crew.is_working
    assert "MemoryError" in caplog.text


def test_a_thread_that_cannot_work_fails_the_run(
    sample: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_self: Producer) -> None:
        raise ZeroDivisionError("as if by a defect")

    monkeypatch.setattr(Producer, "run", explode)
    end = make_run(sample).execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "ZeroDivisionError" in end.failure.message
    assert "ZeroDivisionError" in caplog.text
