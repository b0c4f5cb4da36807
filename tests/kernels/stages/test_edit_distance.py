"""The bit-parallel table of edit distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.base_codes import pattern_codes, read_codes
from kernels.occurrences import NOWHERE
from kernels.stages.edit_distance import LONGEST, fill_matches, first_place

_BASES = st.text("ACGT", max_size=80)
_TABLE = read_codes(wildcards=True)


def _plainly(read: str, pattern: str, rate: float, overlap: int) -> int:
    """The whole table, a free start in the read."""
    codes, text = _TABLE[np.frombuffer(read.encode(), np.uint8)], pattern_codes(pattern)
    size, allowed = len(pattern), int(rate * len(pattern))
    costs = list(range(size + 1))
    for column, code in enumerate(codes.tolist()):
        last, costs = costs, [0]
        for row, letter in enumerate(text.tolist()):
            costs.append(min(last[row] + (not letter & code), last[row + 1] + 1, costs[row] + 1))
        if costs[size] <= allowed:
            return column + 1
    fits = any(costs[row] <= rate * row for row in range(max(1, overlap), size + 1))
    return len(read) if fits else NOWHERE


@given(_BASES, st.text("ACGTN", min_size=1, max_size=LONGEST), st.floats(0, 0.4), st.integers(1, 12), st.booleans())
def test_a_pattern_is_where_the_whole_table_has_it(
    read: str, pattern: str, rate: float, overlap: int, is_inside: bool
) -> None:
    if is_inside:
        read = read[:40] + pattern + read[40:]
    matches = np.zeros(256, np.uint64)
    fill_matches(pattern_codes(pattern), len(pattern), matches)
    codes = _TABLE[np.frombuffer(read.encode(), np.uint8)]
    found = first_place(codes, 0, len(read), matches, len(pattern), rate, overlap)
    assert found == _plainly(read, pattern, rate, overlap)


@pytest.mark.parametrize("size", [1, 63, 64])
def test_patterns_as_wide_as_the_masks(size: int) -> None:
    pattern = "ACGTTGCA" * 8
    matches = np.zeros(256, np.uint64)
    fill_matches(pattern_codes(pattern[:size]), size, matches)
    read = "TTTT" + pattern[:size] + "GG"
    codes = _TABLE[np.frombuffer(read.encode(), np.uint8)]
    assert first_place(codes, 0, len(read), matches, size, 0.0, 1) == read.index(pattern[:size]) + size
    assert first_place(codes, 0, 0, matches, size, 0.0, 1) == NOWHERE
