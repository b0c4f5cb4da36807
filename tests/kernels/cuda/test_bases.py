from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kernels.collectors.bases import BASES, Table, base_counts_reference
from kernels.cuda import bases
from kernels.cuda.ahead import AHEAD
from kernels.vectors import LANES
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, base_columns, columns_of

base_counts = through_device(bases.base_counts)


def counted(reads: Columns, **options: int) -> Table:
    """Counts of a fresh table; one block more than needed, to be left at zero."""
    table = np.zeros((-(-int(reads.lengths.max(initial=0)) // LANES) + 1, len(BASES), LANES), np.int64)
    base_counts(reads.buffer, reads.starts, reads.lengths, table, **options)
    assert not table[-1].any()
    return table


def expected(reads: Columns) -> Table:
    table = np.zeros((-(-int(reads.lengths.max(initial=0)) // LANES) + 1, len(BASES), LANES), np.int64)
    base_counts_reference(reads.buffer, reads.starts, reads.lengths, table)
    return table


def test_by_hand() -> None:
    table = counted(columns_of([b"ACGTN", b"acgtn", b"", b"Ax", b"A" * 65], junk=b"ACGT"))
    assert table[0, :, :6].T.tolist() == [
        [4, 0, 0, 0, 0],
        [1, 2, 0, 0, 0],
        [1, 0, 2, 0, 0],
        [1, 0, 0, 2, 0],
        [1, 0, 0, 0, 2],
        [1, 0, 0, 0, 0],
    ]
    assert table[1, :, :2].T.tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert table.sum() == 5 + 5 + 1 + 65


@settings(max_examples=8)
@given(reads=base_columns(longest=70, most=9))
def test_agrees_with_reference(reads: Columns) -> None:
    assert np.array_equal(counted(reads), expected(reads))
    assert np.array_equal(counted(reads, longest=int(reads.lengths.max(initial=0))), expected(reads))


@pytest.mark.parametrize("n_reads", [255, 256, 700])
def test_8_bit_counters_never_run_over(n_reads: int) -> None:
    reads = columns_of([b"AG", b"A"])
    turns = np.arange(n_reads) % 2
    table = counted(Columns(reads.buffer, reads.starts[turns], reads.lengths[turns]))
    assert table[0, 0, 0] == n_reads
    assert table[0, 2, 1] == (n_reads + 1) // 2
    assert table.sum() == n_reads + (n_reads + 1) // 2


def test_few_long_reads_among_many_short_ones() -> None:
    reads = columns_of([b"ACGTN" * 40 if number % 97 == 0 else b"T" for number in range(2 * AHEAD + 9)])
    assert np.array_equal(counted(reads), expected(reads))


def test_only_letters_of_either_case_count() -> None:
    reads = columns_of([bytes(range(256))])
    assert np.array_equal(counted(reads), expected(reads))


def test_adds_to_what_is_there_and_leaves_it_where_there_are_no_reads() -> None:
    reads = columns_of([b"ACGT" * 5])
    table = counted(reads)
    twice = table.copy()
    base_counts(reads.buffer, reads.starts, reads.lengths, twice)
    assert np.array_equal(twice, 2 * table)
    nothing = columns_of([b""] * 9, junk=b"A")
    base_counts(nothing.buffer, nothing.starts, nothing.lengths, twice)
    base_counts(nothing.buffer, nothing.starts[:0], nothing.lengths[:0], twice)
    assert np.array_equal(twice, 2 * table)
