"""The benchmark compares what it is about to measure, and measures nothing where there is no GPU."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import gpu_kernels
from tests.benchmarks.measuring.gpu import NOT_HERE

REPOSITORY = Path(gpu_kernels.__file__).parent.parent.parent


def test_results_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu_kernels.main(["--check", "--reads", "2", "--long-reads", "0"]) == 0
    said = capsys.readouterr().out
    assert "reads of 150 bases: 17 kernels compared with the CPU's." in said
    assert "GB/s" not in said


def test_nothing_is_measured_without_a_device() -> None:
    settings = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    child = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.gpu_kernels"],
        env={**settings, "CUDA_VISIBLE_DEVICES": ""},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == NOT_HERE
    assert child.stdout == ""
    assert child.stderr.startswith("There is no GPU to measure: ")
