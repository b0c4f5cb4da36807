"""Bases by cycle."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Kept, Table, added, grown, longest_first
from kernels.bases import BASES
from kernels.select import base_counts
from kernels.vectors import LANES


class BaseCounts(Kept):
    """A, C, G, T and N, either case, by cycle."""

    _KEPT = ("_blocks",)

    def __init__(self) -> None:
        self._blocks: Table = np.zeros((0, len(BASES), LANES), np.int64)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        self._blocks = grown(self._blocks, -(-batch.longest // LANES))
        starts, lengths = longest_first(batch.sequence_starts, batch.lengths)
        base_counts(batch.buffer, starts, lengths, self._blocks)

    def merge(self, other: BaseCounts) -> None:
        """See `Collector.merge`."""
        self._blocks = added(self._blocks, other._blocks)

    def copy(self) -> BaseCounts:
        """See `Collector.copy`."""
        twin = BaseCounts()
        twin._blocks = self._blocks.copy()
        return twin

    def table(self, cycles: int) -> Table:
        """int64 [5, cycles], rows in the order A, C, G, T, N."""
        flat = self._blocks.transpose(1, 0, 2).reshape(len(BASES), -1)[:, :cycles]
        return np.pad(flat, ((0, 0), (0, cycles - flat.shape[1])))
