"""Reads by length."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Kept, Table, added, grown
from kernels.collectors.histograms import length_counts


class LengthCounts(Kept):
    """Reads by length in bases; from it come the number of reads, of bases, and of reads that reach a cycle."""

    _KEPT = ("_table",)

    def __init__(self) -> None:
        self._table: Table = np.zeros(1, np.int64)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        self._table = grown(self._table, batch.longest + 1)
        length_counts(batch.lengths, self._table)

    def merge(self, other: LengthCounts) -> None:
        """See `Collector.merge`."""
        self._table = added(self._table, other._table)

    def copy(self) -> LengthCounts:
        """See `Collector.copy`."""
        twin = LengthCounts()
        twin._table = self._table.copy()
        return twin

    def counts(self) -> Table:
        """int64 [longest + 1], reads by length; ``[0]`` alone when there are no reads."""
        used = np.flatnonzero(self._table)
        return self._table[: int(used[-1]) + 1 if len(used) else 1]
