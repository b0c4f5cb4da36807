from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.quality_ranks import Table, quality_ranks, quality_ranks_reference

PERCENTS = np.array([10, 25, 50, 75, 90])


def ranked(kernel: object, counts: Table) -> tuple[Table, Table, Table]:
    totals, sums = np.full((2, len(counts)), -1)
    firsts = np.full((len(PERCENTS), len(counts)), -1)
    assert callable(kernel)
    kernel(counts, PERCENTS, totals, sums, firsts)
    return totals, sums, firsts


@settings(max_examples=50)
@given(seed=st.integers(0, 2**32), most=st.sampled_from([1, 2, 40, 10**12]), share=st.sampled_from([0.02, 0.3, 1.0]))
def test_agrees_with_reference(seed: int, most: int, share: float) -> None:
    chance = np.random.default_rng(seed)
    counts = chance.integers(0, most, (60, 94)) * (chance.random((60, 94)) < share)
    for found, expected in zip(ranked(quality_ranks, counts), ranked(quality_ranks_reference, counts), strict=True):
        assert np.array_equal(found, expected)


def test_by_hand() -> None:
    counts = np.zeros((3, 94), np.int64)
    counts[0, [2, 30, 40]] = 10, 40, 50
    counts[1, 93] = 1
    totals, sums, firsts = ranked(quality_ranks, counts)
    assert totals.tolist() == [100, 1, 0]
    assert sums.tolist() == [20 + 1200 + 2000, 93, 0]
    assert firsts[:, 0].tolist() == [2, 30, 30, 40, 40]
    assert firsts[:, 1].tolist() == [0] * 5  # rounded down, no base is wanted
    assert firsts[:, 2].tolist() == [0] * 5
