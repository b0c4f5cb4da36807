from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.stages.tally import TALLIES, tally, tally_reference

READS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300), st.sampled_from([0, 0, 1, 255]), st.sampled_from([0, 0, 7])),
    max_size=20,
)


def tallied(kernel: Any, rows: list[tuple[int, int, int, int]], *, without: int) -> tuple[list[int], dict[int, int]]:
    """Totals, and reads dropped by reason, added to what is there already.

    Args:
        kernel: which.
        rows: of each read the length before and after, the reason for dropping before and after.
        without: 1, 2 or both: the reasons before, after, that are left out, as where there are none.
    """
    before, after, was, now = np.array(rows, np.int64).reshape(-1, 4).T
    none = np.empty(0, np.uint8)
    totals, reasons = np.full(TALLIES, 100, np.int64), np.zeros(256, np.int64)
    kernel(
        before.astype(np.int32), none if without & 1 else was.astype(np.uint8),
        after.astype(np.int32), none if without & 2 else now.astype(np.uint8), totals, reasons,
    )  # fmt: skip
    return (totals - 100).tolist(), {reason: int(count) for reason, count in enumerate(reasons) if count}


@pytest.mark.parametrize("kernel", [tally, tally_reference])
def test_by_hand(kernel: Any) -> None:
    rows = [(100, 100, 0, 0), (100, 60, 0, 0), (50, 50, 0, 7), (80, 70, 0, 9), (90, 90, 3, 3), (0, 0, 0, 0)]
    assert tallied(kernel, rows, without=0) == ([5, 330, 3, 160, 1, 40], {7: 1, 9: 1})
    assert tallied(kernel, rows, without=3) == ([6, 420, 6, 370, 2, 50], {})


@pytest.mark.parametrize("without", range(4))
@given(rows=READS)
def test_agrees_with_reference(without: int, rows: list[tuple[int, int, int, int]]) -> None:
    assert tallied(tally, rows, without=without) == tallied(tally_reference, rows, without=without)
