from __future__ import annotations

import numpy as np
import pytest

from engine.collectors import lengths as module
from engine.collectors.lengths import LengthCounts, Lengths
from engine.errors import CheckpointError
from tests.naive_parser import Read
from tests.strategies import batch_of


def counted(lengths: list[int]) -> LengthCounts:
    counts = LengthCounts()
    counts.add(batch_of([Read(b"r", b"A" * n, b"I" * n) for n in lengths]))
    return counts


def test_lengths_with_and_without_a_place_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NEAR", 10)
    first, second = counted([3, 9, 10, 500]), counted([0, 500, 3, 70, 10])
    kept = LengthCounts()
    kept.restore(second.state())
    first.merge(kept.copy())
    found = first.counts()
    assert found.bases.tolist() == [0, 3, 9, 10, 70, 500]
    assert found.reads.tolist() == [1, 2, 1, 2, 1, 2]
    assert found.longest == 500
    assert counted([]).counts().longest == 0


def test_bases_by_group_of_cycles() -> None:
    lengths = Lengths(np.array([0, 2, 3, 7]), np.array([4, 1, 2, 1]))
    assert lengths.by_group([(1, 1), (2, 3), (4, 9)]).tolist() == [4, 4 + 3, 4]


@pytest.mark.parametrize("wrong", [[[5], [1]], [[2**20], [0]], [[2**20, 1]], [[1], [1], [1]], None])
def test_lengths_of_another_kind_are_refused(wrong: list[list[int]] | None) -> None:
    state = counted([3]).state()
    with pytest.raises(CheckpointError):
        LengthCounts().restore({**state, "far": None if wrong is None else np.array(wrong)})
