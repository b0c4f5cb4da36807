"""Ctrl+C once ends a run in order, and says so; twice at once, however long the end takes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli.interrupts import Interrupts
from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store

ROOT = Path(__file__).resolve().parents[3]

# A shell's background job, as the tests may be, hands on that SIGINT is ignored.
_CODE = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup, under which tests may run, has ignored
from engine.run.queue import RunQueue
from gui.main import main
wait, close = RunQueue.wait, RunQueue.close

def wait_and_say(queue, timeout=None):
    print("waiting", flush=True)
    return wait(queue, timeout)

def close_for_ever(queue):
    close(queue)
    print("closing", flush=True)
    threading.Event().wait()

RunQueue.wait = wait_and_say
if sys.argv[1] == "endless":
    RunQueue.close = close_for_ever
sys.exit(main(sys.argv[2:]))
"""


def begin(kind: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _CODE, kind, "run", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe that nobody writes to."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes")
    path = tmp_path / "reads.fastq"
    os.mkfifo(path)
    return path


ENDS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@pytest.mark.parametrize("name", ENDS)
def test_the_first_ends_in_order(pipe: Path, name: str) -> None:
    """Also where it is passed on twice, as `timeout` does."""
    with begin("usual", str(pipe)) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "waiting\n"
            process.send_signal(signal.Signals[name])
            process.send_signal(signal.Signals[name])
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == ENDS[name]
    first, *told, last = err.splitlines()
    assert [first, last] == ["Ending in order. Once more ends at once.", "Interrupted, and ended in order."]
    assert not out
    with Store.open(find_home().database) as store:
        [row] = store.list_runs()
    assert row.state is (RunState.CANCELLED if name == "SIGINT" else RunState.INTERRUPTED)
    # Whether it had begun by then is chance; from a pipe that nobody has written to, no checkpoint is taken.
    if told:
        assert re.search(r"with:? lanescope (again 1:|checkpoint resume 1$)", told[0])
    assert len(told) == (name != "SIGINT")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="not on this platform: terminals that tell of their end")
def test_what_is_ignored_stays_ignored() -> None:
    """As `nohup` has it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        Interrupts().heed_ends()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert callable(signal.getsignal(signal.SIGTERM))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_second_ends_at_once(pipe: Path) -> None:
    with begin("endless", str(pipe)) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "waiting\n"
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "closing\n"
            while process.poll() is None:  # those that come at the same time are one
                process.send_signal(signal.SIGINT)
                time.sleep(0.05)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert err.splitlines()[-1].startswith("Ended at once.")
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: processes that end by a signal")
def test_while_it_is_still_loading_nothing_is_said() -> None:
    code = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from gui.main import main

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "engine.cli.main":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Impatient())
main(["run", "reads.fastq"])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
