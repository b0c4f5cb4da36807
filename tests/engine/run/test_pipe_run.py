from __future__ import annotations

import os
import threading
import time
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest

from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.warmup import warm_up
from tests.engine.run.conftest import RECORD, MakeRun
from tests.engine.run.test_run import wait_until


def started(run: Run) -> threading.Thread:
    thread = threading.Thread(target=run.execute, name="the run under test")
    thread.start()
    return thread


def test_reads_from_a_slow_pipe_show_before_it_ends(tmp_path: Path, make_run: MakeRun) -> None:
    warm_up()  # compiling would take longer than the pipe is slow
    path = tmp_path / "pipe"
    os.mkfifo(path)
    run = make_run(path)
    thread = started(run)
    with path.open("wb", buffering=0) as pipe:
        for _ in range(8):
            pipe.write(RECORD * 10 + RECORD[:20])
            pipe.write(RECORD[20:])
            time.sleep(0.1)
        wait_until(lambda: run.snapshot.results.basic.reads > 0)
        during = run.snapshot
    thread.join(20)
    after = run.snapshot
    assert (during.state, after.state) == (RunState.RUNNING, RunState.COMPLETED)
    assert after.results.basic.reads == 88


def test_a_silent_pipe_can_be_cancelled(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    run = make_run(path)
    thread = started(run)
    with path.open("wb", buffering=0) as pipe:
        pipe.write(RECORD * 10)
        wait_until(lambda: bool(run.snapshot.samples))
        run.cancel()
        thread.join(5)
        assert run.snapshot.state is RunState.CANCELLED


@pytest.mark.parametrize("is_written_to", [False, True])
def test_a_silent_pipe_as_a_later_lane_can_be_cancelled(tmp_path: Path, *, is_written_to: bool) -> None:
    first, pipe = tmp_path / "lane_1.fastq", tmp_path / "lane_2"
    first.write_bytes(RECORD * 10)
    os.mkfifo(pipe)
    now = datetime.now().astimezone()
    created = RunSnapshot(1, "lanes", first, "", RunState.CREATED, now, inputs=((first, pipe),))
    run = Run(created, RunSettings(workers=1))
    thread = started(run)
    with pipe.open("r+b", buffering=0) if is_written_to else nullcontext():
        wait_until(lambda: bool(run.snapshot.samples) and run.snapshot.samples[-1].reads == 10)
        run.cancel()
        thread.join(30)
    assert not thread.is_alive()
    assert run.snapshot.state is RunState.CANCELLED


def test_a_pipe_that_nobody_writes_to_can_be_cancelled(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    run = make_run(path)
    thread = started(run)
    time.sleep(0.2)
    run.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert run.snapshot.state is RunState.CANCELLED
    assert run.snapshot.failure is None
