"""Compiled kernels on disk that are damaged, or cannot be kept, cost time and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kernels
from kernels.jit import COMPILES

REPOSITORY = Path(kernels.__path__[0]).parent

pytestmark = pytest.mark.skipif(not COMPILES, reason="not on this platform: the compiler is switched off")

_PREPARE = """
import sys
from kernels import jit, kept
from kernels.wasm import flags
for kernel in jit.registered():
    if kernel.module == "kernels.wasm.flags":
        kernel.prepare()
        print(sum(kernel.dispatcher.stats.cache_hits.values()), kept.trouble())
"""
_WARM_UP = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
from engine.run.warmup import warm_up_modules
warm_up_modules(["kernels.wasm.flags"])
from kernels.wasm.flags import mark_dropped
print(len(mark_dropped.signatures))
"""


def run_python(code: str, cache: Path) -> tuple[str, str]:
    """What a fresh interpreter says."""
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "LANESCOPE_KERNEL_CACHE": str(cache)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    return child.stdout.strip(), child.stderr


def test_kept_kernels_that_are_damaged_are_compiled_again_and_kept(tmp_path: Path) -> None:
    assert run_python(_PREPARE, tmp_path) == ("0 None", "")
    assert run_python(_PREPARE, tmp_path) == ("1 None", "")
    for ending, content in (("nbi", b""), ("nbc", b""), ("nbi", b"\x80\x05no pickle"), ("nbc", b"\x80\x05no pickle")):
        [kept] = tmp_path.rglob(f"flags*.{ending}")
        kept.write_bytes(content)
        assert run_python(_PREPARE, tmp_path) == ("0 None", ""), (ending, content)
    assert run_python(_PREPARE, tmp_path) == ("1 None", "")


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: no limit for the size of files")
def test_kernels_that_cannot_be_kept_are_compiled_all_the_same(tmp_path: Path) -> None:
    said, warned = run_python(_WARM_UP, tmp_path)
    assert said == "1"
    assert "compiled kernels cannot be kept in" in warned
    assert "Traceback" not in warned
    assert not list(tmp_path.rglob("*complete"))
    assert run_python(_PREPARE, tmp_path)[0] == "0 None"
