from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.quality_ranks import (
    Table,
    add_group_means,
    add_group_means_reference,
    quality_ranks,
    quality_ranks_reference,
)

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


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_means_of_groups_agree_with_their_reference(seed: int) -> None:
    chance = np.random.default_rng(seed)
    totals, sums = chance.integers(0, 5, 80), chance.integers(0, 10**12, 80)
    firsts, groups = chance.integers(0, 94, (5, 80)), np.sort(chance.integers(0, 7, 80))
    found, plain = ((np.ones((6, 7)), np.ones((2, 7), np.int64)) for _ in range(2))
    add_group_means(totals, sums, firsts, 2, groups, *found)
    add_group_means_reference(totals, sums, firsts, 2, groups, *plain)
    assert all(np.array_equal(mine, other) for mine, other in zip(found, plain, strict=True))


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
