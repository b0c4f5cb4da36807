"""What holds for all kernels that run on a device."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kernels.cuda
from kernels import select
from kernels.collectors import bases
from kernels.parse import lines
from kernels.source import mates

REPOSITORY = Path(kernels.cuda.__path__[0]).parent.parent

# What the kernels for the CPU return is written to an array, and what only they need is left out.
OTHER_ARGUMENTS = {"line_index", "record_table"}


def twins() -> Iterator[tuple[str, Callable[..., None], Any]]:
    """Every kernel for a device with the one for the CPU."""
    homes = {
        module.name.rpartition(".")[2]: module.name
        for module in pkgutil.walk_packages(kernels.__path__, "kernels.")
        if not module.name.startswith("kernels.cuda.")
    }
    for module in pkgutil.iter_modules(kernels.cuda.__path__):
        if module.name in {"ahead", "launching", "loads", "parts", "prepared", "simulated", "spans"}:
            continue
        there = importlib.import_module(f"kernels.cuda.{module.name}")
        here = importlib.import_module(homes[module.name])
        for name, function in inspect.getmembers(there, inspect.isfunction):
            if function.__module__ == there.__name__ and hasattr(here, name) and not name.startswith("_"):
                yield name, function, getattr(here, name)


ALL = list(twins())


def test_what_there_is() -> None:
    assert {name for name, _, _ in ALL} >= {
        "line_index", "record_table", "base_counts", "quality_counts", "gc_counts", "quality_sums",
        "mean_quality_counts", "length_counts", "gc_claims", "error_sums", "length_quality_counts", "key_hashes",
        "count_known_keys", "adapter_hits", "quality_prefix_sums", "quality_ends", "two_colour_ends",
        "window_begins", "window_ends", "window_stops",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "there", "here"), ALL, ids=[name for name, _, _ in ALL])
def test_twins_take_the_same_arguments(name: str, there: Callable[..., None], here: Any) -> None:
    arguments = list(inspect.signature(there).parameters.values())
    positional = [argument.name for argument in arguments if argument.kind is argument.POSITIONAL_OR_KEYWORD]
    assert positional[-1] == "stream"
    assert inspect.signature(there).return_annotation == "None"
    expected = list(inspect.signature(getattr(here, "py_func", here)).parameters)
    if name not in OTHER_ARGUMENTS:
        assert positional[:-1] == expected
    assert select.on_device(here) is there


def test_the_twin_of_a_portable_kernel_is_that_of_the_fast_one() -> None:
    assert select.on_device(lines.line_index_portable) is select.on_device(lines.line_index)
    assert select.on_device(bases.base_counts_portable) is select.on_device(bases.base_counts)


@pytest.mark.parametrize("kernel", [mates.first_strangers, bases.base_counts_reference])
def test_what_has_no_twin(kernel: Any) -> None:
    with pytest.raises(LookupError, match="CPU only"):
        select.on_device(kernel)


def run_python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints, without the simulator."""
    settings = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    folders = [os.environ.get("PYTHONPATH", ""), str(REPOSITORY)]
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**settings, "PYTHONPATH": os.pathsep.join(filter(None, folders)), **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    return child.stdout.strip()


def test_nobody_pays_for_cuda_who_does_not_ask() -> None:
    code = """
import sys
import kernels.cuda
from kernels import select
print([name for name in sys.modules if name.startswith(("numba.cuda", "kernels.cuda."))])
"""
    assert run_python(code) == "[]"


def test_kernels_are_there_without_a_device() -> None:
    code = """
from kernels import select
from kernels.collectors import bases
print(select.on_device(bases.base_counts).__module__)
"""
    assert run_python(code, CUDA_VISIBLE_DEVICES="") == "kernels.cuda.bases"


def test_a_run_of_tests_that_asks_for_a_device_fails_without_one() -> None:
    child = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(Path(__file__).with_name("test_bases.py"))],
        env={**os.environ, "LANESCOPE_TEST_GPU": "1", "CUDA_VISIBLE_DEVICES": ""},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == pytest.ExitCode.USAGE_ERROR
    assert "LANESCOPE_TEST_GPU=1 asks for a real GPU, but there is none" in child.stderr
