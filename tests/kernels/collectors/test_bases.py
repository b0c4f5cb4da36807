from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.bases import BASES, Table, base_counts, base_counts_portable, base_counts_reference
from kernels.select import has_vectors
from kernels.vectors import LANES
from tests.strategies import Columns, base_columns, columns_of

BaseCounts = Callable[..., None]

KERNELS = [base_counts_portable, *([base_counts] if has_vectors() else [])]


def counted(kernel: BaseCounts, reads: Columns, cycles: int | None = None, kind: type = np.int64) -> Table:
    """Counts of a fresh table; one block more than needed, to be left at zero."""
    longest = int(reads.lengths.max(initial=0)) if cycles is None else cycles
    table: Table = np.zeros((-(-longest // LANES) + 1, len(BASES), LANES), kind)
    kernel(reads.buffer, reads.starts, reads.lengths, table)
    assert not table[-1].any()
    return table


@pytest.mark.parametrize("kernel", [*KERNELS, base_counts_reference])
def test_by_hand(kernel: BaseCounts) -> None:
    table = counted(kernel, columns_of([b"ACGTN", b"acgtn", b"", b"Ax", b"A" * 65], junk=b"ACGT"))
    assert table[0, :, :6].T.tolist() == [
        [4, 0, 0, 0, 0],  # A, a, A, A
        [1, 2, 0, 0, 0],  # C, c, and A of the longest; x is none of the five
        [1, 0, 2, 0, 0],
        [1, 0, 0, 2, 0],
        [1, 0, 0, 0, 2],
        [1, 0, 0, 0, 0],
    ]
    assert table[1, :, :2].T.tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert table.sum() == 5 + 5 + 1 + 65


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=50)
@given(reads=base_columns(), kind=st.sampled_from([np.uint32, np.int64]))
def test_agrees_with_reference(kernel: BaseCounts, reads: Columns, kind: type) -> None:
    assert np.array_equal(counted(kernel, reads, kind=kind), counted(base_counts_reference, reads))


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=10)
@given(reads=base_columns(longest=70, most=300))
def test_descending_lengths_count_the_same(kernel: BaseCounts, reads: Columns) -> None:
    order = np.argsort(-reads.lengths, kind="stable")
    sorted_reads = Columns(reads.buffer, reads.starts[order], reads.lengths[order])
    assert np.array_equal(counted(kernel, sorted_reads), counted(kernel, reads))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("n_reads", [254, 255, 256, 510, 511, 70_000])
def test_8_bit_counters_never_run_over(kernel: BaseCounts, n_reads: int) -> None:
    reads = columns_of([b"AG", b"A"])
    turns = np.arange(n_reads) % 2
    many = Columns(reads.buffer, reads.starts[turns], reads.lengths[turns])
    table = counted(kernel, many)
    assert table[0, 0, 0] == n_reads
    assert table[0, 2, 1] == (n_reads + 1) // 2
    assert table.sum() == n_reads + (n_reads + 1) // 2


@pytest.mark.parametrize("kernel", KERNELS)
def test_adds_to_what_is_there(kernel: BaseCounts) -> None:
    reads = columns_of([b"ACGT" * 40])
    table = counted(kernel, reads)
    twice = table.copy()
    kernel(reads.buffer, reads.starts, reads.lengths, twice)
    assert np.array_equal(twice, 2 * table)


@pytest.mark.parametrize("kernel", KERNELS)
def test_only_letters_of_either_case_count(kernel: BaseCounts) -> None:
    every = bytes(range(256))
    table = counted(kernel, columns_of([every]))
    by_base = table.sum(axis=(0, 2))
    assert by_base.tolist() == [2, 2, 2, 2, 2]
    for row, base in enumerate(BASES):
        for byte in (base, base | 0x20):
            assert table[byte // LANES, row, byte % LANES] == 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_no_reads_and_empty_reads_count_nothing(kernel: BaseCounts) -> None:
    assert not counted(kernel, columns_of([])).any()
    assert not counted(kernel, columns_of([b""] * 600, junk=b"A")).any()
