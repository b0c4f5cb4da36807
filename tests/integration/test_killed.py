"""A run whose process is killed is found again, and the database is sound."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
RECORD = b"@read\n" + b"ACGTTGCAAC" * 15 + b"\n+\n" + b"IIIIIHHHHH" * 15 + b"\n"


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that takes some seconds, whatever the machine: gzip, and one slow worker's worth of it."""
    import gzip

    path = tmp_path / "endless.fastq.gz"
    member = gzip.compress(RECORD * 20_000, 1)
    with path.open("wb") as file:
        for _ in range(1200):
            file.write(member)
    return path


def start(path: Path) -> subprocess.Popen[bytes]:
    # A shell's background job, as the tests may be, hands on that SIGINT is ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from engine.cli.main import main; sys.exit(main(['run', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", code, str(path), "--threads", "1"]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def wait_until_running(process: subprocess.Popen[bytes]) -> None:
    database = find_home().database
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        if database.exists():
            with Store.open(database) as store:
                if any(row.state is RunState.RUNNING and row.reads for row in store.list_runs()):
                    return
        time.sleep(0.1)
    pytest.fail("the run never began")


def test_sigkill_leaves_an_interrupted_run_and_a_sound_database(endless: Path) -> None:
    with start(endless) as process:
        wait_until_running(process)
        process.send_signal(signal.SIGKILL)
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert row.state is RunState.INTERRUPTED
        kept = store.load(row.run_id)
        assert kept.failure is not None
        assert kept.results.basic.reads > 0
    connection = sqlite3.connect(find_home().database)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_and_keeps_what_was_counted(endless: Path, number: signal.Signals) -> None:
    with start(endless) as process:
        wait_until_running(process)
        process.send_signal(number)
        assert process.wait(10) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert row.state is RunState.CANCELLED
        assert row.reads > 0
