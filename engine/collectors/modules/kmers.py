"""K-mers that are much more frequent at some places than at others.

As in FastQC 0.12.1 (``KmerContent``), in single precision where FastQC uses it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.collectors.kmers import KmerTable
from engine.collectors.modules.binomial import probability_above
from engine.collectors.modules.groups import cycle_groups
from engine.collectors.modules.java_order import hashtable_order
from engine.collectors.results import EnrichedKmer, KmerContent
from kernels.kmers import KMER, KMERS, NEVER, kmer_text

_MOST_LISTED = 20
_SIGNIFICANT = 0.01
_ENRICHED = 5
# One read in 50 is looked at; FastQC multiplies by this all the same.
_SHOWN_TIMES = 5

Singles = npt.NDArray[np.float32]


def kmer_content(table: KmerTable) -> KmerContent:
    """The 20 most enriched k-mers, by how much more frequent they are somewhere than over all places."""
    groups = cycle_groups(table.longest - KMER + 1)
    if not len(groups) or not table.totals.any():
        return KmerContent()
    counts = table.counts.sum(axis=0, dtype=np.int64)
    hits, totals = _group_sums(table, groups)
    shares = counts.astype(np.float32) / np.float32(int(table.totals.sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        enrichment: Singles = hits.astype(np.float32) / (shares * totals.astype(np.float32))
    found: dict[int, EnrichedKmer] = {}
    for number in np.flatnonzero((enrichment > _ENRICHED).any(axis=0)).tolist():
        p_value = _lowest_p_value(enrichment[:, number], hits[:, number], totals[:, number], float(shares[number]))
        if p_value < _SIGNIFICANT:
            highest = int(np.nanargmax(enrichment[:, number]))
            found[number] = EnrichedKmer(
                sequence=kmer_text(number),
                count=int(counts[number]) * _SHOWN_TIMES,
                p_value=p_value,
                enrichment=float(enrichment[highest, number]),
                start=groups[highest][0],
                end=groups[highest][1],
            )
    ordered = [found[number] for number in _in_java_order(table.first_seen) if number in found] if found else []
    ordered.sort(key=lambda kmer: -kmer.enrichment)
    return KmerContent(kmers=tuple(ordered[:_MOST_LISTED]))


def _group_sums(table: KmerTable, groups: list[tuple[int, int]]) -> tuple[Table, Table]:
    """int64 [groups, 4^7], occurrences of each k-mer in each group, and k-mers there."""
    firsts, lasts = (np.array(ends) for ends in zip(*groups, strict=True))
    hits = np.add.reduceat(table.counts[: lasts[-1]], firsts - 1, axis=0, dtype=np.int64)
    # FastQC sums what it has room for: the read in which it first saw the k-mer, or up to the last place where it did.
    places = np.arange(1, len(table.counts) + 1)
    last_places = np.max((table.counts > 0) * places[:, None], axis=0)
    room = np.maximum(table.first_positions, last_places)
    upto = np.concatenate([[0], np.cumsum(table.totals)])
    totals = upto[np.minimum.outer(lasts, room)] - upto[np.minimum.outer(firsts - 1, room)]
    return hits, totals


def _lowest_p_value(enrichment: Singles, hits: Table, totals: Table, share: float) -> float:
    lowest = np.float32(1)
    for group in np.flatnonzero(enrichment > _ENRICHED):
        chance = probability_above(int(hits[group]), int(totals[group]), share)
        # FastQC takes 1 less the chance of at most so many hits: what that leaves of the digits is part of its result.
        lowest = min(lowest, np.float32((1.0 - (1.0 - chance)) * KMERS))
    return float(lowest)


def _in_java_order(first_seen: Table) -> list[int]:
    seen = [int(number) for number in np.argsort(first_seen, kind="stable") if first_seen[number] != NEVER]
    numbers = {kmer_text(number): number for number in seen}
    return [numbers[text] for text in hashtable_order(numbers, KMERS)]
