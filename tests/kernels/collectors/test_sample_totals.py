from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from kernels.collectors.sample_totals import sample_totals, sample_totals_reference
from tests.strategies import Columns, columns_of, quality_columns

Kernel = Callable[..., None]


def totals_of(kernel: Kernel, bases: Columns, scores: Columns) -> list[int]:
    buffer = np.concatenate([bases.buffer, scores.buffer])
    totals = np.full(5, -1, np.int64)
    kernel(buffer, bases.starts, (scores.starts + len(bases.buffer)).astype(np.int32), bases.lengths, totals)
    return [int(total) for total in totals]


@pytest.mark.parametrize("kernel", [sample_totals, sample_totals_reference])
def test_by_hand(kernel: Kernel) -> None:
    bases = columns_of([b"ACGTN", b"", b"ggcat", b"NNN"], junk=b"G")
    scores = columns_of([b"!!!!!", b"", b"?>IIJ", b"~~~"], junk=b"I")
    assert totals_of(kernel, bases, scores) == [13, 9, 5, 30 + 29 + 40 + 40 + 41 + 3 * 93, 4 + 3]


@settings(max_examples=50)
@given(reads=quality_columns())
def test_agrees_with_reference(reads: Columns) -> None:
    assert totals_of(sample_totals, reads, reads) == totals_of(sample_totals_reference, reads, reads)


def test_every_byte() -> None:
    every = columns_of([bytes([byte]) for byte in range(33, 127)])
    assert totals_of(sample_totals, every, every) == totals_of(sample_totals_reference, every, every)
