"""Reads by length."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Groups, Kept, Table, added, grown, like
from engine.errors import CheckpointError
from kernels.collectors.histograms import length_counts

NEAR = 1 << 20
"""Lengths below this have a place in a table; longer reads are few."""


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """Which lengths there are, and how many reads have each.

    Attributes:
        bases: int64 [n], ascending.
        reads: int64 [n], of each length; one at least.
    """

    bases: Table
    reads: Table

    @property
    def longest(self) -> int:
        """Bases of the longest read, 0 without reads."""
        return int(self.bases[-1]) if len(self.bases) else 0

    def by_group(self, groups: Groups) -> Table:
        """int64 [n_groups], bases in each group of cycles, which follow one another from the first cycle on."""
        ends = np.array([0, *(last for _, last in groups)])
        shorter = np.searchsorted(self.bases, ends, side="right")
        bases, reads = (np.concatenate([[0], np.cumsum(each)]) for each in (self.bases * self.reads, self.reads))
        found: Table = np.diff(bases[shorter] + ends * (reads[-1] - reads[shorter]))
        return found


class LengthCounts(Kept):
    """Reads by length in bases; from it come the number of reads, of bases, and of reads that reach a cycle."""

    _KEPT = ("_table",)

    def __init__(self) -> None:
        self._table: Table = np.zeros(1, np.int64)
        self._far: Counter[int] = Counter()

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        lengths, longest = batch.lengths, batch.longest
        if longest >= NEAR:
            self._far.update(lengths[lengths >= NEAR].tolist())
            lengths = lengths[lengths < NEAR]
            longest = int(lengths.max(initial=0))
        self._table = grown(self._table, longest + 1)
        length_counts(lengths, self._table)

    def merge(self, other: LengthCounts) -> None:
        """See `Collector.merge`."""
        self._table = added(self._table, other._table)
        self._far.update(other._far)

    def copy(self) -> LengthCounts:
        """See `Collector.copy`."""
        twin = LengthCounts()
        twin._table, twin._far = self._table.copy(), self._far.copy()
        return twin

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "far": self._long_reads()}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        super().restore(state)
        far = like(self._long_reads(), state.get("far"))
        if len(far) != 2 or (far[0] < NEAR).any() or (far[1] < 1).any():
            raise CheckpointError("it counts reads of lengths that it cannot have.")
        self._far = Counter(dict(zip(*far.tolist(), strict=True)))

    def counts(self) -> Lengths:
        """What has been counted."""
        used, far = np.flatnonzero(self._table), self._long_reads()
        return Lengths(np.concatenate([used, far[0]]), np.concatenate([self._table[used], far[1]]))

    def _long_reads(self) -> Table:
        """int64 [2, n], lengths from `NEAR` on, ascending, and reads of each."""
        return np.array(sorted(self._far.items()), np.int64).reshape(-1, 2).T.copy()
