"""Words of seven bases by position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, added, grown, part, record_numbers
from engine.collectors.odd_kmers import OddKmer, OddKmers
from kernels.collectors.kmers import KMER, KMERS, MOST_BASES, NEVER, SAMPLE_STEP, Counts, kmer_counts


@dataclass(frozen=True, slots=True, eq=False)
class KmerTable:
    """K-mers of one read in 50.

    Attributes:
        counts: int32 [positions, 4^7], by the position where a k-mer begins, from 0, and its number.
        totals: int64 [positions], k-mers without N.
        first_seen: int64 [4^7], ascending in the order in which k-mers were first seen.
        first_positions: int64 [4^7], k-mers in the read where each was first seen.
        longest: bases of the longest read looked at, at most 500.
        odd: k-mers that hold other letters, by these; see `OddKmers`.
    """

    counts: Counts
    totals: Table
    first_seen: Table
    first_positions: Table
    longest: int
    odd: dict[bytes, OddKmer]


class KmerCounts(Kept):
    """K-mers by position, of one read in 50 and its first 500 bases."""

    _KEPT = ("_counts", "_totals", "_first_seen", "_first_positions", "_longest")

    def __init__(self) -> None:
        self._counts: Counts = np.zeros((0, KMERS), np.int32)
        self._totals: Table = np.zeros(0, np.int64)
        self._first_seen: Table = np.full(KMERS, NEVER, np.int64)
        self._first_positions: Table = np.zeros(KMERS, np.int64)
        self._longest = 0
        self._odd = OddKmers()

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        indices = record_numbers(batch)
        rows = np.flatnonzero((indices + 1) % SAMPLE_STEP == 0)
        self._longest = max(self._longest, min(int(batch.lengths[rows].max(initial=0)), MOST_BASES))
        self._odd.add(batch, rows, indices[rows])
        self._make_room(max(0, self._longest - KMER + 1))
        kmer_counts(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            indices,
            self._counts,
            self._totals,
            self._first_seen,
            self._first_positions,
        )

    def _make_room(self, positions: int) -> None:
        self._totals = grown(self._totals, positions)
        if positions > len(self._counts):
            counts = np.zeros((positions, KMERS), np.int32)
            counts[: len(self._counts)] = self._counts
            self._counts = counts

    def merge(self, other: KmerCounts) -> None:
        """See `Collector.merge`."""
        self._make_room(len(other._counts))
        self._counts[: len(other._counts)] += other._counts
        self._totals = added(self._totals, other._totals)
        earlier = other._first_seen < self._first_seen
        self._first_seen = np.where(earlier, other._first_seen, self._first_seen)
        self._first_positions = np.where(earlier, other._first_positions, self._first_positions)
        self._longest = max(self._longest, other._longest)
        self._odd.merge(other._odd)

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "odd": self._odd.state()}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        super().restore(state)
        self._odd.restore(part(state, "odd"))

    def copy(self) -> KmerCounts:
        """See `Collector.copy`."""
        twin = KmerCounts()
        twin._counts, twin._totals = self._counts.copy(), self._totals.copy()
        twin._first_seen, twin._first_positions = self._first_seen.copy(), self._first_positions.copy()
        twin._longest = self._longest
        twin._odd = self._odd.copy()
        return twin

    def table(self) -> KmerTable:
        """The counts."""
        positions = len(self._counts)
        return KmerTable(
            self._counts,
            self._totals[:positions],
            self._first_seen,
            self._first_positions,
            self._longest,
            self._odd.found,
        )
