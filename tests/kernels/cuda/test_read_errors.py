from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernels.collectors.read_errors import (
    ERROR_ONE,
    ERROR_UNITS,
    LENGTH_STARTS,
    PAIR_ERRORS,
    QUALITY_GUESSES,
    error_sums_reference,
    length_quality_counts_reference,
)
from kernels.cuda import read_errors as on_device
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, columns_of, quality_columns

error_sums = through_device(on_device.error_sums)
length_quality_counts = through_device(on_device.length_quality_counts)


def test_error_sums_by_hand() -> None:
    reads = columns_of([b"!", b"", b"+5", b"!" * 21, b"~"], junk=b"!")
    sums = np.full(5, -1, np.int64)
    error_sums(reads.buffer, reads.starts, reads.lengths, PAIR_ERRORS, sums)
    assert sums.tolist() == [1 << 36, 0, round((1 << 36) * 0.1) + round((1 << 36) * 0.01), 21 << 36, 34]


@settings(max_examples=6)
@given(reads=quality_columns(longest=130, most=9))
def test_error_sums_agree_with_reference(reads: Columns) -> None:
    sums, expected = np.full((2, len(reads.starts)), -1, np.int64)
    error_sums(reads.buffer, reads.starts, reads.lengths, PAIR_ERRORS, sums)
    error_sums_reference(reads.buffer, reads.starts, reads.lengths, expected)
    assert np.array_equal(sums, expected)


# Means on both sides of where a quality ends, and anything else.
means = st.one_of(
    st.tuples(st.sampled_from(ERROR_UNITS.tolist()), st.integers(-1, 1)).map(sum), st.integers(34, ERROR_ONE)
)


@settings(max_examples=5)
@given(reads=st.lists(st.tuples(means, st.one_of(st.integers(0, 200), st.integers(0, 1 << 25))), max_size=20))
@example(reads=[])
def test_length_quality_counts_agree_with_reference(reads: list[tuple[int, int]]) -> None:
    lengths = np.array([length for _, length in reads], np.int32)
    sums = np.array([min(max(mean, 34), ERROR_ONE) * length for mean, length in reads], np.int64)
    table, expected = np.full((2, len(LENGTH_STARTS), 94), 7, np.int64)
    length_quality_counts(sums, lengths, ERROR_UNITS, QUALITY_GUESSES, LENGTH_STARTS, table)
    length_quality_counts_reference(sums, lengths, expected)
    assert np.array_equal(table, expected)
