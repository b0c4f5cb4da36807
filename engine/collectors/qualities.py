"""Base qualities by cycle, and reads by mean quality."""

from __future__ import annotations

import numpy as np

from engine.batch import Bytes, Column, ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, grown, longest_first, part
from engine.collectors.far_qualities import FarQualityCounts, ranks_of
from engine.collectors.quality_sums import QualitySums
from kernels.collectors.few_qualities import few_quality_counts, nothing_known
from kernels.collectors.histograms import mean_quality_counts
from kernels.qualities import COLUMNS, QUALITIES, quality_counts

BLOCK = 512
"""Cycles that change to wide counters together; reads up to this length are in any order, see `longest_first`."""

NEAR_MOST = 64 * BLOCK
"""Cycles that have wide counters at most."""

_NARROW = 255


class QualityCounts(Kept):
    """Base qualities by cycle, in memory bounded by the longest read.

    Only few reads reach the far cycles of long reads, so that narrow counters are enough there, for the qualities that
    occur; once more than 255 reads reach a block of cycles, it moves over to wide counters, up to `NEAR_MOST`.
    """

    _KEPT = ("_near", "_reaching", "_longest")

    def __init__(self) -> None:
        self._near: Table = np.zeros((BLOCK, COLUMNS), np.int64)
        self._far = FarQualityCounts()  # what it has of cycles below len(self._near) is void
        self._reaching: Table = np.zeros(1, np.int64)
        self._longest = 0
        self._known = nothing_known()

    @property
    def nbytes(self) -> int:
        """Memory that the counters take."""
        return self._near.nbytes + self._far.nbytes

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "far": self._far.state()}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        super().restore(state)
        self._far.restore(part(state, "far"))

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
            self._count_near(batch.buffer, starts, lengths)
        else:
            self._count_near(batch.buffer, starts, np.minimum(lengths, np.int32(near)))
            long = int(np.searchsorted(-lengths, -near, side="left"))
            self._far.add(batch.buffer, starts[:long], lengths[:long], near)

    def _count_near(self, buffer: Bytes, starts: Column, lengths: Column) -> None:
        done = few_quality_counts(buffer, starts, lengths, self._known, self._near)
        if done < len(starts):
            quality_counts(buffer, starts[done:], lengths[done:], self._near)

    def merge(self, other: QualityCounts) -> None:
        """See `Collector.merge`."""
        self._make_room(other._longest, other._reaching, len(other._near))
        mine, theirs = len(self._near), len(other._near)
        self._near[:theirs] += other._near
        moved = other._far.rows(theirs, mine)
        self._near[theirs : theirs + len(moved)] += moved
        if other._longest > mine:
            self._far.merge(other._far)

    def copy(self) -> QualityCounts:
        """See `Collector.copy`."""
        twin = QualityCounts()
        twin._near, twin._far = self._near.copy(), self._far.copy()
        twin._reaching, twin._longest = self._reaching.copy(), self._longest
        return twin

    def rows(self, first: int, last: int) -> Table:
        """int64 [last - first, 94], bases of cycles first .. last - 1 (from 0) by Phred quality 0..93."""
        counts = np.zeros((last - first, QUALITIES), np.int64)
        near = self._near[first:last, :QUALITIES]
        counts[: len(near)] = near
        far = self._far.rows(max(first, len(self._near)), last)[:, :QUALITIES]
        counts[len(near) : len(near) + len(far)] = far
        return counts

    def ranks(self, first: int, last: int, percents: Table, enough: int) -> tuple[Table, Table, Table]:
        """What the qualities of cycles first .. last - 1 come to.

        Args:
            first: cycle, from 0.
            last: likewise.
            percents: int64 [n], see `quality_ranks`.
            enough: cycles with so many bases or fewer may go without percentiles.

        Returns:
            int64 [last - first], bases, int64 [last - first], the sum of their qualities, and int64 [n, last - first],
            the quality at each share of the bases.
        """
        near = min(max(len(self._near), first), last)
        close = ranks_of(self._near[first:near, :QUALITIES], percents)
        if near == last:
            return close
        totals, sums, firsts = (
            np.concatenate(both, axis=-1)
            for both in zip(close, self._far.ranks(near, last, percents, enough), strict=True)
        )
        return totals, sums, firsts

    def totals(self) -> Table:
        """int64 [94], bases by Phred quality 0..93."""
        totals: Table = self._near[:, :QUALITIES].sum(axis=0) + self._far.totals(len(self._near))
        return totals

    def _make_room(self, longest: int, reaching: Table, near: int = 0) -> None:
        """Counters for reads of `longest` bases, of which `reaching[i]` reach block i; wide up to `near`."""
        self._longest = max(self._longest, longest)
        self._reaching = grown(self._reaching, len(reaching))
        self._reaching[: len(reaching)] += reaching
        wide = max(near, min(BLOCK * int(np.count_nonzero(self._reaching > _NARROW)), NEAR_MOST))
        if wide > len(self._near):
            self._widen(wide)
        if longest > len(self._near):
            self._far.make_room(longest)

    def _widen(self, cycles: int) -> None:
        old = len(self._near)
        # Half as much again: a block at a time would copy all the wide counters for each.
        ceiling = max(cycles, min(-(-self._longest // BLOCK) * BLOCK, NEAR_MOST))
        near = np.zeros((max(cycles, min(old * 3 // 2 // BLOCK * BLOCK, ceiling)), COLUMNS), np.int64)
        near[:old] = self._near
        moved = self._far.rows(old, len(near))
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
