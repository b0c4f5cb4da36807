"""How far the runs are, on one line of a terminal."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from typing import Self, TextIO

from engine.cli.console import blank_line, printable
from engine.report.text import speed_text
from engine.run.snapshot import DeviceState, RunSnapshot
from engine.run.state import RunState

_BAR = 24
_FEW = 10_000


def _count(reads: int) -> str:
    return f"{reads:,} reads" if reads < _FEW else f"{reads / 1e6:.2f} M reads"


class TerminalProgress:
    """Redraws one line; draws nothing where the stream is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._draws = stream.isatty()
        self._guard = threading.Lock()
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def preparing(self, done: int, total: int) -> None:
        """Kernels are being made ready."""
        if done < total:
            self._draw(f"Preparing kernels {done + 1} of {total} (first start only)")

    def preparing_stages(self, done: int, total: int) -> None:
        """Kernels of a pipeline's stages are being made ready."""
        if done < total:
            self._draw(f"Preparing kernels of the stages {done + 1} of {total} (once)")

    def show(self, runs: Sequence[RunSnapshot]) -> None:
        """Draws the run that goes."""
        for number, run in enumerate(runs, 1):
            if run.state in (RunState.RUNNING, RunState.PAUSED, RunState.CANCELLING):
                self._draw(self._line(number, len(runs), run))

    def clear(self) -> None:
        """Leaves the line empty."""
        with self._guard:
            if self._drawn:
                self._drawn = False
                self._write(blank_line())

    def _line(self, number: int, total: int, run: RunSnapshot) -> str:
        done = run.samples[-1] if run.samples else None
        parts = [f"[{number}/{total}]", run.name]
        if not run.kind:  # a pipe that nobody writes to, or a slow drive
            parts.append("waiting for its first bytes")
        if done and (share := run.share_read) is not None:
            parts.append(f"{'█' * int(share * _BAR):░<{_BAR}} {share:4.0%}")
        if done and done.time > 0:
            parts.append(_count(done.reads))
            if speed := speed_text(done.text_bytes, done.time):
                parts.append(speed)
        if run.sampling is not None:
            parts.append(f"{_count(run.sampling.left_out_reads)} left out")
        if run.time_left is not None:
            parts.append(f"{int(run.time_left) // 60}:{int(run.time_left) % 60:02d} left")
        parts += [
            f"{load.name} {load.busy:.0%} busy, {load.queue_share:.0%} of batches"
            for load in run.devices
            if load.state is DeviceState.COUNTING
        ]
        return "  ".join(parts)

    def _draw(self, line: str) -> None:
        if not self._draws:
            return
        shown = printable(line)[: shutil.get_terminal_size().columns - 1]
        with self._guard:
            self._drawn = True
            self._write(f"{blank_line()}{shown}")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # the terminal is gone
            self._draws = self._drawn = False
