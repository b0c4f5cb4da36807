from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from engine.batch import Bytes
from engine.checkpoint.state import Value
from engine.collectors import far_qualities, far_quality_piece
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


def again(far: FarQualityCounts) -> FarQualityCounts:
    """The same as taken up from a checkpoint."""
    again = FarQualityCounts()
    again.restore(deepcopy(far.state()))
    return again


@pytest.mark.parametrize("piece", [3, 8, 1 << 16])
@pytest.mark.parametrize("narrow", [255, 20])
@pytest.mark.parametrize("reads", [3, 100, 700])
def test_counts_go_on_when_counters_become_wider(
    reads: int, narrow: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    widths = {np.dtype(np.uint8): narrow, np.dtype(np.uint16): 600, np.dtype(np.uint32): 10**6}
    monkeypatch.setattr(far_quality_piece, "_WIDTHS", widths)
    for module in (far_qualities, far_quality_piece):
        monkeypatch.setattr(module, "PIECE", piece)
    far = counted(reads)
    far.merge(counted(reads + 11))
    taken_up = again(far)
    taken_up.merge(far)
    for found, times in ((far, 1), (taken_up, 2)):
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


@pytest.mark.parametrize("piece", [7, 40, 1 << 16])
def test_reads_wait_to_be_counted_together(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (far_qualities, far_quality_piece):
        monkeypatch.setattr(module, "PIECE", piece)
    rng = np.random.default_rng(piece)
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


def test_few_reads_are_kept_as_they_are() -> None:
    far = counted(5)
    assert far.nbytes == again(far).nbytes == 5 * (CYCLES - FIRST)
    merged = again(far)
    merged.merge(far)  # now they take more room than counters of six qualities would
    assert merged.nbytes == CYCLES * 6


def test_counters_are_as_narrow_as_they_can_be() -> None:
    assert again(counted(100)).nbytes == CYCLES * 8
    assert again(counted(3000)).nbytes == CYCLES * 8 * 2


@pytest.mark.parametrize(
    "wrong",
    [
        *({"counts": table} for table in (np.zeros((3, 2), np.uint16), np.zeros((3, 1), np.int64), None)),
        {"levels": np.array([4, 3], np.uint8), "counts": np.zeros((3, 2), np.uint8)},
        {"lengths": np.array([CYCLES], np.int32)},
        {"lengths": np.full(5, CYCLES + 1, np.int32)},
        {"places": np.full(5, -FIRST - 1, np.int32)},
        {"first": CYCLES + 1},
        {"begin": 1},
    ],
)
def test_a_state_that_makes_no_sense_is_refused(wrong: dict[str, Value]) -> None:
    pieces = counted(5).state()["pieces"]
    assert isinstance(pieces, list)
    with pytest.raises(CheckpointError):
        FarQualityCounts().restore({"end": CYCLES, "pieces": [{**pieces[0], **wrong}]})
