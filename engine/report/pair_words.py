"""Insert sizes of many pairs: which are drawn, and what is said of all."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from engine.collectors.results import PairStatistics

_MOST_NAMED = 8
"""Of more pairs only the ends are told."""

Named = tuple[str, PairStatistics]


def furthest(pairs: Sequence[Named], most: int) -> list[Named]:
    """At most so many pairs, those whose medians are furthest from that of all, in their order."""
    known = [found.median for _, found in pairs if found.median is not None]
    if len(pairs) <= most or not known:
        return list(pairs[:most])
    usual = median(known)
    by_distance = sorted(
        pairs, key=lambda pair: -abs((pair[1].median if pair[1].median is not None else usual) - usual)
    )
    chosen = {name for name, _ in by_distance[:most]}
    return [pair for pair in pairs if pair[0] in chosen][:most]


def insert_words(pairs: Sequence[Named], drawn: int) -> str:
    """The medians in words; empty where no mates overlap.

    Args:
        pairs: all of them, and what to call each.
        drawn: how many are in the plot.
    """
    known = [(found.median, name, found) for name, found in pairs if found.median is not None]
    if not known:
        return ""
    if len(known) <= _MOST_NAMED:
        listed = (
            f"{name}: median {size:,} bp, {100 * found.overlapping / found.pairs:.0f} % of pairs overlap"
            for size, name, found in known
        )
        return f"{'; '.join(listed)}."
    sizes = sorted((size, name) for size, name, _ in known)
    (least, first), (most, last), usual = sizes[0], sizes[-1], median(size for size, _ in sizes)
    words = f"Medians are from {least:,} bp ({first}) to {most:,} bp ({last}), usually {usual:,.0f} bp."
    return f"{words} Drawn are the {drawn} of {len(pairs)} that are furthest from it." if drawn < len(pairs) else words
