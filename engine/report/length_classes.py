"""Which samples have reads of about the same length, so that short ones are no line at the left of long ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.collectors.results import QcResults

FAR_APART = 5
"""The longest of a class reach at most so many times as far as the shortest."""

FEWEST = 100
"""Positions that fewer than one read in so many reach tell of these few alone."""


def reach(results: QcResults) -> int:
    """The last position, from 1, that at least one read in `FEWEST` has; 0 without reads.

    Where lengths were counted in groups, it is the end of the group in which that position lies.
    """
    longest, lengths = results.basic.longest, results.lengths
    if lengths is None:
        return longest
    least, seen = sum(lengths.counts) / FEWEST, 0.0
    for end, count in sorted(zip(lengths.ends, lengths.counts, strict=True), reverse=True):
        seen += count
        if count and seen >= least:
            return min(end, longest)
    return longest


def length_classes(reaches: Sequence[int]) -> list[list[int]]:
    """Samples by how far their reads reach, the shortest class first.

    What is too far apart is cut where neighbours are furthest apart, until no class is wider than `FAR_APART` times.

    Args:
        reaches: of each sample, above 0.

    Returns:
        The samples of each class, by their places in `reaches`, ascending.
    """
    return [sorted(found) for found in _cut(sorted(range(len(reaches)), key=reaches.__getitem__), reaches)]


def _cut(ranked: list[int], reaches: Sequence[int]) -> list[list[int]]:
    if not ranked or reaches[ranked[-1]] <= FAR_APART * reaches[ranked[0]]:
        return [ranked] if ranked else []
    gaps = [reaches[b] / reaches[a] for a, b in pairwise(ranked)]
    at = gaps.index(max(gaps)) + 1
    return _cut(ranked[:at], reaches) + _cut(ranked[at:], reaches)
