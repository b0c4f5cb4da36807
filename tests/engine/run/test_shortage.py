"""Systems that have run short of threads, files or memory."""

from __future__ import annotations

import errno
import gzip
import logging
import threading
from pathlib import Path

import pytest

from engine.errors import shortage_of
from engine.run.producer import Producer
from engine.run.state import RunState
from tests.engine.run.conftest import RECORD, MakeRun

_REFUSED = "can't start new thread"


@pytest.mark.parametrize("refused", ["read + parse", "worker 2", "read ahead"])
def test_threads_that_cannot_be_started_end_the_run(
    refused: str, tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever it is, those that were started end too, and nobody is told of a defect."""
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(gzip.compress(RECORD * 50_000, 1))  # more than is read before another thread reads ahead
    start, tried = threading.Thread.start, []

    def start_but_one(thread: threading.Thread) -> None:
        if thread.name == f"lanescope {refused}":
            tried.append(thread)
            raise RuntimeError(_REFUSED)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_but_one)
    end = make_run(path, workers=2).execute()
    assert len(tried) == 1
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert end.failure.title == "Too many threads are running"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "Too many files are open"),
        (OSError(errno.ENFILE, "Too many open files in system"), "Too many files are open"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "There is not enough memory"),
        (MemoryError(), "There is not enough memory"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "Too many threads are running"),
    ],
)
def test_what_the_system_refuses_is_no_defect(
    error: Exception, title: str, tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(RECORD)

    def refuse(_producer: Producer) -> None:
        raise error

    monkeypatch.setattr(Producer, "run", refuse)
    end = make_run(path).execute()
    assert end.failure is not None
    assert end.failure.title == title
    assert end.failure.hint


def test_other_errors_are_none() -> None:
    assert shortage_of(RuntimeError("cannot join thread before it is started")) is None
    assert shortage_of(OSError(errno.EIO, "Input/output error")) is None
