from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernels.collectors.histograms import (
    PERCENTS,
    gc_claims_reference,
    gc_class,
    length_counts_reference,
    mean_quality_counts_reference,
)
from kernels.collectors.reads import gc_length
from kernels.cuda import histograms as on_device
from tests.kernels.cuda.device import through_device

length_counts = through_device(on_device.length_counts)
mean_quality_counts = through_device(on_device.mean_quality_counts)
gc_claims = through_device(on_device.gc_claims)

lengths = st.one_of(st.integers(0, 130), st.sampled_from([999, 1000, 1001, 1023, 1024, 2000, 2999]))


@settings(max_examples=5)
@given(lengths=st.lists(lengths, max_size=40))
@example(lengths=[150] * 40)
@example(lengths=[])
def test_length_counts_agree_with_reference(lengths: list[int]) -> None:
    column = np.array(lengths, np.int32)
    table, expected = np.full((2, 3001), 7, np.int64)
    length_counts(column, table)
    length_counts_reference(column, expected)
    assert np.array_equal(table, expected)


@settings(max_examples=5)
@given(reads=st.lists(st.tuples(lengths, st.integers(33, 126), st.integers(0, 92)), max_size=40))
@example(reads=[])
def test_mean_quality_counts_agree_with_reference(reads: list[tuple[int, int, int]]) -> None:
    column = np.array([length for length, _, _ in reads], np.int32)
    sums = np.array([min(length * low + rest, 126 * length) for length, low, rest in reads], np.int64)
    table, expected = np.full((2, 94), 7, np.int64)
    mean_quality_counts(sums, column, table)
    mean_quality_counts_reference(sums, column, expected)
    assert np.array_equal(table, expected)


@settings(max_examples=5)
@given(reads=st.lists(st.tuples(lengths, st.integers(0, 3000)), max_size=20))
@example(reads=[])
@example(reads=[(length, gc) for length in (1, 7, 99) for gc in range(length + 1)])
def test_gc_claims_agree_with_reference(reads: list[tuple[int, int]]) -> None:
    column = np.array([length for length, _ in reads], np.int32)
    gc = np.array([min(gc, gc_length(length)) for length, gc in reads], np.int32)
    table, expected = np.full((2, gc_class(3000) + 1, PERCENTS), 7, np.int64)
    gc_claims(gc, column, table)
    gc_claims_reference(gc, column, expected)
    assert np.array_equal(table, expected)
