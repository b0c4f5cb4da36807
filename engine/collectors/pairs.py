"""What the two reads of a pair tell together: how long the insert is, and whether they run past its end."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.base import Kept, Table, added, record_numbers
from engine.collectors.results import PairStatistics
from kernels.overlap import COMPLEMENT, overlaps

EVERY_PAIR = 100_000
"""The first so many pairs of the input are all looked at."""

SAMPLED = 10
"""Of those behind, each whose number is a multiple of this."""

# What makes an overlap: fastp's usual values, as stages of pairs have them too.
_LEAST = 30
_DIFFERENCES = 5
_PERCENT = 20


class PairCounts(Kept):
    """Overlaps of mates, over a sample of the pairs that depends on their numbers alone."""

    _KEPT = ("_sizes", "_pairs", "_past")

    def __init__(self) -> None:
        self._sizes: Table = np.zeros(0, np.int64)
        self._pairs = 0
        self._past = 0

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`; reads without a mate are passed over."""
        if batch.mate is None:
            return
        numbers = record_numbers(batch)
        if numbers.max(initial=0) >= EVERY_PAIR:
            batch = batch.rows((numbers < EVERY_PAIR) | (numbers % SAMPLED == 0))
        mate = batch.mate
        assert mate is not None  # noqa: S101 - rows keep their mates
        offsets, bases, _ = _overlaps(batch, mate).T
        has_overlap = bases > 0
        sizes = (offsets + mate.lengths)[has_overlap]
        longer = np.maximum(batch.lengths, mate.lengths)[has_overlap]
        self._pairs += len(batch)
        self._past += int(np.count_nonzero(sizes < longer))
        self._sizes = added(self._sizes, np.bincount(sizes).astype(np.int64))

    def merge(self, other: PairCounts) -> None:
        """See `Collector.merge`."""
        self._sizes = added(self._sizes, other._sizes)
        self._pairs += other._pairs
        self._past += other._past

    def copy(self) -> PairCounts:
        """See `Collector.copy`."""
        twin = PairCounts()
        twin.merge(self)
        return twin

    def statistics(self) -> PairStatistics:
        """What has been counted so far."""
        sizes = np.flatnonzero(self._sizes)
        counts = self._sizes[sizes]
        overlapping = int(counts.sum())
        middle = int(np.searchsorted(np.cumsum(counts), (overlapping + 1) // 2)) if overlapping else 0
        return PairStatistics(
            pairs=self._pairs,
            overlapping=overlapping,
            read_through=self._past,
            insert_sizes=tuple(sizes.tolist()),
            counts=tuple(counts.tolist()),
            median=int(sizes[middle]) if overlapping else None,
            most_frequent=int(sizes[int(counts.argmax())]) if overlapping else None,
        )


def _overlaps(batch: ReadBatch, mate: ReadBatch) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    """int32 [n_pairs, 3]: offset of the turned mate in the read, bases and differences of the overlap."""
    found = np.empty((len(batch), 3), np.int32)
    overlaps(
        batch.buffer,
        batch.sequence_starts,
        batch.lengths,
        mate.buffer,
        mate.sequence_starts,
        mate.lengths,
        COMPLEMENT,
        _LEAST,
        _DIFFERENCES,
        _PERCENT,
        found,
    )
    return found
