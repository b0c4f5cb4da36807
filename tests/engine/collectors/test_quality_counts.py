from __future__ import annotations

import numpy as np
import pytest

from engine.batch import PADDING, ReadBatch
from engine.collectors import far_qualities, far_quality_piece, qualities
from engine.collectors.base import Table
from engine.collectors.far_qualities import ranks_of
from engine.collectors.qualities import BLOCK, QualityCounts


def batch_of(lengths: list[int], seed: int) -> ReadBatch:
    """Reads of these lengths with random qualities; the bases do not matter."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0, *lengths[:-1]]).astype(np.int32)
    buffer = rng.integers(33, 127, sum(lengths) + PADDING).astype(np.uint8)
    zeros = np.zeros(len(lengths), np.int32)
    return ReadBatch(
        buffer=buffer,
        name_starts=zeros,
        name_lengths=zeros,
        sequence_starts=starts,
        quality_starts=starts,
        lengths=np.array(lengths, np.int32),
        number=0,
        first_record=0,
        byte_start=0,
        byte_end=0,
    )


def plain_counts(batches: list[ReadBatch], cycles: int) -> Table:
    table = np.zeros((cycles, 94), np.int64)
    for batch in batches:
        for start, length in zip(batch.quality_starts.tolist(), batch.lengths.tolist(), strict=True):
            table[np.arange(length), batch.buffer[start : start + length] - 33] += 1
    return table


@pytest.mark.parametrize("seed", range(6))
def test_reads_of_any_length_dealt_in_any_way(seed: int) -> None:
    rng = np.random.default_rng(seed)
    some = np.array([0, 5, BLOCK - 1, BLOCK, BLOCK + 1, 3000, *rng.integers(0, 9000, 4)])
    # 1,200 reads: more than 255 reach the far cycles, and fewer the last.
    batches = [batch_of(rng.choice(some, 60).tolist(), number) for number in range(20)]
    sets = [QualityCounts() for _ in range(3)]
    for batch in batches:
        sets[rng.integers(len(sets))].add(batch)
    total = QualityCounts()
    for place in rng.permutation(len(sets)):
        total.merge(sets[place].copy())
    expected = plain_counts(batches, 9000)
    assert np.array_equal(total.rows(0, 9000), expected)
    assert np.array_equal(total.rows(700, 5000), expected[700:5000])
    assert np.array_equal(total.totals(), expected.sum(axis=0))


def test_no_counter_overflows_where_all_reads_are_equal() -> None:
    batch = batch_of([2 * BLOCK + 3] * 100, 1)
    batch.buffer[:] = ord("I")
    counts = QualityCounts()
    for _ in range(7):
        counts.add(batch)
    assert counts.rows(0, 2 * BLOCK + 3)[:, 40].tolist() == [700] * (2 * BLOCK + 3)


def test_one_long_read_costs_little_memory() -> None:
    counts = QualityCounts()
    counts.add(batch_of([1_000_000] * 2, 1))
    assert counts.nbytes < 5e6
    counts.merge(counts.copy())
    assert counts.nbytes < 7e6


@pytest.mark.parametrize("near", [BLOCK, 4 * BLOCK])
@pytest.mark.parametrize("letters", [bytes(range(33, 127)), b"I", b"#I"])
def test_very_many_long_reads_in_any_order(letters: bytes, near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qualities, "NEAR_MOST", near)
    monkeypatch.setattr(
        far_quality_piece, "_WIDTHS", {np.dtype(np.uint8): 9, np.dtype(np.uint16): 500, np.dtype(np.uint32): 10**6}
    )
    for name in (far_qualities, far_quality_piece):
        monkeypatch.setattr(name, "PIECE", 1024)
    rng = np.random.default_rng(len(letters))
    batches = [batch_of(rng.integers(1, 4000, 150).tolist(), number) for number in range(8)]
    batches += [batch_of([5000] * 600, 9)]
    for batch in batches:
        batch.buffer[:] = rng.choice(np.frombuffer(letters, np.uint8), len(batch.buffer))
    sets = [QualityCounts() for _ in range(3)]
    for batch in batches:
        sets[rng.integers(len(sets))].add(batch)
    total = QualityCounts()
    for each in sets:
        kept = QualityCounts()
        kept.restore(each.state())
        total.merge(kept.copy())
    expected = plain_counts(batches, 5000)
    percents = np.array([25, 50])
    for found, wanted in zip(total.ranks(0, 5000, percents, 3), ranks_of(expected, percents), strict=True):
        enough = found.ndim == 1 or expected.sum(axis=1) > 3
        assert np.array_equal(found * enough, wanted * enough)
    assert np.array_equal(total.rows(0, 5000), expected)
    assert np.array_equal(total.rows(700, 4500), expected[700:4500])
    assert np.array_equal(total.totals(), expected.sum(axis=0))


def test_memory_does_not_grow_with_the_number_of_long_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qualities, "NEAR_MOST", BLOCK)
    counts = QualityCounts()
    taken = []
    for number in range(8):
        batch = batch_of([20_000] * 100, number)
        batch.buffer[:] = np.random.default_rng(number).choice(np.frombuffer(b"#+5?I", np.uint8), len(batch.buffer))
        counts.add(batch)
        taken.append(counts.nbytes)
    assert taken[-1] < 1.25 * taken[0]
