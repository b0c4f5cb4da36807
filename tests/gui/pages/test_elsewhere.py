"""Runs of a command line, in a window that is open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from tests.gui.desk import Desk, write_many_reads, write_reads

_COMMAND = [sys.executable, "-m", "gui.main", "run"]


@pytest.fixture
def far(desk: Desk, tmp_path: Path) -> Generator[subprocess.Popen[bytes]]:
    """A command line in the middle of a long run, begun when the window was open."""
    desk.open()
    assert desk.window.place == "reads"
    path = write_many_reads(tmp_path / "many.fastq.gz")
    silent = subprocess.DEVNULL
    with subprocess.Popen([*_COMMAND, str(path)], env=os.environ.copy(), stdout=silent, stderr=silent) as process:
        try:
            yield process
        finally:
            process.kill()


def _catch(desk: Desk, far: subprocess.Popen[bytes]) -> None:
    """Hold the command line as soon as its run is seen, so that it stays in the middle of it, and go to its page."""
    desk.until(lambda: desk.states() == [RunState.RUNNING], timeout=110)
    far.send_signal(signal.SIGSTOP)
    desk.conductor._display.go_to(desk.entries()[0].run_id)
    desk.until(lambda: desk.window.runs.run.page is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: consoles send no signal to one process")
def test_a_run_of_a_command_line_is_listed_and_followed_to_its_end(desk: Desk, far: subprocess.Popen[bytes]) -> None:
    _catch(desk, far)
    window, header = desk.window, desk.window.runs.run.header
    assert not desk.session.is_busy
    assert not header.pause.isVisible()
    assert not header.cancel.isVisible()
    assert not window.commands.pause.isEnabled()
    assert not window.commands.cancel.isEnabled()
    assert not window.commands.delete.isEnabled()
    assert "Another Lanescope does this run" in window.runs.run.partial.text.text()
    QTest.keyClick(window.runs.run, Qt.Key.Key_Space)
    assert desk.page.state is RunState.RUNNING

    reads = desk.shown.results.basic.reads
    far.send_signal(signal.SIGCONT)
    desk.until(lambda: desk.shown.results.basic.reads > reads)
    far.send_signal(signal.SIGINT)
    # Cancelled; or completed, where the machine is so fast that it was done by then.
    desk.until(lambda: desk.states()[0].is_final and desk.page.state.is_final)
    assert header.again.isVisible()
    assert "Another Lanescope" not in desk.page.partial
    assert window.commands.delete.isEnabled()


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: consoles send no signal to one process")
def test_a_command_line_that_was_killed_leaves_an_interrupted_run(
    desk: Desk, far: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.models.elsewhere._LOOKS_BETWEEN_SEARCHES", 1)
    _catch(desk, far)
    far.kill()
    far.wait()
    desk.until(lambda: desk.states() == [RunState.INTERRUPTED] and desk.page.state is RunState.INTERRUPTED)
    assert desk.page.failure is not None


def test_a_run_deleted_elsewhere_leaves_the_list(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 50), write_reads(tmp_path / "b.fastq", 50))
    with Store.open(find_home().database) as store:
        store.delete_runs([1])
        desk.until(lambda: [entry.run_id for entry in desk.entries()] == [2])
        store.restore_runs([1])
        desk.until(lambda: [entry.run_id for entry in desk.entries()] == [2, 1])


def test_nobody_looks_while_the_window_is_minimized(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []
    desk.open()

    async def note() -> None:
        looks.append(desk.window.isMinimized())

    monkeypatch.setattr(desk.session.elsewhere, "look", note)
    desk.window.showMinimized()
    desk.until(desk.window.isMinimized)
    desk.conductor._watch_others()
    desk.window.showNormal()
    desk.until(lambda: not desk.window.isMinimized())
    desk.until(lambda: looks)
    assert not any(looks)
