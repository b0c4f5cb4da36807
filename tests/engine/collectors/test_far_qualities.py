from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from engine.batch import Bytes
from engine.collectors import far_qualities
from engine.collectors.far_qualities import FarQualityCounts
from engine.errors import CheckpointError

CYCLES = 20
FIRST = 4


def add(far: FarQualityCounts, scores: Bytes, first: int = FIRST) -> None:
    """Adds reads: a row each, of characters."""
    reads, cycles = scores.shape
    far.make_room(cycles)
    starts = np.arange(0, reads * cycles, cycles, dtype=np.int32)
    far.add(scores.reshape(-1), starts, np.full(reads, cycles, np.int32), first)


def counted(reads: int, quality: int = 40) -> FarQualityCounts:
    """Reads of one quality, but for one cycle, whose quality is their number's."""
    far = FarQualityCounts()
    scores = np.full((reads, CYCLES), 33 + quality, np.uint8)
    scores[:, 5] = 33 + np.arange(reads) % 7
    add(far, scores)
    return far


@pytest.mark.parametrize("room", [1, 5000, 1 << 20])
@pytest.mark.parametrize("narrow", [65_535, 600, 0])
@pytest.mark.parametrize("reads", [100, 700, 3000])
def test_counts_go_on_when_counters_become_wider(
    reads: int, narrow: int, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_qualities, "_NARROW", narrow)
    monkeypatch.setattr(far_qualities, "_ROOM", room)
    far = counted(reads)
    far.merge(counted(reads + 11))
    again = FarQualityCounts()
    again.restore(deepcopy(far.state()))
    again.merge(far)
    for found, times in ((far, 1), (again, 2)):
        rows = found.rows(0, CYCLES)
        assert not rows[:FIRST].any()
        assert rows[FIRST, 40] == times * (2 * reads + 11)
        assert rows[5].sum() == times * (2 * reads + 11)
        assert found.totals(FIRST).sum() == times * (CYCLES - FIRST) * (2 * reads + 11)


def test_more_reads_than_a_narrow_counter_holds() -> None:
    far = counted(65_000)
    far.merge(counted(65_000))
    more = counted(200_000)
    more.merge(far)
    assert more.rows(FIRST, CYCLES)[0, 40] == 330_000
    assert more.rows(5, 6).sum() == 330_000


@pytest.mark.parametrize("room", [1, 400, 3000, 1 << 20])
def test_reads_wait_to_be_counted_together(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_qualities, "_ROOM", room)
    rng = np.random.default_rng(room)
    far, expected = FarQualityCounts(), np.zeros((90, 96), np.int64)
    first = 3
    for batch in range(40):
        first += batch % 10 == 9  # as more cycles get wide counters
        lengths = np.sort(rng.integers(first, 90, 6)).astype(np.int32)[::-1].copy()
        buffer = rng.integers(33, 34 + 2 * batch, 700).astype(np.uint8)
        starts = rng.integers(0, 600, 6).astype(np.int32)
        far.make_room(int(lengths.max()))
        far.add(buffer, starts, lengths, first)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            expected[np.arange(first, length), buffer[start + first : start + length] - 33] += 1
        if batch == 20:
            assert np.array_equal(far.rows(first, 90), expected[first : 3 + len(far.rows(3, 90))])
    found = far.rows(first, 90)
    assert np.array_equal(found, expected[first : first + len(found)])
    assert np.array_equal(far.totals(first), expected[first:, :94].sum(axis=0))


def test_counters_are_as_narrow_as_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_qualities, "_ROOM", 100)
    far = counted(3000)
    again = FarQualityCounts()
    again.restore(deepcopy(far.state()))
    assert again.nbytes == CYCLES * 8 * 2


def test_a_state_with_other_counters_is_refused() -> None:
    state = counted(10).state()
    for wrong in (np.zeros((3, 2), np.uint16), np.zeros((CYCLES, 8), np.int64), np.zeros(8, np.uint16), None):
        with pytest.raises(CheckpointError):
            FarQualityCounts().restore({**state, "counts": wrong})
