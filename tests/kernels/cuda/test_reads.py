from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from kernels.collectors.reads import gc_counts_reference, quality_sums_reference
from kernels.cuda import reads as on_device
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, base_columns, columns_of, quality_columns

gc_counts = through_device(on_device.gc_counts)
quality_sums = through_device(on_device.quality_sums)


def test_gc_by_hand() -> None:
    cut = b"A" * 198 + b"G"  # looked at: 100 bases
    reads = columns_of([b"ACGTN", b"acgtn", b"", b"GGCC", b"SsKk", cut, b"G" * 100, bytes(range(256))], junk=b"G")
    gc = np.full(len(reads.starts), -1, np.int32)
    gc_counts(reads.buffer, reads.starts, reads.lengths, gc)
    assert gc.tolist() == [2, 2, 0, 4, 0, 0, 100, 4]


@settings(max_examples=6)
@given(reads=base_columns(longest=130, most=9))
def test_gc_agrees_with_reference(reads: Columns) -> None:
    gc, expected = np.full((2, len(reads.starts)), -1, np.int32)
    gc_counts(reads.buffer, reads.starts, reads.lengths, gc)
    gc_counts_reference(reads.buffer, reads.starts, reads.lengths, expected)
    assert np.array_equal(gc, expected)


def test_quality_sums_by_hand() -> None:
    reads = columns_of([b"!", b"~~", b"", b"I5"], junk=b"~")
    sums = np.full(4, -1, np.int64)
    quality_sums(reads.buffer, reads.starts, reads.lengths, sums)
    assert sums.tolist() == [33, 252, 0, 73 + 53]


@settings(max_examples=6)
@given(reads=quality_columns(longest=130, most=9))
def test_quality_sums_agree_with_reference(reads: Columns) -> None:
    sums, expected = np.full((2, len(reads.starts)), -1, np.int64)
    quality_sums(reads.buffer, reads.starts, reads.lengths, sums)
    quality_sums_reference(reads.buffer, reads.starts, reads.lengths, expected)
    assert np.array_equal(sums, expected)
