"""A run whose process is killed is found again, and the database is sound."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checkpoint.beside import runs_with_checkpoints
from engine.cli.checkpoint import main
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


def start(*paths: Path) -> subprocess.Popen[bytes]:
    # A shell's background job, as the tests may be, hands on that SIGINT is ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from engine.cli.main import main; sys.exit(main(['run', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", code, *map(str, paths), "--threads", "1", "--checkpoint-seconds", "0.2"]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def wait_until_running(process: subprocess.Popen[bytes], meanwhile: Callable[[], object] = lambda: None) -> None:
    database = find_home().database
    end = time.monotonic() + 300  # it may have kernels to compile first
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        if database.exists():
            with Store.open(database) as store:
                is_running = any(row.state is RunState.RUNNING and row.reads for row in store.list_runs())
            if is_running and runs_with_checkpoints(database):
                return
        meanwhile()
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


def test_ctrl_c_cancels_and_keeps_what_was_counted(endless: Path) -> None:
    with start(endless) as process:
        wait_until_running(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert row.state is RunState.CANCELLED
        assert row.reads > 0
    assert not runs_with_checkpoints(find_home().database)


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_who_is_told_to_end_can_go_on(
    endless: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, status: int
) -> None:
    waiting = tmp_path / "waiting.fastq"
    waiting.write_bytes(RECORD)
    with start(endless, waiting) as process:
        wait_until_running(process)
        process.send_signal(signal.Signals[name])
        assert process.wait(60) == status
        assert process.stderr is not None
        told = process.stderr.read().decode().splitlines()
    assert told == [
        "Ending in order. Once more ends at once.",
        "What was done is kept. Go on with: lanescope checkpoint resume 1 2",
        "Interrupted, and ended in order.",
    ]
    with Store.open(find_home().database) as store:
        later, begun = store.list_runs()
        assert (begun.state, later.state) == (RunState.INTERRUPTED, RunState.INTERRUPTED)
        assert begun.reads > later.reads == 0
    assert set(runs_with_checkpoints(find_home().database)) == {1}
    assert main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["1", "2"]


# Whose terminal is the one that it is started with, which may then be closed.
_AT_A_TERMINAL = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from engine.cli.main import main
sys.exit(main(["run", *sys.argv[1:]]))
"""


def read_all(terminal: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(terminal, 65536):
            pass


def test_a_terminal_that_is_closed_leaves_the_run_for_later(endless: Path) -> None:
    pty = pytest.importorskip("pty")
    terminal, end = pty.openpty()
    command = [sys.executable, "-c", _AT_A_TERMINAL, str(endless), "--threads", "1", "--checkpoint-seconds", "0.2"]
    with subprocess.Popen(command, cwd=ROOT, stdin=end, stdout=end, stderr=end) as process:
        os.close(end)
        os.set_blocking(terminal, False)
        wait_until_running(process, lambda: read_all(terminal))
        os.close(terminal)
        assert process.wait(60) == 129
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert row.state is RunState.INTERRUPTED
    assert set(runs_with_checkpoints(find_home().database)) == {1}
