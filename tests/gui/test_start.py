from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from gui.main import main
from tests.gui.desk import SAMPLES, write_many_reads

_START = [sys.executable, "-m", "gui.main"]
_LOADED = "import json, sys; {}; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statements: str) -> set[str]:
    """Names of the modules that a fresh Python has loaded after ``statements``."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(statements)], check=True, capture_output=True, text=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_nothing_slow_is_loaded_before_the_window() -> None:
    loaded = loaded_by("import gui.application")

    assert "PySide6.QtWidgets" in loaded
    assert not loaded & {"numba", "numpy", "pyqtgraph", "kernels", "isal", "sqlite_utils", "engine.run.queue"}


def test_the_command_line_needs_no_qt() -> None:
    single = SAMPLES / "illumina_single.fastq.gz"
    loaded = loaded_by(f"import gui.main; assert gui.main.main(['run', {str(single)!r}, '--json']) == 0")

    assert "engine.run.queue" in loaded
    assert not {name for name in loaded if name.startswith(("PySide6", "shiboken6", "qasync", "pyqtgraph"))}


@pytest.mark.parametrize(("arguments", "said"), [(["--version"], "lanescope "), (["--help"], "lanescope run FILE")])
def test_version_and_help(arguments: list[str], said: str) -> None:
    done = subprocess.run([*_START, *arguments], check=True, capture_output=True, text=True)

    assert said in done.stdout
    assert not done.stderr


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["run", "--help"]])
def test_who_has_had_enough_is_left_in_peace(arguments: list[str]) -> None:
    """As in ``lanescope --version | true``."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([*_START, *arguments], check=False, stdout=writing, stderr=subprocess.PIPE, text=True)
    finally:
        os.close(writing)
    assert not done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [["--version"], ["pipeline", "list"]])
def test_what_cannot_be_written_is_told(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*_START, *arguments], check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "The output cannot be written: No space left on device." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes streams")
@pytest.mark.parametrize("command", ["--version", "pipeline list"])
def test_closed_streams_are_no_trouble(command: str) -> None:
    line = f"'{sys.executable}' -m gui.main {command} <&- >&-"
    done = subprocess.run(["sh", "-c", line], check=False, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_option_is_refused() -> None:
    done = subprocess.run([*_START, "--frobnicate"], check=False, capture_output=True, text=True)

    assert done.returncode == 2
    assert "--frobnicate" in done.stderr


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("frobnicate", ""),
        ("serch", "Did you mean lanescope search or lanescope serve?"),
        ("Pipe", "Did you mean lanescope pipeline?"),
        ("reports", "Did you mean lanescope report?"),
        ("missing\x1b[31m.fastq", ""),
        ("x" * 300, ""),
        ("", ""),
    ],
)
def test_a_word_that_is_no_command_and_no_file_is_refused(
    word: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word, "--json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("There is neither a command nor a file")
    assert meant in said
    assert ("Did you mean" in said) == bool(meant)
    assert "\x1b" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: there is always a display")
@pytest.mark.parametrize("display", ["", ":9999"])
def test_without_a_display_it_says_so_in_plain_words(display: str) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    surroundings = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        _START, check=False, capture_output=True, text=True, env=surroundings | {"DISPLAY": display}, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Lanescope cannot open a window here")
    assert "lanescope run FILE" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_that_cannot_be_used_ends_it(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    code = (
        "import sys; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication; import gui.main;"
        "from gui import application; make = application.make_application;"
        "tell = lambda: (print(QApplication.activeModalWidget().text()), QApplication.activeModalWidget().close());"
        "application.make_application = lambda: (make(), QTimer.singleShot(200, tell))[0];"
        "sys.exit(gui.main.main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"LANESCOPE_HOME": str(blocked / "home")},
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stdout.strip() == "Lanescope has no place for its files"


@pytest.fixture
def started(tmp_path: Path, lanescope_home: Path) -> Generator[subprocess.Popen[str]]:
    """Lanescope in a process of its own, in the middle of a run."""
    path = write_many_reads(tmp_path / "many.fastq.gz")
    with subprocess.Popen([*_START, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait_for_a_run(lanescope_home)
            yield process
        finally:
            process.kill()


def _wait_for_a_run(home: Path) -> None:
    end = time.monotonic() + 100
    while time.monotonic() < end:
        if (home / "lanescope.sqlite").exists():
            with Store.open(find_home().database) as store:
                if any(row.state is RunState.RUNNING for row in store.list_runs()):
                    return
        time.sleep(0.1)
    pytest.fail("no run began")


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: consoles send no signal to one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_closes_cleanly(started: subprocess.Popen[str], number: signal.Signals) -> None:
    # Time for a first batch; the store hears of it only now and then.
    time.sleep(0.5)
    started.send_signal(number)
    output, errors = started.communicate(timeout=20)

    assert (started.returncode, output, errors) == (0, "", "")
    with Store.open(find_home().database) as store:
        row = store.list_runs()[0]
    assert row.state is RunState.CANCELLED
    assert row.reads > 0


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: there is no such signal")
def test_a_run_whose_window_was_killed_is_found_interrupted(started: subprocess.Popen[str]) -> None:
    started.kill()
    started.wait(timeout=20)

    with Store.open(find_home().database) as store:
        assert [row.state for row in store.list_runs()] == [RunState.INTERRUPTED]
