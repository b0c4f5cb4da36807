"""Runs over pairs and lanes find for each mate what a run over its file alone finds."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from engine.collectors.results import QcResults
from engine.run.queue import RunQueue
from engine.run.reading import Reading
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.source.naming import Dataset
from engine.store.store import Store
from tests.engine.run.conftest import RECORD, SAMPLES

FIRST, SECOND = SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz"
Inputs = tuple[tuple[Path, ...], ...]


def run_of(inputs: Inputs, on_change: Callable[[RunSnapshot], None] | None = None, **settings: int) -> Run:
    created = RunSnapshot(
        run_id=1,
        name="sample",
        path=inputs[0][0],
        kind="",
        state=RunState.CREATED,
        created=datetime.now().astimezone(),
        inputs=inputs,
    )
    return Run(created, RunSettings.model_validate(settings), on_change)


def records(path: Path) -> list[bytes]:
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    return [b"".join(lines[at : at + 4]) for at in range(0, len(lines), 4)]


@pytest.fixture(scope="module")
def alone() -> tuple[QcResults, QcResults]:
    """What runs over each file alone find."""
    first, second = (run_of(((path,),)).execute().results for path in (FIRST, SECOND))
    return first, second


def without_mate(results: QcResults) -> QcResults:
    return results.model_copy(update={"mate": None, "pairs": None})


@pytest.mark.parametrize(("workers", "size", "waiting"), [(1, 1 << 22, 8), (2, 1 << 16, 1), (5, 3000, 3), (3, 300, 2)])
def test_each_mate_gets_the_results_of_its_file(
    alone: tuple[QcResults, QcResults], workers: int, size: int, waiting: int
) -> None:
    run = run_of(((FIRST,), (SECOND,)), workers=workers, batch_bytes=size, queue_batches=waiting)
    end = run.execute()
    assert end.failure is None
    assert end.state is RunState.COMPLETED
    assert without_mate(end.results) == alone[0]
    assert end.results.mate == alone[1]
    assert end.samples[-1].reads == alone[0].basic.reads
    assert end.samples[-1].bases == alone[0].basic.bases + alone[1].basic.bases
    assert end.samples[-1].bytes_read == end.bytes_total == FIRST.stat().st_size + SECOND.stat().st_size
    assert run._crew is not None
    assert run._crew.intake.pool.statistics().in_use == 0


@pytest.mark.parametrize(("workers", "size"), [(2, 1 << 22), (3, 2000)])
@pytest.mark.parametrize("cuts", [(1, 2, 2499), (700, 701, 2000)])
def test_lanes_and_turns_change_nothing(
    alone: tuple[QcResults, QcResults], tmp_path: Path, workers: int, size: int, cuts: tuple[int, ...]
) -> None:
    both = list(zip(records(FIRST), records(SECOND), strict=True))
    edges = [0, *cuts, len(both)]
    firsts: list[Path] = []
    seconds: list[Path] = []
    turns: list[Path] = []
    for lane, (start, stop) in enumerate(pairwise(edges)):
        for files, name, text in (
            (firsts, "R1", b"".join(first for first, _ in both[start:stop])),
            (seconds, "R2", b"".join(second for _, second in both[start:stop])),
            (turns, "both", b"".join(record for pair in both[start:stop] for record in pair)),
        ):
            files.append(tmp_path / f"s_L00{lane}_{name}.fastq")
            files[-1].write_bytes(text)
    pair = run_of((tuple(firsts), tuple(seconds)), workers=workers, batch_bytes=size).execute()
    turned = run_of((tuple(turns), tuple(turns)), workers=workers, batch_bytes=size).execute()
    single = run_of((tuple(firsts),), workers=workers, batch_bytes=size).execute()
    assert (pair.failure, turned.failure, single.failure) == (None, None, None)
    assert without_mate(pair.results) == without_mate(turned.results) == single.results == alone[0]
    assert pair.results.mate == turned.results.mate == alone[1]
    assert pair.results.pairs == turned.results.pairs
    assert pair.bytes_total == pair.samples[-1].bytes_read
    assert turned.bytes_total == turned.samples[-1].bytes_read
    assert turned.samples[-1].text_bytes == turned.bytes_total


def test_a_fault_in_the_second_lane_names_its_file_and_place(tmp_path: Path) -> None:
    good, bad, mates = tmp_path / "a_R1.fastq", tmp_path / "b_R1.fastq", tmp_path / "a_R2.fastq"
    good.write_bytes(RECORD * 5)
    mates.write_bytes(RECORD * 5)
    bad.write_bytes(RECORD + b"@b\nAC GT\n+\nIIIII\n")
    end = run_of(((good, bad), (mates, mates))).execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "b_R1.fastq, record 2, line 6" in end.failure.message
    assert end.results.basic.reads == 6
    assert end.results.mate is not None
    assert end.results.mate.basic.reads == 6


def test_files_that_are_no_pair_stop_with_names(tmp_path: Path) -> None:
    first, second = tmp_path / "x_R1.fastq", tmp_path / "x_R2.fastq"
    first.write_bytes(RECORD * 3 + b"@left/1\nA\n+\nI\n")
    second.write_bytes(RECORD * 3 + b"@right/2\nA\n+\nI\n")
    run = run_of(((first,), (second,)), workers=2)
    end = run.execute()
    assert end.failure is not None
    assert (end.failure.record, end.results.basic.reads) == (4, 3)
    assert "“left/1” and “right/2” are not the names of mates" in end.failure.message
    assert run._crew is not None
    assert run._crew.intake.pool.statistics().in_use == 0


def test_a_missing_lane_keeps_what_came_before(tmp_path: Path) -> None:
    first = tmp_path / "a.fastq"
    first.write_bytes(RECORD * 3)
    end = run_of(((first, tmp_path / "gone.fastq"),)).execute()
    assert end.failure is not None
    assert "gone.fastq" in end.failure.message


def test_cancel_gives_every_buffer_back(large: Path) -> None:
    run = run_of(((large,), (large.with_name("copy.fastq"),)), workers=2, batch_bytes=1 << 16)
    large.with_name("copy.fastq").hardlink_to(large)
    thread = threading.Thread(target=run.execute)
    thread.start()
    due = time.monotonic() + 20
    while not (run.snapshot.samples and run.snapshot.samples[-1].reads) and time.monotonic() < due:
        time.sleep(0.01)
    run.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert run.snapshot.state is RunState.CANCELLED
    assert 0 < run.snapshot.results.basic.reads < 2_000_000
    assert run._crew is not None
    assert run._crew.intake.pool.statistics().in_use == 0


def test_a_closed_reading_opens_no_more() -> None:
    reading = Reading(((FIRST,), (SECOND,)))
    reading.open()
    assert reading.kind == "gzip"
    reading.close()
    reading.close()
    before = reading._open
    reading._enter((SECOND,))
    assert reading._open is before


def test_a_queued_sample_is_kept_with_its_files(store: Store) -> None:
    queue = RunQueue(store, workers=2)
    try:
        run = queue.submit_dataset(Dataset("illumina_pair", ((FIRST, SECOND),)))
        assert queue.wait(60)
    finally:
        queue.close()
    store.flush()
    kept = store.load(run.run_id)
    assert kept.inputs == ((FIRST,), (SECOND,))
    assert (kept.name, kept.path) == ("illumina_pair", FIRST)
    assert kept.state is RunState.COMPLETED
    assert kept.results.mate is not None
    assert kept.results.mate.basic.reads == kept.results.basic.reads == 2500
    assert kept.results.pairs is not None
    assert kept.results.pairs.pairs == 2500
    assert sum(kept.results.pairs.counts) == kept.results.pairs.overlapping
