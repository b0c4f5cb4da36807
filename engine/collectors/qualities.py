"""Base qualities by cycle, and reads by mean quality."""

from __future__ import annotations

import numpy as np

from engine.batch import Bytes, ReadBatch
from engine.collectors.base import Kept, Table, grown, longest_first
from engine.collectors.quality_sums import QualitySums
from kernels.histograms import mean_quality_counts
from kernels.qualities import COLUMNS, QUALITIES, far_quality_counts, quality_counts

BLOCK = 512
"""Cycles that change to wide counters together; reads up to this length are in any order, see `longest_first`."""

_NARROW = 255


class QualityCounts(Kept):
    """Base qualities by cycle, in memory bounded by the longest read.

    Only few reads reach the far cycles of long reads, so that a byte is enough for a count there;
    once more than 255 reads reach a block of cycles, it moves over to wide counters. Reads of a
    million bases thereby cost 100 MB and not 800.
    """

    _KEPT = ("_near", "_far", "_reaching", "_longest")

    def __init__(self) -> None:
        self._near: Table = np.zeros((BLOCK, COLUMNS), np.int64)
        self._far: Bytes = np.zeros((0, COLUMNS), np.uint8)  # rows below len(self._near) are unused
        self._reaching: Table = np.zeros(1, np.int64)
        self._longest = 0

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        starts, lengths = longest_first(batch.quality_starts, batch.lengths)
        longest = batch.longest
        blocks = -(-longest // BLOCK)
        if blocks > 1:  # then longest first; how many are longer than 0, BLOCK, 2 * BLOCK ..
            reaching = np.searchsorted(-lengths, np.arange(0, -longest, -BLOCK), side="left")
        else:
            reaching = np.full(blocks, len(lengths))
        self._make_room(longest, reaching)
        near = len(self._near)
        if longest <= near:
            quality_counts(batch.buffer, starts, lengths, self._near)
        else:
            quality_counts(batch.buffer, starts, np.minimum(lengths, np.int32(near)), self._near)
            long = int(np.searchsorted(-lengths, -near, side="left"))
            far_quality_counts(batch.buffer, starts[:long], lengths[:long], near, self._far)

    def merge(self, other: QualityCounts) -> None:
        """See `Collector.merge`."""
        self._make_room(other._longest, other._reaching, len(other._near))
        mine, theirs, end = len(self._near), len(other._near), other._longest
        self._near[:theirs] += other._near
        self._near[theirs : max(min(mine, end), theirs)] += other._far[theirs : min(mine, end)]
        self._far[mine:end] += other._far[mine:end]

    def copy(self) -> QualityCounts:
        """See `Collector.copy`."""
        twin = QualityCounts()
        twin.merge(self)
        return twin

    def rows(self, first: int, last: int) -> Table:
        """int64 [last - first, 94], bases of cycles first .. last - 1 (from 0) by Phred quality 0..93."""
        counts = np.zeros((last - first, QUALITIES), np.int64)
        near = self._near[first:last, :QUALITIES]
        counts[: len(near)] = near
        far = self._far[max(first, len(self._near)) : last, :QUALITIES]
        counts[len(near) : len(near) + len(far)] = far
        return counts

    def totals(self) -> Table:
        """int64 [94], bases by Phred quality 0..93."""
        far = self._far[len(self._near) : self._longest, :QUALITIES]
        totals: Table = self._near[:, :QUALITIES].sum(axis=0) + far.sum(axis=0, dtype=np.int64)
        return totals

    def _make_room(self, longest: int, reaching: Table, near: int = 0) -> None:
        """Counters for reads of `longest` bases, of which `reaching[i]` reach block i; wide up to `near`."""
        self._longest = max(self._longest, longest)
        self._reaching = grown(self._reaching, len(reaching))
        self._reaching[: len(reaching)] += reaching
        wide = max(near, BLOCK * int(np.count_nonzero(self._reaching > _NARROW)))
        if wide > len(self._near):
            self._widen(wide)
        if longest > len(self._near) and longest > len(self._far):
            far = np.zeros((max(longest, 2 * len(self._far)), COLUMNS), np.uint8)
            used = slice(len(self._near), len(self._far))
            far[used] = self._far[used]
            self._far = far

    def _widen(self, cycles: int) -> None:
        old = len(self._near)
        # Half as much again: a block at a time would copy all the wide counters for each.
        ceiling = max(cycles, -(-self._longest // BLOCK) * BLOCK)
        near = np.zeros((max(cycles, min(old * 3 // 2 // BLOCK * BLOCK, ceiling)), COLUMNS), np.int64)
        near[:old] = self._near
        moved = self._far[old : len(near)]
        near[old : old + len(moved)] = moved
        self._near = near


class ReadQualities(Kept):
    """Reads by mean quality, rounded down. Empty reads have none and are left out.

    Args:
        sums: shared by the collectors of one worker.
    """

    _KEPT = ("counts",)

    def __init__(self, sums: QualitySums | None = None) -> None:
        self._sums = sums or QualitySums()
        self.counts: Table = np.zeros(QUALITIES, np.int64)
        """int64 [94], reads by Phred quality."""

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        mean_quality_counts(self._sums.of(batch), batch.lengths, self.counts)

    def merge(self, other: ReadQualities) -> None:
        """See `Collector.merge`."""
        self.counts += other.counts

    def copy(self) -> ReadQualities:
        """See `Collector.copy`."""
        twin = ReadQualities()
        twin.counts = self.counts.copy()
        return twin
