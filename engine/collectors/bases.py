"""Bases by cycle."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Counters, Groups, Kept, Table, added, counters, grown, like, longest_first
from kernels.collectors.bases import BASES
from kernels.collectors.far_bases import far_base_counts
from kernels.collectors.probes import FAR_STEP, NEAR
from kernels.select import base_counts
from kernels.vectors import LANES

_NARROW = 2**32 - 1
"""The most that a narrow counter holds."""


class BaseCounts(Kept):
    """A, C, G, T and N, either case, by cycle; in 32 bits a counter, and in 64 from 4 billion reads on.

    From cycle `NEAR` on they are counted by thousands of cycles: where reads are so long, no group of cycles ends
    within a thousand, see `cycle_groups`.
    """

    _KEPT = ("_blocks", "_far")

    def __init__(self) -> None:
        self._blocks: Counters = np.zeros((0, len(BASES), LANES), np.uint32)
        self._most = 0  # no counter is above this
        self._far: Table = np.zeros((0, len(BASES)), np.int64)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        longest = batch.longest
        self._make_room(-(-min(longest, NEAR) // LANES), len(batch))
        starts, lengths = longest_first(batch.sequence_starts, batch.lengths)
        if longest <= NEAR:
            base_counts(batch.buffer, starts, lengths, self._blocks)
            return
        base_counts(batch.buffer, starts, np.minimum(lengths, np.int32(NEAR)), self._blocks)
        self._far = grown(self._far, longest // FAR_STEP + 1)
        long = int(np.searchsorted(-lengths, -NEAR, side="left"))
        far_base_counts(batch.buffer, starts[:long], lengths[:long], NEAR, FAR_STEP, self._far)

    def merge(self, other: BaseCounts) -> None:
        """See `Collector.merge`."""
        self._make_room(len(other._blocks), other._most)
        mine = self._blocks[: len(other._blocks)]
        np.add(mine, other._blocks, out=mine, casting="unsafe")  # there is room for it
        self._far = added(self._far, other._far)

    def copy(self) -> BaseCounts:
        """See `Collector.copy`."""
        twin = BaseCounts()
        twin._blocks, twin._most = self._blocks.copy(), self._most
        twin._far = self._far.copy()
        return twin

    def restore(self, state: State) -> None:
        """See `Collector.restore`; tables of either width will do."""
        self._blocks = counters(self._blocks, state.get("blocks"), np.int64)
        self._far = like(self._far, state.get("far"))
        self._most = int(self._blocks.max(initial=0))

    def totals(self) -> Table:
        """int64 [5], bases in the order A, C, G, T, N."""
        totals: Table = self._blocks.sum(axis=(0, 2), dtype=np.int64) + self._far.sum(axis=0)
        return totals

    def by_group(self, groups: Groups) -> Table:
        """int64 [5, n_groups], bases of each group of cycles, rows in the order A, C, G, T, N.

        Args:
            groups: see `cycle_groups`, all of them up to the longest read.
        """
        cycles = min(groups[-1][1], NEAR) if groups else 0
        near = self._blocks[: -(-cycles // LANES)].transpose(1, 0, 2).reshape(len(BASES), -1)
        sums: Table = np.zeros((len(BASES), len(groups)), np.int64)
        for number, (first, last) in enumerate(groups):
            sums[:, number] = near[:, first - 1 : last].sum(axis=1, dtype=np.int64)
            if last > NEAR:
                sums[:, number] += self._far[first // FAR_STEP : last // FAR_STEP + 1].sum(axis=0)
        return sums

    def _make_room(self, blocks: int, more: int) -> None:
        """Counters for so many blocks of cycles, each of which may be raised by so much."""
        self._most += more
        kind = self._blocks.dtype if self._most <= _NARROW else np.dtype(np.int64)
        before = len(self._blocks)
        if blocks > before or kind != self._blocks.dtype:
            larger = np.zeros((max(blocks, 2 * before if blocks > before else before), len(BASES), LANES), kind)
            larger[:before] = self._blocks
            self._blocks = larger
