from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.read_errors import (
    ERROR_ONE,
    ERROR_UNITS,
    LENGTH_STARTS,
    PAIR_ERRORS,
    QUALITY_GUESSES,
    Table,
    error_sums,
    error_sums_reference,
    length_quality_counts,
    length_quality_counts_reference,
)
from tests.strategies import Columns, columns_of, quality_columns

Kernel = Callable[..., None]


def fast_sums(reads: Columns) -> Table:
    sums = np.full(len(reads.starts), -1, np.int64)
    error_sums(reads.buffer, reads.starts, reads.lengths, PAIR_ERRORS, sums)
    return sums


def plain_sums(reads: Columns) -> Table:
    sums = np.full(len(reads.starts), -1, np.int64)
    error_sums_reference(reads.buffer, reads.starts, reads.lengths, sums)
    return sums


def fast_counts(sums: Table, lengths: list[int]) -> Table:
    table = np.zeros((len(LENGTH_STARTS), 94), np.int64)
    length_quality_counts(sums, np.array(lengths, np.int32), ERROR_UNITS, QUALITY_GUESSES, LENGTH_STARTS, table)
    return table


def plain_counts(sums: Table, lengths: list[int]) -> Table:
    table = np.zeros((len(LENGTH_STARTS), 94), np.int64)
    length_quality_counts_reference(sums, np.array(lengths, np.int32), table)
    return table


@pytest.mark.parametrize("summed", [fast_sums, plain_sums])
def test_error_sums_by_hand(summed: Callable[[Columns], Table]) -> None:
    reads = columns_of([b"!", b"", b"+5", b"!" * 21, b"~"], junk=b"!")
    assert summed(reads).tolist() == [
        1 << 36,  # Q0: wrong for certain
        0,
        round((1 << 36) * 0.1) + round((1 << 36) * 0.01),  # Q10 and Q20
        21 << 36,
        round((1 << 36) * 10**-9.3),  # Q93
    ]


@settings(max_examples=50)
@given(reads=quality_columns())
def test_error_sums_agree_with_reference(reads: Columns) -> None:
    assert fast_sums(reads).tolist() == plain_sums(reads).tolist()


@pytest.mark.parametrize("counted", [fast_counts, plain_counts])
def test_counts_by_hand(counted: Callable[[Table, list[int]], Table]) -> None:
    texts = [b"5" * 150, b"!5", b"+", b"", b"~" * 7, b"!" * 1259]
    table = counted(plain_sums(columns_of(texts)), [len(text) for text in texts])
    found = {(int(LENGTH_STARTS[row]), int(quality)): int(table[row, quality]) for row, quality in np.argwhere(table)}
    # A mean of 0.505 is Q2.97.
    assert found == {(126, 20): 1, (2, 2): 1, (1, 10): 1, (6, 93): 1, (1259, 0): 1}


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(int(ERROR_UNITS[-1]), ERROR_ONE)), max_size=30))
def test_counts_agree_with_reference(reads: list[tuple[int, int]]) -> None:
    lengths = [length for length, _ in reads]
    sums = np.array([length * mean for length, mean in reads], np.int64)
    assert np.array_equal(fast_counts(sums, lengths), plain_counts(sums, lengths))


@given(quality=st.integers(0, 93), length=st.sampled_from([1, 7, 150, 1_000_003]), more=st.sampled_from([-1, 0, 1]))
def test_a_read_of_one_quality_has_that_mean(quality: int, length: int, more: int) -> None:
    sums = np.array([int(ERROR_UNITS[quality]) * length + more], np.int64)
    table = fast_counts(sums, [length])
    assert np.array_equal(table, plain_counts(sums, [length]))
    assert np.flatnonzero(table.sum(axis=0)).tolist() == [max(quality - (more > 0), 0)]


def test_bins_of_length() -> None:
    assert LENGTH_STARTS[:16].tolist() == [1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 63]
    assert LENGTH_STARTS[-1] == 10**9
