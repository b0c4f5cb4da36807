"""Marks of dropped reads."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.wasm.flags import mark_dropped, mark_dropped_reference

_ROWS = st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from([0, 0, 3, 255])), max_size=200)


@given(_ROWS, st.integers(1, 255), st.booleans(), st.none() | st.integers(2, 255))
def test_marks_are_those_of_the_reference(
    rows: list[tuple[int, int]], reason: int, has_marks: bool, bad: int | None
) -> None:
    keep = np.array([flag for flag, _ in rows], np.uint8)
    before = np.array([mark for _, mark in rows] if has_marks else [], np.uint8)
    if bad is not None and len(keep):
        keep[len(keep) // 2] = bad
    ours, theirs = np.empty(len(keep), np.uint8), np.empty(len(keep), np.uint8)
    expected = mark_dropped_reference(keep, before, reason, theirs)
    assert mark_dropped(keep, before, reason, ours) == expected
    if expected >= 0:
        assert ours.tolist() == theirs.tolist()
    else:
        assert bad is not None
