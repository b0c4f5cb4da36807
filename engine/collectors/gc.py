"""Reads by share of G and C."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.batch import ReadBatch
from engine.collectors.base import Kept, Table, added, grown
from kernels.collectors.histograms import PERCENTS, gc_claims, gc_class_length
from kernels.collectors.reads import gc_counts

_PORTION = 1 << 16
"""Numbers that are looked at together: of a read of millions of bases there are as many."""


class GcClaims(Kept):
    """How many reads claim each percent of GC, by length of the model they are held to."""

    _KEPT = ("_table",)

    def __init__(self) -> None:
        self._table: Table = np.zeros((0, PERCENTS), np.int64)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        # At least one more than the longest read's gc_class, which plain Python would have to compile first.
        self._table = grown(self._table, batch.longest // 1000 + 110 if batch.longest > 100 else 101)
        gc = np.empty(len(batch), np.int32)
        gc_counts(batch.buffer, batch.sequence_starts, batch.lengths, gc)
        gc_claims(gc, batch.lengths, self._table)

    def merge(self, other: GcClaims) -> None:
        """See `Collector.merge`."""
        self._table = added(self._table, other._table)

    def copy(self) -> GcClaims:
        """See `Collector.copy`."""
        twin = GcClaims()
        twin._table = self._table.copy()
        return twin

    def distribution(self) -> npt.NDArray[np.float64]:
        """float64 [101], reads by percent of GC; a read between two bins counts in part for each."""
        bins = np.zeros(PERCENTS)
        for number in np.flatnonzero(self._table.any(axis=1)):
            bins += self._table[number] / _claims(gc_class_length(int(number)))
        return bins


@lru_cache(maxsize=4096)
def _claims(length: int) -> npt.NDArray[np.float64]:
    """How many numbers of GC bases can claim each percent in a read of `length`; at least 1."""
    ends = np.zeros(PERCENTS + 1, np.int64)
    for first in range(0, length + 1, _PORTION):
        counts = np.arange(first, min(first + _PORTION, length + 1))
        low = np.floor(np.maximum(counts - 0.5, 0.0) * 100 / length + 0.5).astype(np.int64)
        high = np.floor(np.minimum(counts + 0.5, float(length)) * 100 / length + 0.5).astype(np.int64)
        ends += np.bincount(low, minlength=PERCENTS + 1) - np.bincount(high + 1, minlength=PERCENTS + 1)
    return np.maximum(np.cumsum(ends)[:PERCENTS], 1).astype(np.float64)
