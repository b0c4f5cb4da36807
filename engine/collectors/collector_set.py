"""All that one worker counts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.batch import ReadBatch
from engine.collectors.base import Collector
from engine.collectors.bases import BaseCounts
from engine.collectors.gc import GcClaims
from engine.collectors.lengths import LengthCounts
from engine.collectors.qualities import QualityCounts, ReadQualities


class CollectorSet:
    """One collector of each kind; a collector itself."""

    def __init__(self) -> None:
        self.lengths = LengthCounts()
        self.bases = BaseCounts()
        self.qualities = QualityCounts()
        self.read_qualities = ReadQualities()
        self.gc = GcClaims()

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        for collector in self._all():
            collector.add(batch)

    def merge(self, other: CollectorSet) -> None:
        """See `Collector.merge`."""
        for mine, theirs in zip(self._all(), other._all(), strict=True):
            mine.merge(theirs)

    def copy(self) -> CollectorSet:
        """See `Collector.copy`."""
        twin = CollectorSet()
        vars(twin).update({name: collector.copy() for name, collector in vars(self).items()})
        return twin

    def _all(self) -> Iterator[Collector]:
        return iter(vars(self).values())
