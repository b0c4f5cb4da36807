"""Time and peak memory of ``lanescope run`` on reads of a million bases, of a file and of one five times its size."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.timing import Times

_LENGTH = 1_000_000
_READS = 40
_TIMES = 5
_ROUNDS = 3
_GROWTH = 25.0
_COST = 1.1


def main() -> None:
    """Measure and print."""
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        files = {count: _reads(Path(folder) / f"{count}.fastq", count) for count in (_READS, _READS * _TIMES)}
        _run(files[_READS], folder)  # kernels are compiled
        rounds = [[_run(path, folder) for path in files.values()] for _ in range(_ROUNDS)]
    times = [Times(tuple(each[column][0] for each in rounds)) for column in (0, 1)]
    peaks = [sorted(each[column][1] for each in rounds)[_ROUNDS // 2] for column in (0, 1)]
    start = (_TIMES * times[0].best - times[1].best) / (_TIMES - 1)
    per_base = [(t.best - max(start, 0)) / (count * _LENGTH) * 1e9 for t, count in zip(times, files, strict=True)]
    report.print_times({f"{count} reads of 1 Mbp": t for count, t in zip(files, times, strict=True)})
    report.print_figures(
        [
            report.Figure("cost", f"{per_base[1]:.2f} ns/base, without {max(start, 0):.2f} s of start"),
            report.at_most(
                "time, per base, against the smaller file", times[1].best / times[0].best / _TIMES, _COST, "x"
            ),
            report.Figure(f"peak, {_READS} reads", f"{peaks[0]:.0f} MB"),
            report.at_most("growth of the peak", 100 * (peaks[1] / peaks[0] - 1), _GROWTH, "%"),
        ]
    )


def _reads(path: Path, count: int) -> Path:
    """Random reads, so many of a million bases."""
    random = np.random.default_rng(1)
    with path.open("wb") as file:
        for number in range(count):
            bases = np.frombuffer(b"ACGT", np.uint8)[random.integers(0, 4, _LENGTH)]
            qualities = (33 + random.integers(2, 30, _LENGTH)).astype(np.uint8)
            file.write(b"@read%d\n%b\n+\n%b\n" % (number, bases.tobytes(), qualities.tobytes()))
    return path


def _run(path: Path, home: str) -> tuple[float, float]:
    """Seconds, and MB of memory at most, of a run of its own."""
    arguments = [sys.executable, "-m", "gui.main", "run", str(path), "--threads", "2", "--no-save"]
    environment = {**os.environ, "LANESCOPE_HOME": home}
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable, arguments, environment, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"lanescope run ended with status {status}")
    return time.perf_counter() - began, usage.ru_maxrss / 1000


if __name__ == "__main__":
    main()
