from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.reads import gc_counts, gc_counts_reference, gc_length, quality_sums, quality_sums_reference
from kernels.jit import COMPILES
from tests.strategies import Columns, base_columns, columns_of, quality_columns

Kernel = Callable[..., None]


def gc_of(kernel: Kernel, reads: Columns) -> list[int]:
    gc = np.full(len(reads.starts), -1, np.int32)
    kernel(reads.buffer, reads.starts, reads.lengths, gc)
    return [int(count) for count in gc]


def sums_of(kernel: Kernel, reads: Columns) -> list[int]:
    sums: npt.NDArray[np.int64] = np.full(len(reads.starts), -1, np.int64)
    kernel(reads.buffer, reads.starts, reads.lengths, sums)
    return [int(total) for total in sums]


@pytest.mark.parametrize("kernel", [gc_counts, gc_counts_reference])
def test_gc_by_hand(kernel: Kernel) -> None:
    cut = b"A" * 198 + b"G"  # looked at: 100 bases
    cut_long = b"C" * 1000 + b"G" * 999  # looked at: 1,000 bases
    reads = columns_of([b"ACGTN", b"acgtn", b"", b"GGCC", b"SsKk", cut, b"G" * 100, cut_long], junk=b"G")
    assert gc_of(kernel, reads) == [2, 2, 0, 4, 0, 0, 100, 1000]


@settings(max_examples=50)
@given(reads=base_columns())
def test_gc_agrees_with_reference(reads: Columns) -> None:
    assert gc_of(gc_counts, reads) == gc_of(gc_counts_reference, reads)


def test_only_g_and_c_of_either_case_are_gc() -> None:
    every = [bytes([byte]) for byte in range(256)]
    assert gc_of(gc_counts, columns_of(every)) == [int(byte in b"GCgc") for byte in every]


@pytest.mark.parametrize(
    ("length", "used"),
    [(0, 0), (1, 1), (100, 100), (101, 100), (199, 100), (200, 200), (999, 900), (1000, 1000), (1001, 1000)],
)
def test_gc_length_by_hand(length: int, used: int) -> None:
    assert gc_length(length) == used


@given(length=st.integers(0, 100_000))
def test_gc_length_drops_less_than_half(length: int) -> None:
    used = gc_length(length)
    assert used <= length < 2 * max(used, 1)
    assert gc_length(used) == used


@pytest.mark.parametrize("kernel", [quality_sums, quality_sums_reference])
def test_quality_sums_by_hand(kernel: Kernel) -> None:
    assert sums_of(kernel, columns_of([b"!", b"~~", b"", b"I5"], junk=b"~")) == [33, 252, 0, 73 + 53]


@settings(max_examples=50)
@given(reads=quality_columns())
def test_quality_sums_agree_with_reference(reads: Columns) -> None:
    assert sums_of(quality_sums, reads) == sums_of(quality_sums_reference, reads)


def test_the_sum_of_a_read_of_many_megabases_does_not_run_over() -> None:
    length = 17 << 20 if COMPILES else 2 << 20  # above 2^31 in all, but not base by base in Python
    read = Columns(np.full(length + 64, 126, np.uint8), np.zeros(1, np.int32), np.array([length], np.int32))
    assert sums_of(quality_sums, read) == [126 * length]
