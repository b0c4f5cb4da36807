from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.far_qualities import (
    Counts,
    far_quality_counts,
    far_quality_counts_reference,
    far_quality_levels,
    far_quality_levels_reference,
    far_quality_sums,
    far_quality_sums_reference,
    far_quality_text,
    far_quality_text_reference,
)
from tests.strategies import Columns, quality_columns

LONGEST = 5000


def long_reads(reads: Columns, first: int) -> Columns:
    """Those of at least so many bases, the longest first."""
    order = np.argsort(-reads.lengths, kind="stable")
    order = order[reads.lengths[order] >= first]
    return Columns(reads.buffer, reads.starts[order], reads.lengths[order])


def counted(kernel: object, reads: Columns, first: int, kind: type) -> Counts:
    columns = np.arange(256, dtype=np.uint8)[::-1].copy()
    table: Counts = np.zeros((LONGEST + 1, 256), kind)
    assert callable(kernel)
    kernel(reads.buffer, reads.starts, reads.lengths, first, columns, table)
    return table


@settings(max_examples=25)
@given(
    reads=quality_columns(longest=LONGEST, most=8),
    first=st.integers(0, 3000),
    kind=st.sampled_from([np.uint8, np.uint16, np.uint32]),
)
def test_kernels_agree_with_their_references(reads: Columns, first: int, kind: type) -> None:
    reads = long_reads(reads, first)
    found, expected = (
        counted(kernel, reads, first, kind) for kernel in (far_quality_counts, far_quality_counts_reference)
    )
    assert np.array_equal(found, expected)
    assert found.sum() == (reads.lengths - first).sum()
    seen, wanted = np.zeros((2, 256), np.bool_)
    far_quality_levels(reads.buffer, reads.starts, reads.lengths, first, seen)
    far_quality_levels_reference(reads.buffer, reads.starts, reads.lengths, first, wanted)
    assert np.array_equal(seen, wanted)
    text, plain = np.zeros((2, 8 * LONGEST), np.uint8)
    far_quality_text(reads.buffer, reads.starts, reads.lengths, first, text)
    far_quality_text_reference(reads.buffer, reads.starts, reads.lengths, first, plain)
    assert np.array_equal(text, plain)
    sums, wished = np.zeros((2, 2, 500), np.int64)
    far_quality_sums(reads.buffer, reads.starts, reads.lengths, first, *sums)
    far_quality_sums_reference(reads.buffer, reads.starts, reads.lengths, first, *wished)
    assert np.array_equal(sums, wished)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32])
def test_reads_end_where_pieces_of_cycles_do(kind: type) -> None:
    lengths = np.array([4097, 4096, 4095, 2049, 2048, 2047, 100], np.int32)
    buffer = np.full(5000, ord("I"), np.uint8)
    reads = Columns(buffer, np.arange(7, dtype=np.int32), lengths)
    table = counted(far_quality_counts, reads, 100, kind)
    assert not table[:100].any()
    reaching = (lengths[:, None] > np.arange(100, LONGEST + 1)).sum(axis=0)
    assert np.array_equal(table[100:, 255 - ord("I")], reaching)
