"""Peak memory of ``lanescope run`` on a file and on one ten times its size."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import reads, report

_GOAL = 500.0
_GROWTH = 5.0
_TIMES = 10
_ROUNDS = 3


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        large = Path(folder) / "ten.fastq"
        with large.open("wb") as target:
            for _ in range(_TIMES):
                with inputs.plain.open("rb") as source:
                    shutil.copyfileobj(source, target)
        peaks = [(_peak(inputs.plain, folder), _peak(large, folder)) for _ in range(_ROUNDS)]
    once, ten = (sorted(column)[_ROUNDS // 2] for column in zip(*peaks, strict=True))
    report.print_figures(
        [
            report.at_most("peak, 1 M reads", once, _GOAL, "MB"),
            report.at_most("peak, 10 M reads", ten, _GOAL, "MB"),
            report.at_most("growth", 100 * (ten / once - 1), _GROWTH, "%"),
        ]
    )


def _peak(path: Path, home: str) -> float:
    """MB of memory that a run of its own has at most."""
    arguments = [sys.executable, "-m", "gui.main", "run", str(path), "--threads", "2", "--no-save"]
    environment = {**os.environ, "LANESCOPE_HOME": home}
    child = os.posix_spawn(
        sys.executable, arguments, environment, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"lanescope run ended with status {status}")
    return usage.ru_maxrss / 1000


if __name__ == "__main__":
    main()
