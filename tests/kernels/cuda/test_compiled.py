"""Every kernel can be compiled for a device, which the simulator, that runs it in Python, would not notice.

NVIDIA's compiler and assembler do so without one, for compute capability 9.0.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernels.cuda import compiling
from tests.kernels.cuda.test_launches import MOST_REGISTERS, MOST_SHARED

REPOSITORY = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: kernels are compiled on Linux")


@pytest.fixture(scope="module")
def assembled() -> dict[str, compiling.Assembled]:
    home = compiling.compiler_home()
    settings = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    child = subprocess.run(
        [sys.executable, "-m", "tests.kernels.cuda.compiling"],
        env={**settings, "LD_LIBRARY_PATH": str(home / "nvvm" / "lib64")},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    told: dict[str, compiling.Assembled] = json.loads(child.stdout)
    return told


@pytest.mark.timeout(300)
def test_all_are_compiled(assembled: dict[str, compiling.Assembled]) -> None:
    assert set(assembled) == set(compiling.SIGNATURES)


@pytest.mark.parametrize("name", sorted(compiling.SIGNATURES))
def test_what_a_kernel_needs_is_there(name: str, assembled: dict[str, compiling.Assembled]) -> None:
    kernel = assembled[name]
    assert kernel["registers"] <= MOST_REGISTERS
    assert kernel["spilled"] == 0
    assert kernel["stack"] == 0
    assert kernel["shared"] <= MOST_SHARED
