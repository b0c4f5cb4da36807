"""All that one worker counts."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.adapters import AdapterHits
from engine.collectors.base import Collector, part
from engine.collectors.bases import BaseCounts
from engine.collectors.gc import GcClaims
from engine.collectors.key_ledger import KeyLedger
from engine.collectors.kmers import KmerCounts
from engine.collectors.known_sequences import KnownSequence, default_adapters
from engine.collectors.lengths import LengthCounts
from engine.collectors.nanopore import NanoporeNames, NanoporeYield
from engine.collectors.qualities import QualityCounts, ReadQualities
from engine.collectors.quality_sums import QualitySums
from engine.collectors.read_errors import ReadErrors
from engine.collectors.sequence_keys import SequenceKeys
from engine.collectors.tile_field import TileField
from engine.collectors.tile_yield import TileYield
from engine.collectors.tiles import TileQualities
from engine.errors import CheckpointError


@dataclass(frozen=True, slots=True)
class CollectorOptions:
    """What is counted.

    Attributes:
        adapters: sequences to look for, by a probe each.
        kmers: count k-mers too; costs memory, and tells little that the other modules do not.
    """

    adapters: tuple[KnownSequence, ...] = field(default_factory=default_adapters)
    kmers: bool = False


class CollectorSet:
    """One collector of each kind; a collector itself.

    A set made without arguments stands alone: all batches of a file go to it. For several workers
    see `collector_sets`.

    Args:
        options: what is counted.
        ledger: what the sets of a run share to keep sequences in file order.
        tile_field: what they share to know where the tile stands in headers.
        nanopore_names: what they share to know whether headers tell channels and times.
    """

    def __init__(
        self,
        options: CollectorOptions | None = None,
        ledger: KeyLedger | None = None,
        tile_field: TileField | None = None,
        nanopore_names: NanoporeNames | None = None,
    ) -> None:
        options = options or CollectorOptions()
        tile_field, sums = tile_field or TileField(), QualitySums()
        # In the order in which they count. A batch has to come from memory to whoever looks at it first: least is lost
        # where that one has so much to work out meanwhile as these two, the first for qualities, the second for bases.
        self.read_qualities = ReadQualities(sums)
        self.adapters = AdapterHits(options.adapters)
        self.lengths = LengthCounts()
        self.bases = BaseCounts()
        self.qualities = QualityCounts()
        self.read_errors = ReadErrors(sums)
        self.gc = GcClaims()
        self.keys = SequenceKeys(ledger)
        # All headers before one in ten: these alone would be waited for one by one, where nobody counted before.
        self.tile_yield = TileYield(tile_field, sums)
        self.tiles = TileQualities(tile_field)
        self.nanopore = NanoporeYield(nanopore_names, sums)
        self.kmers = KmerCounts() if options.kmers else None

    def add(self, batch: ReadBatch, elsewhere: Collection[str] = ()) -> None:
        """See `Collector.add`.

        Args:
            batch: to count.
            elsewhere: collectors, by attribute, that get its counts in another way, or by `add_to`.
        """
        for name, collector in self._named():
            if name not in elsewhere:
                collector.add(batch)

    def add_to(self, batch: ReadBatch, names: Collection[str]) -> None:
        """Has only these collectors count, by attribute, that `add` was told to leave out for this batch."""
        for name, collector in self._named():
            if name in names:
                collector.add(batch)

    def merge(self, other: CollectorSet) -> None:
        """See `Collector.merge`. A set that has counted nothing takes on the other's options and run.

        Raises:
            ValueError: the sets belong to different runs, or look for different adapters.
        """
        if self.kmers is None and other.kmers is not None:
            self.kmers = KmerCounts()
        for mine, theirs in zip(self._all(), other._all(), strict=True):
            mine.merge(theirs)

    def copy(self) -> CollectorSet:
        """See `Collector.copy`."""
        twin = copy.copy(self)
        vars(twin).update({name: collector.copy() for name, collector in vars(self).items() if collector is not None})
        return twin

    def state(self) -> State:
        """See `Collector.state`."""
        return {name: collector.state() for name, collector in self._named()}

    def restore(self, state: State) -> None:
        """See `Collector.restore`; for one of the sets of a run, the others share with it what they have to."""
        if set(state) != {name for name, _ in self._named()}:
            raise CheckpointError("it counts other things than this run.")
        for name, collector in self._named():
            collector.restore(part(state, name))

    def give_up(self) -> None:
        """Frees the workers of the run that wait for an earlier batch; for a run that ends early.

        Without it they would go on after some seconds. One set of the run does for all.
        """
        self.keys.give_up()

    def _all(self) -> Iterator[Collector]:
        return (collector for _, collector in self._named())

    def _named(self) -> Iterator[tuple[str, Collector]]:
        return ((name, collector) for name, collector in vars(self).items() if collector is not None)


def collector_sets(count: int, options: CollectorOptions | None = None) -> list[CollectorSet]:
    """A set for each worker of one run.

    Every batch of the run, empty ones too, has to be given to one of the sets, by its number from 0,
    in any order; their results do not depend on which set gets which.
    """
    ledger, tile_field, nanopore_names = KeyLedger(), TileField(), NanoporeNames()
    return [CollectorSet(options, ledger, tile_field, nanopore_names) for _ in range(count)]
