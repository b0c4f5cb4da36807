"""From starting the process to a window on the screen, everything cached."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.screen import NoScreen, screen

_ROUNDS = 7
_GOAL = 1.0
_GIVE_UP = 60.0


def main() -> None:
    """Measure and print."""
    report.print_machine()
    if shutil.which("xdotool") is None:
        print("Needs xdotool: sudo apt-get install xdotool")
        return
    try:
        with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder, screen() as environment:
            seconds = [_start(environment | {"LANESCOPE_HOME": folder}) for _ in range(_ROUNDS + 1)][1:]
    except NoScreen:
        print("Needs Xvfb: sudo apt-get install xvfb")
        return
    report.print_figures(
        [
            report.at_most("window on the screen, median", statistics.median(seconds), _GOAL, "s"),
            report.Figure("best and worst", f"{min(seconds):.2f} s, {max(seconds):.2f} s"),
        ]
    )


def _start(environment: dict[str, str]) -> float:
    """Seconds until the window shows."""
    repository = Path(__file__).resolve().parents[2]
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "gui.main"], cwd=repository, env=environment) as process:
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)]
        while time.perf_counter() - began < _GIVE_UP:
            if subprocess.run(search, env=environment, capture_output=True, check=False).stdout.strip():
                break
            time.sleep(0.005)
        took = time.perf_counter() - began
        # Nothing runs yet, so that nothing can be lost.
        process.kill()
    return took


if __name__ == "__main__":
    os.environ.pop("QT_QPA_PLATFORM", None)
    main()
