from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from kernels.stages.prefix_sums import Column, quality_prefix_sums, quality_prefix_sums_reference
from tests.strategies import Columns, columns_of, quality_columns


def sums_of(kernel: object, reads: Columns) -> Column:
    sums = np.full(len(reads.buffer), -1, np.int32)
    assert callable(kernel)
    kernel(reads.buffer, reads.starts, reads.lengths, sums)
    return sums


def test_by_hand() -> None:
    reads = columns_of([b"!#~", b"", b"5"], junk=b"I")
    for kernel in (quality_prefix_sums, quality_prefix_sums_reference):
        assert sums_of(kernel, reads)[:8].tolist() == [-1, 0, 2, 95, -1, -1, 20, -1]


@settings(max_examples=30)
@given(reads=quality_columns(longest=300, most=20))
def test_agrees_with_reference(reads: Columns) -> None:
    assert np.array_equal(sums_of(quality_prefix_sums, reads), sums_of(quality_prefix_sums_reference, reads))
