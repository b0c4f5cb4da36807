from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.histograms import (
    PERCENTS,
    Table,
    gc_claims,
    gc_claims_reference,
    gc_class,
    gc_class_length,
    length_counts,
    length_counts_reference,
    mean_quality_counts,
    mean_quality_counts_reference,
)
from kernels.collectors.reads import gc_length

Kernel = Callable[..., None]

read_lengths = st.one_of(st.integers(0, 150), st.integers(0, 6000))


@st.composite
def gc_and_lengths(draw: st.DrawFn) -> list[tuple[int, int]]:
    """GC bases and length of reads."""
    lengths = draw(st.lists(read_lengths, max_size=30))
    return [(draw(st.integers(0, int(gc_length(length)))), length) for length in lengths]


def claimed(kernel: Kernel, reads: list[tuple[int, int]]) -> Table:
    gc, lengths = np.array(reads, np.int32).reshape(-1, 2).T.copy()
    table = np.zeros((int(gc_class(int(lengths.max(initial=100)))) + 1, PERCENTS), np.int64)
    kernel(gc, lengths, table)
    return table


def mean_counts(kernel: Kernel, reads: list[bytes]) -> Table:
    sums = np.array([sum(read) for read in reads], np.int64)
    table = np.zeros(94, np.int64)
    kernel(sums, np.array([len(read) for read in reads], np.int32), table)
    return table


@pytest.mark.parametrize("kernel", [mean_quality_counts, mean_quality_counts_reference])
def test_mean_quality_by_hand(kernel: Kernel) -> None:
    # Means of 40, of 20.5 rounded down, of 0 and of 93; the empty read has none.
    table = mean_counts(kernel, [b"IIII", b"IJ!!IJ!!", b"!", b"~~~", b"", b"I"])
    assert {q: int(n) for q, n in enumerate(table) if n} == {0: 1, 20: 1, 40: 2, 93: 1}


@given(st.lists(st.binary(max_size=40).map(lambda read: bytes(33 + byte % 94 for byte in read)), max_size=30))
def test_mean_quality_agrees_with_reference(reads: list[bytes]) -> None:
    expected = mean_counts(mean_quality_counts_reference, reads)
    assert np.array_equal(mean_counts(mean_quality_counts, reads), expected)
    assert expected.sum() == sum(bool(read) for read in reads)


@pytest.mark.parametrize("kernel", [length_counts, length_counts_reference])
def test_lengths_by_hand(kernel: Kernel) -> None:
    table = np.array([1, 0, 0, 0], np.int64)
    kernel(np.array([0, 2, 2, 3, 0], np.int32), table)
    assert table.tolist() == [3, 0, 2, 1]


@given(st.lists(read_lengths, max_size=60))
def test_lengths_agree_with_reference(lengths: list[int]) -> None:
    tables = np.zeros((2, 6001), np.int64)
    for kernel, table in zip((length_counts, length_counts_reference), tables, strict=True):
        kernel(np.array(lengths, np.int32), table)
    assert np.array_equal(*tables)


@pytest.mark.parametrize("kernel", [gc_claims, gc_claims_reference])
def test_gc_claims_by_hand(kernel: Kernel) -> None:
    table = claimed(kernel, [(0, 4), (2, 4), (50, 100), (100, 150), (0, 0), (100, 250), (1500, 2999)])
    claims = {(int(row), int(percent)) for row, percent in np.argwhere(table)}
    expected = (
        {(4, percent) for percent in range(14)}  # 0 to 0.5 of 4 bases: 0 to 12.5 %, halves up
        | {(4, percent) for percent in range(38, 64)}  # 37.5 to 62.5 %
        | {(100, 50), (100, 51)}  # 49.5 to 50.5 %
        | {(100, 100)}  # 99.5 to 100 %; of 150 bases 100 are looked at
        | {(101, 50)}  # 99.5 to 100.5 of 200 bases: 49.75 to 50.25 %
        | {(110, 75)}  # of 2,999 bases 2,000
    )
    assert claims == expected
    assert table.max() == 1


@settings(max_examples=50)
@given(reads=gc_and_lengths())
def test_gc_claims_agree_with_reference(reads: list[tuple[int, int]]) -> None:
    assert np.array_equal(claimed(gc_claims, reads), claimed(gc_claims_reference, reads))


@settings(max_examples=50)
@given(reads=gc_and_lengths())
def test_gc_claims_are_those_of_exact_arithmetic(reads: list[tuple[int, int]]) -> None:
    expected = np.zeros_like(claimed(gc_claims, reads))
    for gc, length in reads:
        used = int(gc_length(length))
        if used:
            low, high = max(Fraction(2 * gc - 1, 2), Fraction(0)), min(Fraction(2 * gc + 1, 2), Fraction(used))
            half = Fraction(1, 2)
            expected[int(gc_class(length)), floor(low * 100 / used + half) : floor(high * 100 / used + half) + 1] += 1
    assert np.array_equal(claimed(gc_claims, reads), expected)


@pytest.mark.parametrize(
    ("length", "number"),
    [
        (0, 0),
        (1, 1),
        (100, 100),
        (101, 100),
        (200, 101),
        (299, 101),
        (1000, 109),
        (1001, 109),
        (2000, 110),
        (2999, 110),
    ],
)
def test_gc_class_by_hand(length: int, number: int) -> None:
    assert gc_class(length) == number


@given(length=st.integers(0, 200_000))
def test_every_model_has_a_number_of_its_own(length: int) -> None:
    assert gc_class_length(int(gc_class(length))) == gc_length(length)
