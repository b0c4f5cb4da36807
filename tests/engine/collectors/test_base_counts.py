from __future__ import annotations

import numpy as np
import pytest

from engine.collectors import bases
from engine.collectors.bases import BaseCounts
from engine.collectors.modules.groups import cycle_groups
from engine.errors import CheckpointError
from kernels.collectors.probes import NEAR
from tests.naive_parser import Read
from tests.strategies import batch_of


def counted(reads: int, length: int = 70) -> BaseCounts:
    counts = BaseCounts()
    counts.add(batch_of([Read(b"r", b"A" * length, b"I" * length)] * reads))
    return counts


def of(counts: BaseCounts, base: int, cycles: int) -> list[int]:
    """How often one of A, C, G, T, N was counted at each of the first cycles."""
    return [int(count) for count in counts.by_group([(cycle, cycle) for cycle in range(1, cycles + 1)])[base]]


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
    assert of(total, 0, 200) == [102] + [101] * 69 + [40] * 130
    late = counted(3)
    late.merge(total)
    assert of(late, 0, 1) == [105]


@pytest.mark.parametrize("width", [np.uint32, np.int64])
def test_states_of_either_width_are_taken_up(width: type) -> None:
    blocks = counted(7).state()["blocks"]
    assert isinstance(blocks, np.ndarray)
    counts = BaseCounts()
    counts.restore({**counts.state(), "blocks": blocks.astype(width)})
    counts.merge(counted(3))
    into = counted(5)
    into.merge(counts)
    assert of(into, 0, 70) == [15] * 70


@pytest.mark.parametrize("wrong", [None, 3, np.zeros((1, 5, 64), np.int16), np.zeros((5, 64), np.int64)])
def test_other_tables_are_refused(wrong: object) -> None:
    with pytest.raises(CheckpointError):
        BaseCounts().restore({**BaseCounts().state(), "blocks": wrong})  # type: ignore[dict-item]  # from a file


def test_long_reads_are_counted_by_the_groups_that_they_are_shown_in() -> None:
    rng = np.random.default_rng(1)
    lengths = (NEAR + 1, 70_999, 71_000, 130_017, 90, NEAR)
    reads = [Read(b"r", rng.choice(np.frombuffer(b"ACGTNacgtn.", np.uint8), n).tobytes(), b"I" * n) for n in lengths]
    groups = cycle_groups(max(lengths))
    expected = [
        [sum(read.bases[first - 1 : last].upper().count(base) for read in reads) for first, last in groups]
        for base in (b"A", b"C", b"G", b"T", b"N")
    ]
    counts, rest = BaseCounts(), BaseCounts()
    counts.add(batch_of(reads[:3]))
    rest.add(batch_of(reads[3:]))
    kept = BaseCounts()
    kept.restore(rest.copy().state())
    counts.merge(kept)
    assert counts.by_group(groups).tolist() == expected
    assert counts.totals().tolist() == [sum(row) for row in expected]
