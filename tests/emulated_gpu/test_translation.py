"""What is translated from PTX counts as the kernels for the CPU do; the emulated driver above it is run by hand."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import emulated_gpu
from kernels.collectors.reads import gc_counts_reference
from tests.emulated_gpu.ptx.reading import UnknownPtx, read
from tests.emulated_gpu.ptx.translate import runtime, translate
from tests.emulated_gpu.ptx.writing import write
from tests.kernels.cuda import compiling
from tests.strategies import columns_of

REPOSITORY = Path(__file__).resolve().parents[2]

LENGTHS, GC = "histograms._count_lengths", "reads._count_gc"

WITHOUT_BARRIERS = "without barriers"
"""The first of them, as nobody should write it."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or not emulated_gpu.has_compiler(),
    reason="not on this platform: translated kernels need Linux on x86-64 and a C compiler",
)

Launch = Callable[..., str]


@pytest.fixture(scope="module")
def compiled() -> dict[str, str]:
    """Kernels as PTX, by a process that does not simulate."""
    settings = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    child = subprocess.run(
        [sys.executable, "-m", compiling.__name__, LENGTHS, GC],
        env={**settings, "LD_LIBRARY_PATH": str(compiling.compiler_home() / "nvvm" / "lib64")},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    ptx: dict[str, str] = json.loads(child.stdout)
    return ptx


@pytest.fixture(scope="module")
def launch(compiled: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Launch:
    """Runs a kernel with arrays and numbers, and says what went wrong."""
    folder = tmp_path_factory.mktemp("translated")
    own = folder / "libkernels.so"
    runtime(own)
    threads = ctypes.CDLL(str(own))
    threads.emu_message.restype = ctypes.c_char_p
    threads.emu_register.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    threads.emu_unregister.argtypes = [ctypes.c_void_p]
    libraries = {}
    careless = {WITHOUT_BARRIERS: compiled[LENGTHS].replace("bar.sync", "// bar.sync")}
    for name, ptx in {**compiled, **careless}.items():
        translate(ptx, folder / f"{name}.so", own)
        libraries[name] = ctypes.CDLL(str(folder / f"{name}.so"))

    def run(name: str, blocks: int, in_block: int, *arguments: np.ndarray | int, shared: int = 0) -> str:
        entry = ctypes.string_at(ctypes.c_void_p.in_dll(libraries[name], "emu_entries").value or 0).decode()
        numbers = [ctypes.c_int64(number) for argument in arguments for number in _numbers(argument)]
        params = (ctypes.c_void_p * len(numbers))(*map(ctypes.addressof, numbers))
        grid, block = ((ctypes.c_uint * 3)(many, 1, 1) for many in (blocks, in_block))
        arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
        for array in arrays:
            threads.emu_register(array.ctypes.data, array.nbytes)
        failed = getattr(libraries[name], f"emu_launch_{entry}")(grid, block, ctypes.c_size_t(shared), params)
        for array in arrays:
            threads.emu_unregister(array.ctypes.data)
        message: bytes = threads.emu_message()
        assert bool(failed) == bool(message)
        return message.decode()

    return run


def _numbers(argument: np.ndarray | int) -> list[int]:
    """An argument as Numba gives it to a kernel."""
    if isinstance(argument, int):
        return [argument]
    return [0, 0, argument.size, argument.itemsize, argument.ctypes.data, *argument.shape, *argument.strides]


def test_lengths_are_counted(launch: Launch) -> None:
    lengths = np.random.default_rng(1).choice(np.array([0, 1, 150, 151, 1023, 1024, 3000], np.int32), 3000)
    table = np.zeros(3001, np.int64)
    assert launch(LENGTHS, 3, 64, lengths, table) == ""
    assert np.array_equal(table, np.bincount(lengths, minlength=3001))


def test_gc_is_counted(launch: Launch) -> None:
    draw = np.random.default_rng(2)
    reads = columns_of([bytes(draw.choice(list(b"ACGTN"), draw.integers(300))) for _ in range(200)], junk=b"G")
    gc, expected = np.full((2, len(reads.starts)), -1, np.int32)
    gc_counts_reference(reads.buffer, reads.starts, reads.lengths, expected)
    threads, at_one = 64, 4
    words = 2 * threads * np.dtype(np.uint32).itemsize
    arguments = (reads.buffer, reads.starts, reads.lengths, at_one, gc)
    assert launch(GC, 2, threads, *arguments, shared=words) == ""
    assert np.array_equal(gc, expected)


def test_shared_memory_that_is_too_small_is_told(launch: Launch) -> None:
    reads = columns_of([b"ACGT"] * 64, junk=b"G")
    gc = np.zeros(64, np.int32)
    message = launch(GC, 1, 64, reads.buffer, reads.starts, reads.lengths, 4, gc, shared=16)
    assert "shared address" in message
    assert "outside" in message


def test_bounds_are_watched_where_that_is_asked_for(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMU_BOUNDS", "1")
    lengths, table = np.full(2, 2000, np.int32), np.zeros(2000, np.int64)
    assert "in no allocation" in launch(LENGTHS, 1, 1, lengths, table)
    assert launch(LENGTHS, 1, 1, lengths - 1, table) == ""
    assert table[1999] == 2


@pytest.mark.parametrize(("name", "is_told"), [(LENGTHS, False), (WITHOUT_BARRIERS, True)])
def test_races_are_told_where_that_is_asked_for(
    name: str, is_told: bool, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMU_RACES", "1")
    monkeypatch.setenv("EMU_UNINIT", "0")  # it would be told of first
    others = np.arange(255, -1, -1, dtype=np.int32)  # each thread counts what another has set to zero
    message = launch(name, 1, 64, others, np.zeros(2000, np.int64))
    assert ("race at shared" in message) == is_told
    assert bool(message) == is_told


@pytest.mark.parametrize("instruction", ["fma.rn.f32 %f1, %f2, %f3, %f4;", "add.s32 %r1, %r2, %r9;", "bar.sync 1;"])
def test_nothing_is_guessed(instruction: str) -> None:
    text = f".visible .entry one()\n{{\n.reg .b32 %r<3>;\n{instruction}\nret;\n}}\n"
    with pytest.raises(UnknownPtx, match="line 4: not known"):
        write(read(text))


def as_c(*lines: str) -> str:
    """What is written for a kernel of these lines."""
    registers = ".reg .pred %p<2>;\n.reg .b32 %r<4>;\n.reg .b64 %rd<3>;\n"
    return write(read(f".visible .entry one(.param .u64 one_param_0)\n{{\n{registers}{''.join(lines)}ret;\n}}\n"))


def test_labels_and_predicates_become_jumps() -> None:
    text = as_c("$L_0:\n", "setp.ne.s32 %p1, %r1, 0;\n", "@!%p1 bra $L_0;\n")
    assert "at__L_0:;" in text
    assert "if (!r_p1) { goto at__L_0; }" in text
