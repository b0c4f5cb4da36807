from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from engine.collectors import far_qualities
from engine.collectors.far_qualities import FarQualityCounts

CYCLES = 20


def counted(reads: int, quality: int = 40) -> FarQualityCounts:
    """Reads of one quality, but for one cycle, whose quality is their number's."""
    far = FarQualityCounts()
    far.make_room(CYCLES, 0)
    scores = np.full((reads, CYCLES), 33 + quality, np.uint8)
    scores[:, 3] = 33 + np.arange(reads) % 7
    starts = np.arange(0, reads * CYCLES, CYCLES, dtype=np.int32)
    far.add(scores.reshape(-1), starts, np.full(reads, CYCLES, np.int32), 0)
    return far


@pytest.mark.parametrize("narrow", [65_535, 600, 0])
@pytest.mark.parametrize("reads", [100, 700, 3000])
def test_counts_go_on_when_counters_become_wider(reads: int, narrow: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_qualities, "_NARROW", narrow)
    far = counted(reads)
    far.merge(counted(reads + 11), 0)
    again = FarQualityCounts()
    again.restore(deepcopy(far.state()))
    again.merge(far, 0)
    for found, times in ((far, 1), (again, 2)):
        rows = found.rows(0, CYCLES)
        assert rows[0, 40] == times * (2 * reads + 11)
        assert rows[3].sum() == times * (2 * reads + 11)
        assert found.totals(0).sum() == times * CYCLES * (2 * reads + 11)


def test_counters_are_as_narrow_as_they_can_be() -> None:
    far = counted(3000)
    again = FarQualityCounts()
    again.restore(deepcopy(far.state()))
    assert again.nbytes == far.nbytes < CYCLES * 96 + 8 * 2 * CYCLES + 1
