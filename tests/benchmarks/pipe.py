"""Resident memory of ``lanescope run -`` while reads without end come through a pipe, made on the fly.

``--gigabytes 20 --limit 1000`` is what it has to show; ``--length 1000000`` is the same for reads of a million bases.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt
import psutil

from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.report import Figure

_BLOCK = 8 << 20
_DIGITS = 12
_INTERVAL = 0.25
_ROWS = 24
_FLAT = 5.0
"""Percent by which memory may still grow after the first minute, or the first quarter of a shorter run."""


@dataclass(frozen=True)
class Reading:
    """The run at one moment: seconds since its start, bytes sent, bytes of resident memory of all its processes."""

    time: float
    sent: int
    resident: int


def blocks(length: int, seed: int = 1) -> Iterator[memoryview]:
    """Blocks of FASTQ without end, every read another one; each is valid until the next is asked for."""
    chance = np.random.default_rng(seed)
    head, middle = b"@read:" + b"0" * _DIGITS + b"\n", b"\n+\n"
    record = len(head) + length + len(middle) + length + 1
    reads = max(_BLOCK // record, 1)
    text: npt.NDArray[np.uint8] = np.zeros((reads, record), np.uint8)
    text[:, : len(head)] = np.frombuffer(head, np.uint8)
    text[:, len(head) + length : len(head) + length + len(middle)] = np.frombuffer(middle, np.uint8)
    text[:, -1] = ord("\n")
    letters = np.frombuffer(b"ACGT" * 64, np.uint8)
    powers = 10 ** np.arange(_DIGITS - 1, -1, -1)
    first = 0
    while True:
        numbers = np.arange(first, first + reads)[:, None]
        text[:, 6 : 6 + _DIGITS] = 48 + numbers // powers % 10
        text[:, len(head) : len(head) + length] = letters[chance.integers(0, 256, (reads, length), np.uint8)]
        text[:, -1 - length : -1] = 35 + chance.integers(0, 64, (reads, length), np.uint8) % 39
        first += reads
        yield memoryview(text.reshape(-1).data)


class Feeder(threading.Thread):
    """Writes so many bytes of whole blocks into a pipe.

    Attributes:
        sent: bytes so far.
    """

    def __init__(self, pipe: IO[bytes], length: int, most: int) -> None:
        super().__init__(name="feeder")
        self.sent = 0
        self._pipe = pipe
        self._length = length
        self._most = most

    def run(self) -> None:
        """The life of the thread."""
        with self._pipe:
            for block in blocks(self._length):
                try:
                    self._pipe.write(block)
                except BrokenPipeError:
                    return
                self.sent += len(block)
                if self.sent >= self._most:
                    return


def watched(arguments: argparse.Namespace, environment: dict[str, str], most: int) -> list[Reading]:
    """Runs it on so many bytes, and says how it went; ends it where it takes more than the limit."""
    command = [sys.executable, "-m", "gui.main", "run", "-", "--no-save", "--threads", str(arguments.threads)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment)
    assert child.stdin is not None
    feeder = Feeder(child.stdin, arguments.length, most)
    process = psutil.Process(child.pid)
    readings: list[Reading] = []
    began = time.monotonic()
    feeder.start()
    try:
        while child.poll() is None:
            readings.append(Reading(time.monotonic() - began, feeder.sent, _resident(process)))
            if readings[-1].resident > arguments.limit * 1e6:
                child.kill()
            time.sleep(_INTERVAL)
    finally:
        child.kill()
        child.wait()
        feeder.join()
    if child.returncode and readings[-1].resident <= arguments.limit * 1e6:
        raise RuntimeError(f"lanescope run ended with status {child.returncode}")
    return readings


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def figures(readings: list[Reading], limit: float) -> list[Figure]:
    """What the readings say from when reads are taken: processes that compile kernels come and go before.

    Memory that comes and goes, as with checkpoints, counts for the peak; what stays, for how it grows.
    """
    taken = [each for each in readings if each.sent]
    end, began = readings[-1], taken[0].time
    seconds = end.time - began
    early = min(60.0, seconds / 4)
    peak = max(each.resident for each in taken)
    before = statistics.median(each.resident for each in taken if early / 2 <= each.time - began <= early)
    after = statistics.median(each.resident for each in taken if each.time >= end.time - early / 2)
    return [
        Figure("sent", f"{end.sent / 1e9:.1f} GB in {seconds:.0f} s, {end.sent / seconds / 1e6:.0f} MB/s"),
        report.at_most("peak of resident memory", peak / 1e6, limit, "MB"),
        report.at_most(f"growth from {early:.0f} s on", 100 * (after / before - 1), _FLAT, "%"),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=20.0)
    parser.add_argument("--length", type=int, default=150, help="bases of a read")
    parser.add_argument("--limit", type=float, default=1000.0, help="MB of resident memory that end the run")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as home:
        environment = {**os.environ, "LANESCOPE_HOME": home}
        watched(arguments, environment, 1)  # compiles kernels where they are not yet
        readings = watched(arguments, environment, int(arguments.gigabytes * 1e9))
    for each in readings[:: max(len(readings) // _ROWS, 1)]:
        print(f"{each.time:7.1f} s {each.sent / 1e9:7.2f} GB sent {each.resident / 1e6:7.0f} MB resident")
    report.print_figures(figures(readings, arguments.limit))


if __name__ == "__main__":
    main()
