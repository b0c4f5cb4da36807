"""K-mers that are much more frequent at some places than at others.

As in FastQC 0.12.1 (``KmerContent``), in single precision where FastQC uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.collectors.kmers import KmerTable
from engine.collectors.modules.binomial import probability_above
from engine.collectors.modules.groups import cycle_groups
from engine.collectors.modules.java_order import hashtable_order
from engine.collectors.results import EnrichedKmer, KmerContent
from kernels.collectors.kmers import KMER, KMERS, NEVER, Counts, kmer_text

_MOST_LISTED = 20
_SIGNIFICANT = 0.01
_ENRICHED = 5
# One read in 50 is looked at; FastQC multiplies by this all the same.
_SHOWN_TIMES = 5
_AT_ONCE = 1 << 12

Singles = npt.NDArray[np.float32]


def kmer_content(table: KmerTable) -> KmerContent:
    """The 20 most enriched k-mers, by how much more frequent they are somewhere than over all places."""
    groups = cycle_groups(table.longest - KMER + 1)
    if not len(groups) or not table.totals.any():
        return KmerContent()
    found: dict[str, EnrichedKmer] = {}
    for some in _portions(table):
        found.update(_enriched(some, table.totals, groups))
    ordered = [found[text] for text in _in_java_order(table) if text in found] if found else []
    ordered.sort(key=lambda kmer: -kmer.enrichment)
    return KmerContent(kmers=tuple(ordered[:_MOST_LISTED]))


class _Portion(NamedTuple):
    """Some k-mers: their letters, how often each begins at each place, and k-mers in the read that had it first."""

    letters: Callable[[int], str]
    counts: Counts
    first_positions: Table


def _portions(table: KmerTable) -> Iterator[_Portion]:
    """The usual k-mers together, and odd ones some at a time, for their table is large."""
    yield _Portion(kmer_text, table.counts, table.first_positions)
    odd_ones = iter(table.odd.items())
    while odd := list(islice(odd_ones, _AT_ONCE)):
        counts = np.zeros((len(table.counts), len(odd)), np.int32)
        for column, (_, kmer) in enumerate(odd):
            counts[list(kmer.counts), column] = list(kmer.counts.values())
        letters = [text.decode("latin-1") for text, _ in odd]
        yield _Portion(letters.__getitem__, counts, np.array([kmer.first_positions for _, kmer in odd], np.int64))


def _enriched(some: _Portion, places: Table, groups: list[tuple[int, int]]) -> Iterator[tuple[str, EnrichedKmer]]:
    """Those that are much more frequent somewhere.

    Args:
        some: k-mers.
        places: int64 [positions], k-mers at each place, of all letters.
        groups: see `cycle_groups`.
    """
    counts = some.counts.sum(axis=0, dtype=np.int64)
    hits, totals = _group_sums(some, places, groups)
    shares = counts.astype(np.float32) / np.float32(int(places.sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        enrichment: Singles = hits.astype(np.float32) / (shares * totals.astype(np.float32))
    for number in np.flatnonzero((enrichment > _ENRICHED).any(axis=0)).tolist():
        p_value = _lowest_p_value(enrichment[:, number], hits[:, number], totals[:, number], float(shares[number]))
        if p_value < _SIGNIFICANT:
            highest = int(np.nanargmax(enrichment[:, number]))
            text = some.letters(number)
            yield (
                text,
                EnrichedKmer(
                    sequence=text,
                    count=int(counts[number]) * _SHOWN_TIMES,
                    p_value=p_value,
                    enrichment=float(enrichment[highest, number]),
                    start=groups[highest][0],
                    end=groups[highest][1],
                ),
            )


def _group_sums(some: _Portion, places: Table, groups: list[tuple[int, int]]) -> tuple[Table, Table]:
    """int64 [groups, k-mers], occurrences of each k-mer in each group, and k-mers there."""
    firsts, lasts = (np.array(ends) for ends in zip(*groups, strict=True))
    hits = np.add.reduceat(some.counts[: lasts[-1]], firsts - 1, axis=0, dtype=np.int64)
    # FastQC sums what it has room for: the read in which it first saw the k-mer, or up to the last place where it did.
    numbers = np.arange(1, len(some.counts) + 1)
    last_places = np.max((some.counts > 0) * numbers[:, None], axis=0)
    room = np.maximum(some.first_positions, last_places)
    upto = np.concatenate([[0], np.cumsum(places)])
    totals = upto[np.minimum.outer(lasts, room)] - upto[np.minimum.outer(firsts - 1, room)]
    return hits, totals


def _lowest_p_value(enrichment: Singles, hits: Table, totals: Table, share: float) -> float:
    lowest = np.float32(1)
    for group in np.flatnonzero(enrichment > _ENRICHED):
        chance = probability_above(int(hits[group]), int(totals[group]), share)
        # FastQC takes 1 less the chance of at most so many hits: what that leaves of the digits is part of its result.
        lowest = min(lowest, np.float32((1.0 - (1.0 - chance)) * KMERS))
    return float(lowest)


def _in_java_order(table: KmerTable) -> list[str]:
    usual = np.flatnonzero(table.first_seen != NEVER)
    seen = [
        (since, kmer_text(number))
        for since, number in zip(table.first_seen[usual].tolist(), usual.tolist(), strict=True)
    ]
    seen += [(kmer.first_seen, text.decode("latin-1")) for text, kmer in table.odd.items()]
    return hashtable_order((text for _, text in sorted(seen)), KMERS)
