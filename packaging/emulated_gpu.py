"""The tests of the GPU on a machine without one: see tests/emulated_gpu/README.md.

They need NVIDIA's packages, which take 0.5 GB, and so have a virtual environment of their own, from the lower bounds in
pyproject.toml: what is newest is what a user of the extra ``cuda`` gets.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import virtual_environment
from set_up_error import SetUpError

TESTS = (
    "tests/kernels/cuda",
    "tests/engine/devices",
    "tests/engine/run/test_device_run.py",
    "tests/engine/run/test_device_trimming.py",
)
"""What is run where no test is named."""

NO_COMPILER = "The emulated GPU is written in C, and there is no C compiler. On Debian: apt install gcc libc6-dev"


def run(repository: Path, arguments: list[str]) -> int:
    """Build the emulated GPU and run tests on it. ``arguments`` go to pytest; returns its exit status.

    Raises:
        SetUpError: something is missing.
    """
    check_system(sys.platform, platform.machine())
    python = provide(repository)
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(repository)}
    settings.pop("NUMBA_ENABLE_CUDASIM", None)
    build = [str(python), "-m", "tests.emulated_gpu.building", str(repository / ".cache" / "emulated_gpu")]
    built = subprocess.run(build, cwd=repository, env=settings, stdout=subprocess.PIPE, text=True, check=False)
    if built.returncode:
        raise SetUpError("The emulated GPU could not be built; what stands above says why.")
    pytest = [str(python), "-m", "pytest", *arguments, *([] if names_tests(repository, arguments) else TESTS)]
    return subprocess.run(pytest, cwd=repository, env={**settings, **json.loads(built.stdout)}, check=False).returncode


def names_tests(repository: Path, arguments: list[str]) -> bool:
    """Whether pytest is told which tests to run, by files or folders."""
    return any(not each.startswith("-") and (repository / each.partition("::")[0]).exists() for each in arguments)


def check_system(system: str, machine: str) -> None:
    """Whether it can be built here.

    Raises:
        SetUpError: not on this system, or not without a compiler.
    """
    if system != "linux" or machine != "x86_64":
        raise SetUpError(f"The emulated GPU runs on Linux and x86-64 alone; this is {system} on {machine}.")
    if not has_compiler():
        raise SetUpError(NO_COMPILER)


def has_compiler() -> bool:
    """Whether there is a compiler, with what the system's C library brings for it."""
    if not shutil.which("gcc"):
        return False
    command = ["gcc", "-fsyntax-only", "-x", "c", "-"]
    return not subprocess.run(command, input=b"#include <stdlib.h>\n", capture_output=True, check=False).returncode


def provide(repository: Path) -> Path:
    """Make the environment, which does for a real GPU too, where it is missing or pyproject.toml has changed.

    Returns:
        Its Python.

    Raises:
        SetUpError: it could not be made.
    """
    needed = requirements(repository)
    wanted = hashlib.sha256("\n".join([sys.version, str(repository), *needed]).encode()).hexdigest()
    return virtual_environment.ensure(repository / ".venv-emulated-gpu", wanted, needed, "800 MB")


def requirements(repository: Path) -> list[str]:
    """What Lanescope, its GPU and its tests need, as pyproject.toml has it."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    groups = (project["project"]["dependencies"], project["project"]["optional-dependencies"]["cuda"])
    return [str(each) for group in (*groups, project["dependency-groups"]["dev"]) for each in group]
