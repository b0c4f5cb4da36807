from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kernels.qualities import COLUMNS, QUALITIES, Table, quality_counts, quality_counts_reference
from tests.strategies import Columns, columns_of, quality_columns

KERNELS = [quality_counts, quality_counts_reference]


def counted(kernel: object, reads: Columns) -> Table:
    """Counts of a fresh table; one cycle more than needed, to be left at zero."""
    table = np.zeros((int(reads.lengths.max(initial=0)) + 1, COLUMNS), np.int64)
    assert callable(kernel)
    kernel(reads.buffer, reads.starts, reads.lengths, table)
    assert not table[-1].any()
    assert not table[:, QUALITIES:].any()
    return table


@pytest.mark.parametrize("kernel", KERNELS)
def test_by_hand(kernel: object) -> None:
    table = counted(kernel, columns_of([b"!I~", b"II", b""], junk=b"55"))
    expected = np.zeros((4, COLUMNS), np.int64)
    expected[0, [0, 40]] = 1
    expected[1, 40] = 2
    expected[2, 93] = 1
    assert np.array_equal(table, expected)


@settings(max_examples=50)
@given(reads=quality_columns())
def test_agrees_with_reference(reads: Columns) -> None:
    assert np.array_equal(counted(quality_counts, reads), counted(quality_counts_reference, reads))


@settings(max_examples=10)
@given(reads=quality_columns(longest=1100, most=40))
def test_descending_lengths_count_the_same(reads: Columns) -> None:
    order = np.argsort(-reads.lengths, kind="stable")
    sorted_reads = Columns(reads.buffer, reads.starts[order], reads.lengths[order])
    assert np.array_equal(counted(quality_counts, sorted_reads), counted(quality_counts, reads))


@pytest.mark.parametrize("n_reads", [15, 16, 17, 65_535, 65_536, 70_000])
def test_16_bit_counters_never_run_over(n_reads: int) -> None:
    one = columns_of([b"I#"])
    many = Columns(one.buffer, np.zeros(n_reads, np.int32), np.full(n_reads, 2, np.int32))
    table = counted(quality_counts, many)
    assert table[0, 40] == table[1, 2] == n_reads
    assert table.sum() == 2 * n_reads


@pytest.mark.parametrize("n_long", [1, 15, 16, 40])
def test_cycles_that_few_reads_reach(n_long: int) -> None:
    reads = columns_of([b"I" * 1200] * n_long + [b"5" * 30] * 20)
    table = counted(quality_counts, reads)
    assert (table[:1200, 40] == n_long).all()
    assert (table[:30, 20] == 20).all()
    assert table.sum() == 1200 * n_long + 600


def test_adds_to_what_is_there() -> None:
    reads = columns_of([bytes(range(33, 127)) * 7])
    table = counted(quality_counts, reads)
    twice = table.copy()
    quality_counts(reads.buffer, reads.starts, reads.lengths, twice)
    assert np.array_equal(twice, 2 * table)


def test_no_reads_and_empty_reads_count_nothing() -> None:
    assert not counted(quality_counts, columns_of([])).any()
    assert not counted(quality_counts, columns_of([b""] * 600, junk=b"I")).any()
