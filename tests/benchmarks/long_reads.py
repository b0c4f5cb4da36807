"""CPU time and peak memory of ``lanescope run`` on reads of a million bases, in files of three sizes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.timing import Times

_LENGTH = 1_000_000
_READS = 150
_SIZES = (4, 8, 16)
_ROUNDS = 3
_GROWTH = 10.0
_COST = 1.15


def main() -> None:
    """Measure and print."""
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        files = [_reads(Path(folder) / f"{size}.fastq", size * _READS) for size in _SIZES]
        _run(files[0], folder)  # kernels are compiled
        rounds = [[_run(path, folder) for path in files] for _ in range(_ROUNDS)]
    times = [Times(tuple(each[column][0] for each in rounds)) for column in range(len(_SIZES))]
    peaks = [sorted(each[column][1] for each in rounds)[_ROUNDS // 2] for column in range(len(_SIZES))]
    report.print_times({f"{size * _READS} reads of 1 Mbp": time for size, time in zip(_SIZES, times, strict=True)})
    steps = [
        (times[after].best - times[after - 1].best) / ((_SIZES[after] - _SIZES[after - 1]) * _READS * _LENGTH) * 1e9
        for after in range(1, len(_SIZES))
    ]
    start = times[0].best - steps[0] * _READS * _LENGTH / 1e9
    report.print_figures(
        [
            *(
                report.Figure(f"cost, from {_SIZES[at]} x to {_SIZES[at + 1]} x the file", f"{step:.2f} ns/base")
                for at, step in enumerate(steps)
            ),
            report.Figure("start", f"{start:.2f} s"),
            report.at_most("cost of the last bases, against the first", steps[-1] / steps[0], _COST, "x"),
            *(report.Figure(f"peak, {size} x", f"{peak:.0f} MB") for size, peak in zip(_SIZES, peaks, strict=True)),
            report.at_most("growth of the peak with the last reads", 100 * (peaks[-1] / peaks[-2] - 1), _GROWTH, "%"),
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
    """Seconds of CPU time, and MB of memory at most, of a run of its own."""
    arguments = [sys.executable, "-m", "gui.main", "run", str(path), "--threads", "2", "--no-save"]
    environment = {**os.environ, "LANESCOPE_HOME": home}
    child = os.posix_spawn(
        sys.executable, arguments, environment, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"lanescope run ended with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


if __name__ == "__main__":
    main()
