from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.stages.filter_measures import (
    ERROR_RATES,
    changes,
    changes_reference,
    expected_errors,
    expected_errors_reference,
    gc_bases,
    gc_bases_reference,
    low_counts,
    low_counts_reference,
    n_counts,
    n_counts_reference,
)
from tests.strategies import Columns, base_columns, columns_of, quality_columns


def counted(kernel: Callable[..., None], reads: Columns, *more: int) -> list[int]:
    """What a kernel that counts fills in."""
    counts = np.full(len(reads.starts), -1, np.int32)
    kernel(reads.buffer, reads.starts, reads.lengths, *more, counts)
    return [int(count) for count in counts]


def summed(kernel: Callable[..., None], reads: Columns) -> npt.NDArray[np.float64]:
    errors = np.full(len(reads.starts), -1.0)
    kernel(reads.buffer, reads.starts, reads.lengths, ERROR_RATES, errors)
    return errors


READS = columns_of([b"ACGTN", b"nnGCgc", b"", b"A", b"AAAA", b"RYSWKMBDHV.-*~"], junk=b"N")
QUALITIES = columns_of([b"!", b"+5?IIIII+", b"", b"~~"], junk=b"!")


@pytest.mark.parametrize("kernel", [n_counts, n_counts_reference])
def test_n_by_hand(kernel: Any) -> None:
    assert counted(kernel, READS) == [1, 2, 0, 0, 0, 0]


@pytest.mark.parametrize("kernel", [gc_bases, gc_bases_reference])
def test_gc_by_hand(kernel: Any) -> None:
    assert counted(kernel, READS) == [2, 4, 0, 0, 0, 0]


@pytest.mark.parametrize("kernel", [changes, changes_reference])
def test_changes_by_hand(kernel: Any) -> None:
    assert counted(kernel, READS) == [4, 4, 0, 0, 0, 13]


@pytest.mark.parametrize("kernel", [low_counts, low_counts_reference])
def test_low_qualities_by_hand(kernel: Any) -> None:
    assert counted(kernel, QUALITIES, 20) == [1, 2, 0, 0]
    assert counted(kernel, QUALITIES, 21) == [1, 3, 0, 0]
    assert counted(kernel, QUALITIES, 0) == [0, 0, 0, 0]


@pytest.mark.parametrize("kernel", [expected_errors, expected_errors_reference])
def test_expected_errors_by_hand(kernel: Any) -> None:
    assert summed(kernel, QUALITIES) == pytest.approx([1.0, 0.1 + 0.01 + 0.001 + 5e-4 + 0.1, 0.0, 2 * 10**-9.3])


@pytest.mark.parametrize(
    ("kernel", "reference"),
    [(n_counts, n_counts_reference), (gc_bases, gc_bases_reference), (changes, changes_reference)],
)
@given(reads=base_columns(longest=300))
def test_bases_agree_with_reference(kernel: Any, reference: Any, reads: Columns) -> None:
    assert counted(kernel, reads) == counted(reference, reads)


@given(reads=quality_columns(longest=300), cutoff=st.integers(0, 93))
def test_low_qualities_agree_with_reference(reads: Columns, cutoff: int) -> None:
    assert counted(low_counts, reads, cutoff) == counted(low_counts_reference, reads, cutoff)


@given(reads=quality_columns(longest=300))
def test_expected_errors_agree_with_reference_to_the_last_bit(reads: Columns) -> None:
    assert np.array_equal(summed(expected_errors, reads), summed(expected_errors_reference, reads))
