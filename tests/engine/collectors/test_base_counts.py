from __future__ import annotations

import numpy as np
import pytest

from engine.collectors import bases
from engine.collectors.bases import BaseCounts
from engine.errors import CheckpointError
from tests.naive_parser import Read
from tests.strategies import batch_of


def counted(reads: int, length: int = 70) -> BaseCounts:
    counts = BaseCounts()
    counts.add(batch_of([Read(b"r", b"A" * length, b"I" * length)] * reads))
    return counts


def test_counters_become_wider_before_they_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bases, "_NARROW", 100)
    narrow = counted(100).state()["blocks"]
    total = counted(60)
    total.merge(counted(40, 200))
    assert isinstance(narrow, np.ndarray)
    assert narrow.dtype == total._blocks.dtype == np.uint32
    total.merge(counted(1))
    assert total._blocks.dtype == np.int64
    total.add(batch_of([Read(b"r", b"A", b"I")]))
    assert total.table(200)[0].tolist() == [102] + [101] * 69 + [40] * 130
    late = counted(3)
    late.merge(total)
    assert late.table(1)[0, 0] == 105


@pytest.mark.parametrize("width", [np.uint32, np.int64])
def test_states_of_either_width_are_taken_up(width: type) -> None:
    blocks = counted(7).state()["blocks"]
    assert isinstance(blocks, np.ndarray)
    counts = BaseCounts()
    counts.restore({"blocks": blocks.astype(width)})
    counts.merge(counted(3))
    into = counted(5)
    into.merge(counts)
    assert into.table(70)[0].tolist() == [15] * 70


@pytest.mark.parametrize("wrong", [None, 3, np.zeros((1, 5, 64), np.int16), np.zeros((5, 64), np.int64)])
def test_other_tables_are_refused(wrong: object) -> None:
    with pytest.raises(CheckpointError):
        BaseCounts().restore({"blocks": wrong})  # type: ignore[dict-item]  # what may stand in a file
