"""What the tests on the emulated GPU are given; that they pass there is seen by running them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import dev
import emulated_gpu
from set_up_error import SetUpError

REPOSITORY = Path(dev.__file__).resolve().parent.parent


def test_all_tests_of_the_device_are_run_unless_some_are_named() -> None:
    assert all((REPOSITORY / test).exists() for test in emulated_gpu.TESTS)
    assert not emulated_gpu.names_tests(REPOSITORY, ["-x", "-k", "trimming"])
    assert emulated_gpu.names_tests(REPOSITORY, ["-x", "tests/engine/devices"])
    assert emulated_gpu.names_tests(REPOSITORY, ["tests/kernels/cuda/test_bases.py::test_by_hand"])


def test_the_extra_for_gpus_is_installed_with_what_tests_need() -> None:
    needed = emulated_gpu.requirements(REPOSITORY)
    assert {"numba", "numba-cuda[cu12]", "pytest"} <= {each.partition(">")[0] for each in needed}


def test_no_compiler_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SetUpError, match="apt install gcc libc6-dev"):
        emulated_gpu.check_system("linux", "x86_64")


@pytest.mark.parametrize(("system", "machine"), [("win32", "AMD64"), ("linux", "aarch64")])
def test_other_systems_are_refused_in_words(system: str, machine: str) -> None:
    with pytest.raises(SetUpError, match="on Linux and x86-64 alone"):
        emulated_gpu.check_system(system, machine)
