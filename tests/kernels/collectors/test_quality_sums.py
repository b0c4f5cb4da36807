from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.quality_sums import PAIR_SUMS, quality_error_sums, quality_error_sums_reference
from tests.strategies import Columns, columns_of, quality_columns


def fast_sums(reads: Columns) -> list[list[int]]:
    sums, errors = np.full((2, len(reads.starts)), -1, np.int64)
    quality_error_sums(reads.buffer, reads.starts, reads.lengths, PAIR_SUMS, sums, errors)
    return [sums.tolist(), errors.tolist()]


def plain_sums(reads: Columns) -> list[list[int]]:
    sums, errors = np.full((2, len(reads.starts)), -1, np.int64)
    quality_error_sums_reference(reads.buffer, reads.starts, reads.lengths, sums, errors)
    return [sums.tolist(), errors.tolist()]


def test_sums_by_hand() -> None:
    reads = columns_of([b"!", b"", b"+5", b"~"], junk=b"!")
    expected = [
        [33, 0, 43 + 53, 126],
        # Q0 is wrong for certain; then Q10 and Q20; Q93.
        [1 << 36, 0, round((1 << 36) * 0.1) + round((1 << 36) * 0.01), round((1 << 36) * 10**-9.3)],
    ]
    assert fast_sums(reads) == plain_sums(reads) == expected


@settings(max_examples=50)
@given(reads=quality_columns())
def test_sums_agree_with_reference(reads: Columns) -> None:
    assert fast_sums(reads) == plain_sums(reads)


@given(length=st.integers(500, 1600), worst=st.booleans())
def test_neither_sum_of_a_long_read_runs_over_into_the_other(length: int, worst: bool) -> None:
    reads = columns_of([(b"!" if worst else b"~") * length, b"5"])
    assert fast_sums(reads) == plain_sums(reads)
