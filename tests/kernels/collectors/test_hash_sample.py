from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.collectors.hash_sample import sample_hashes, sample_hashes_reference

TOP = 1 << 63


def fast(hashes: list[int], sample: set[int], most: int, level: int) -> tuple[set[int], int]:
    slots = np.zeros(2 * most, np.uint64)
    sample_hashes(np.array(sorted(sample), np.uint64), slots, level, 0)
    level, known = sample_hashes(np.array(hashes, np.uint64), slots, level, len(sample))
    kept = {int(hash_) for hash_ in slots if hash_}
    assert len(kept) == known
    return kept, level


def test_by_hand() -> None:
    hashes = [0, 1, TOP, 3, TOP >> 1, TOP | 5, 3]
    for sampled in (fast, sample_hashes_reference):
        assert sampled(hashes, set(), 8, 0) == ({1, TOP, 3, TOP >> 1, TOP | 5}, 0)
        assert sampled(hashes, set(), 4, 0) == ({1, 3, TOP >> 1}, 1)
        assert sampled(hashes, set(), 2, 0) == ({1, 3}, 2)


hashes_of_all_sizes = st.lists(st.builds(lambda bits, cut: bits >> cut, st.integers(0, 2**64 - 1), st.integers(0, 60)))


@given(hashes_of_all_sizes, hashes_of_all_sizes, st.sampled_from([1, 2, 8]))
def test_agrees_with_reference_in_any_order(first: list[int], second: list[int], most: int) -> None:
    sample, level = sample_hashes_reference(first, set(), most, 0)
    expected = sample_hashes_reference(second, sample, most, level)
    if level < 60:
        assert fast(second, sample, most, level) == expected or expected[1] == 63
        assert fast([*second, *first], set(), most, 0) == expected or expected[1] == 63
