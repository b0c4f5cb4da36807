from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from kernels.cuda import qualities
from kernels.cuda.ahead import AHEAD
from kernels.cuda.launching import SIMULATED
from kernels.qualities import COLUMNS, QUALITIES, Table, quality_counts_reference
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, columns_of, quality_columns

quality_counts = through_device(qualities.quality_counts)


def counted(reads: Columns, **options: int) -> Table:
    """Counts of a fresh table; one cycle more than needed, to be left at zero."""
    table = np.zeros((int(reads.lengths.max(initial=0)) + 1, COLUMNS), np.int64)
    quality_counts(reads.buffer, reads.starts, reads.lengths, table, **options)
    assert not table[-1].any()
    assert not table[:, QUALITIES:].any()
    return table


def expected(reads: Columns) -> Table:
    table = np.zeros((int(reads.lengths.max(initial=0)) + 1, COLUMNS), np.int64)
    quality_counts_reference(reads.buffer, reads.starts, reads.lengths, table)
    return table


def test_by_hand() -> None:
    table = counted(columns_of([b"!I~", b"II", b""], junk=b"55"))
    by_hand = np.zeros((4, COLUMNS), np.int64)
    by_hand[0, [0, 40]] = 1
    by_hand[1, 40] = 2
    by_hand[2, 93] = 1
    assert np.array_equal(table, by_hand)


@settings(max_examples=8)
@given(reads=quality_columns(longest=70, most=9))
def test_agrees_with_reference(reads: Columns) -> None:
    assert np.array_equal(counted(reads), expected(reads))
    assert np.array_equal(counted(reads, longest=int(reads.lengths.max(initial=0))), expected(reads))


def test_counters_of_16_bits_never_run_over(monkeypatch: pytest.MonkeyPatch) -> None:
    n_reads = 400 if SIMULATED else 70_000  # a second for every 10,000 in the simulator
    if SIMULATED:
        monkeypatch.setattr(qualities, "_MOST_READS", 100)
    one = columns_of([b"I~"])
    table = counted(Columns(one.buffer, np.zeros(n_reads, np.int32), np.full(n_reads, 2, np.int32)))
    assert table[0, 40] == table[1, 93] == n_reads
    assert table.sum() == 2 * n_reads


def test_few_long_reads_among_many_short_ones() -> None:
    reads = columns_of([b"I5!~" * 25 if number % 97 == 0 else b"F" for number in range(2 * AHEAD + 9)])
    assert np.array_equal(counted(reads), expected(reads))


def test_adds_to_what_is_there_and_leaves_it_where_there_are_no_reads() -> None:
    reads = columns_of([bytes(range(33, 127))])
    table = counted(reads)
    twice = table.copy()
    quality_counts(reads.buffer, reads.starts, reads.lengths, twice)
    assert np.array_equal(twice, 2 * table)
    nothing = columns_of([b""] * 9, junk=b"I")
    quality_counts(nothing.buffer, nothing.starts, nothing.lengths, twice)
    quality_counts(nothing.buffer, nothing.starts[:0], nothing.lengths[:0], twice)
    assert np.array_equal(twice, 2 * table)
