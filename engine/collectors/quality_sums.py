"""What each read's qualities add up to, for all collectors that need it."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Table
from kernels.collectors.few_qualities import few_quality_error_sums, nothing_known
from kernels.collectors.quality_sums import PAIR_SUMS, quality_error_sums
from kernels.collectors.reads import quality_sums


class QualitySums:
    """Sums of quality characters and of chances of error, worked out once for all collectors of a set.

    They are those of the batch that was last asked for. The chances of error take longer by far, and where a device
    counts them nobody asks for them here: what was asked for the batch before is worked out for the next one at once.
    """

    def __init__(self) -> None:
        self._batch: ReadBatch | None = None
        self._sums: Table = np.zeros(0, np.int64)
        self._errors: Table | None = None
        self._wants_errors = True
        self._known = nothing_known()

    def of(self, batch: ReadBatch) -> Table:
        """int64 [n_reads], the sum of each read's quality characters; the offset of 33 is still in them."""
        if batch is not self._batch:
            if self._wants_errors:
                self._see(batch)
            else:
                self._sums, self._errors = np.empty(len(batch), np.int64), None
                quality_sums(batch.buffer, batch.quality_starts, batch.lengths, self._sums)
            self._batch, self._wants_errors = batch, False
        return self._sums

    def errors_of(self, batch: ReadBatch) -> Table:
        """int64 [n_reads], the sum of each read's chances of error, in units of `ERROR_UNITS`."""
        self._wants_errors = True
        if batch is self._batch and self._errors is not None:
            return self._errors
        self._batch = batch
        return self._see(batch)

    def _see(self, batch: ReadBatch) -> Table:
        self._sums, self._errors = np.empty((2, len(batch)), np.int64)
        starts, lengths, sums, errors = batch.quality_starts, batch.lengths, self._sums, self._errors
        done = few_quality_error_sums(batch.buffer, starts, lengths, self._known, sums, errors)
        if done < len(batch):
            rest = slice(done, None)
            quality_error_sums(batch.buffer, starts[rest], lengths[rest], PAIR_SUMS, sums[rest], errors[rest])
        return errors
