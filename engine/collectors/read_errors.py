"""Reads by length and by mean quality from the chances of error."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Kept, Table
from engine.collectors.quality_sums import QualitySums
from kernels.collectors.read_errors import (
    ERROR_UNITS,
    LENGTH_STARTS,
    QUALITY_GUESSES,
    length_quality_counts,
)
from kernels.qualities import QUALITIES


class ReadErrors(Kept):
    """Reads by length, in bins that grow with it, and by mean quality from the chances of error, rounded down.

    Empty reads have none and are left out.

    Args:
        sums: shared by the collectors of one worker.
    """

    _KEPT = ("counts",)

    def __init__(self, sums: QualitySums | None = None) -> None:
        self._sums = sums or QualitySums()
        self.counts: Table = np.zeros((len(LENGTH_STARTS), QUALITIES), np.int64)
        """int64 [len(LENGTH_STARTS), 94], reads by bin of length and Phred quality."""

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        sums = self._sums.errors_of(batch)
        length_quality_counts(sums, batch.lengths, ERROR_UNITS, QUALITY_GUESSES, LENGTH_STARTS, self.counts)

    def merge(self, other: ReadErrors) -> None:
        """See `Collector.merge`."""
        self.counts += other.counts

    def copy(self) -> ReadErrors:
        """See `Collector.copy`."""
        twin = ReadErrors()
        twin.counts = self.counts.copy()
        return twin
