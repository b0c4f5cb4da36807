"""The line that tells how far runs are."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.cli.progress import TerminalProgress
from engine.run.snapshot import DeviceLoad, DeviceState, RunSnapshot
from engine.run.state import RunState


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_devices_that_count_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    going = DeviceLoad("cuda:0", "Tesla", DeviceState.COUNTING, busy=0.634, queue_share=0.71)
    gone = DeviceLoad("cuda:1", "Tesla", DeviceState.FAILED, busy=0.5)
    now = datetime(2025, 3, 12, tzinfo=UTC)
    run = RunSnapshot(1, "a.fastq", Path("a.fastq"), "plain", RunState.RUNNING, now, devices=(going, gone))
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        progress.show([run])
        assert terminal.getvalue().endswith("[1/1]  a.fastq  cuda:0 63% busy, 71% of batches")


def test_what_is_prepared_is_told() -> None:
    terminal = Terminal()
    with TerminalProgress(terminal) as progress:
        progress.preparing(0, 33)
        progress.preparing_stages(2, 18)
        told = terminal.getvalue()
        progress.preparing_stages(1, 1)
        assert terminal.getvalue() == told
    assert "Preparing kernels 1 of 33 (first start only)" in told
    assert told.endswith("Preparing kernels of the stages 3 of 18 (once)")


def test_a_pipe_that_brings_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    terminal = Terminal()
    now = datetime(2025, 3, 12, tzinfo=UTC)
    with TerminalProgress(terminal) as progress:
        progress.show([RunSnapshot(1, "pipe", Path("pipe"), "", RunState.RUNNING, now)])
        assert terminal.getvalue().endswith("[1/1]  pipe  waiting for its first bytes")
