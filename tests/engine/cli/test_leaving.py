"""What is said where the system asks a command to end whose runs are done, as while it writes their reports."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from engine.cli.interrupts import Terminated
from engine.cli.leaving import ending_in_order
from engine.cli.progress import TerminalProgress
from engine.run.queue import RunQueue
from engine.store.store import Store


def test_reports_that_were_not_written_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_text("@a\nACGT\n+\nIIII\n")
    with pytest.raises(Terminated):
        _ask_to_end_when_done(reads)
    ended, reports = capsys.readouterr().err.splitlines()
    assert ended == "Every run had ended already, and is kept."
    assert reports.startswith("Write the reports with: lanescope report 1 -o reports --database ")


def _ask_to_end_when_done(reads: Path) -> None:
    with Store.open(reads.with_name("runs.sqlite")) as store, TerminalProgress(sys.stderr) as progress:
        queue = RunQueue(store)
        with ending_in_order(queue, store, progress, out=Path("reports")):
            queue.submit(reads)
            assert queue.wait(300)
            raise Terminated(signal.SIGTERM)
