"""The sum of each read's qualities, for all collectors that need it."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Table
from kernels.reads import quality_sums


class QualitySums:
    """Sums of quality characters, worked out once for all collectors of a set that look at the same batch."""

    def __init__(self) -> None:
        self._batch: ReadBatch | None = None
        self._sums: Table = np.zeros(0, np.int64)

    def of(self, batch: ReadBatch) -> Table:
        """int64 [n_reads], the sum of each read's quality characters; the offset of 33 is still in them."""
        if batch is not self._batch:
            self._sums = np.empty(len(batch), np.int64)
            quality_sums(batch.buffer, batch.quality_starts, batch.lengths, self._sums)
            self._batch = batch
        return self._sums
