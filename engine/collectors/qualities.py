"""Base qualities by cycle, and reads by mean quality."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Table, added, grown, longest_first
from kernels.histograms import mean_quality_counts
from kernels.qualities import COLUMNS, QUALITIES, quality_counts
from kernels.reads import quality_sums


class QualityCounts:
    """Base qualities by cycle."""

    def __init__(self) -> None:
        self._table: Table = np.zeros((0, COLUMNS), np.int64)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        self._table = grown(self._table, batch.longest)
        starts, lengths = longest_first(batch.quality_starts, batch.lengths)
        quality_counts(batch.buffer, starts, lengths, self._table)

    def merge(self, other: QualityCounts) -> None:
        """See `Collector.merge`."""
        self._table = added(self._table, other._table)

    def copy(self) -> QualityCounts:
        """See `Collector.copy`."""
        twin = QualityCounts()
        twin._table = self._table.copy()
        return twin

    def table(self, cycles: int) -> Table:
        """int64 [cycles, 94], bases by cycle and Phred quality 0..93."""
        counts = self._table[:cycles, :QUALITIES]
        return np.pad(counts, ((0, cycles - len(counts)), (0, 0)))


class ReadQualities:
    """Reads by mean quality, rounded down. Empty reads have none and are left out."""

    def __init__(self) -> None:
        self.counts: Table = np.zeros(QUALITIES, np.int64)
        """int64 [94], reads by Phred quality."""

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        sums = np.empty(len(batch), np.int64)
        quality_sums(batch.buffer, batch.quality_starts, batch.lengths, sums)
        mean_quality_counts(sums, batch.lengths, self.counts)

    def merge(self, other: ReadQualities) -> None:
        """See `Collector.merge`."""
        self.counts += other.counts

    def copy(self) -> ReadQualities:
        """See `Collector.copy`."""
        twin = ReadQualities()
        twin.counts = self.counts.copy()
        return twin
