"""All that one worker counts in a run, of reads or of pairs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import part
from engine.collectors.collector_set import CollectorOptions, CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import QcResults
from engine.errors import CheckpointError

if TYPE_CHECKING:
    from engine.collectors.pairs import PairCounts


@dataclass(slots=True)
class Tally:
    """Counts of one worker; a collector itself.

    Attributes:
        reads: of reads, or of the first reads of pairs.
        mates: of the second reads; ``None`` where reads are single.
        pairs: of both together; likewise.
    """

    reads: CollectorSet
    mates: CollectorSet | None = None
    pairs: PairCounts | None = None

    def add(self, batch: ReadBatch, elsewhere: Collection[str] = ()) -> None:
        """See `CollectorSet.add`."""
        self.reads.add(batch, elsewhere)
        if self.mates is not None and batch.mate is not None:
            self.mates.add(batch.mate, elsewhere)
        if self.pairs is not None:
            self.pairs.add(batch)

    def merge(self, other: Tally) -> None:
        """See `Collector.merge`."""
        self.reads.merge(other.reads)
        if self.mates is not None and other.mates is not None:
            self.mates.merge(other.mates)
        if self.pairs is not None and other.pairs is not None:
            self.pairs.merge(other.pairs)

    def copy(self) -> Tally:
        """See `Collector.copy`."""
        return Tally(self.reads.copy(), self.mates and self.mates.copy(), self.pairs and self.pairs.copy())

    def begin(self, number: int) -> None:
        """Has the batch of this number come first; for one of the tallies of a run, before any batch."""
        self.reads.keys.begin(number)
        if self.mates is not None:
            self.mates.keys.begin(number)

    def mark(self, number: int) -> None:
        """Remembers what is shared by the workers as it is after all batches before this one; see `state_at_mark`.

        Args:
            number: of a batch that nobody has been given, nor any after it.
        """
        self.reads.keys.mark(number)
        if self.mates is not None:
            self.mates.keys.mark(number)

    def state_at_mark(self) -> State:
        """The state after all batches before the mark.

        For copies merged that each worker made when it had counted all its batches before the mark and none after.

        Raises:
            ValueError: batches before the mark have not been counted.
        """
        self.reads.keys.turn_to_mark()
        if self.mates is not None:
            self.mates.keys.turn_to_mark()
        return self.state()

    def state(self) -> State:
        """See `Collector.state`."""
        parts = {"reads": self.reads, "mates": self.mates, "pairs": self.pairs}
        return {name: mine.state() for name, mine in parts.items() if mine is not None}

    def restore(self, state: State) -> None:
        """See `CollectorSet.restore`."""
        parts = {"reads": self.reads, "mates": self.mates, "pairs": self.pairs}
        if set(state) != {name for name, mine in parts.items() if mine is not None}:
            raise CheckpointError("it is of single reads, and the run is of pairs, or the other way round.")
        for name, mine in parts.items():
            if mine is not None:
                mine.restore(part(state, name))

    def give_up(self) -> None:
        """See `CollectorSet.give_up`."""
        self.reads.give_up()
        if self.mates is not None:
            self.mates.give_up()

    def results(self, *, final: bool = True) -> QcResults:
        """Every module over what has been counted; arguments as for `qc_results`."""
        results = qc_results(self.reads, final=final)
        if self.mates is None:
            return results
        pairs = self.pairs.statistics() if self.pairs else None
        return results.model_copy(update={"mate": qc_results(self.mates, final=final), "pairs": pairs})


def tallies(count: int, *, is_paired: bool, options: CollectorOptions | None = None) -> list[Tally]:
    """A tally for each worker of one run; the rules are those of `collector_sets`."""
    reads = collector_sets(count, options)
    if not is_paired:
        return [Tally(collectors) for collectors in reads]
    from engine.collectors.pairs import PairCounts

    mates = collector_sets(count, options)
    return [Tally(first, second, PairCounts()) for first, second in zip(reads, mates, strict=True)]


def merged(parts: list[Tally]) -> Tally:
    """All parts together, which stay as they are.

    Args:
        parts: of the workers of one run, one at least.
    """
    total = Tally(CollectorSet())
    if parts[0].mates is not None and parts[0].pairs is not None:
        from engine.collectors.pairs import PairCounts

        total = Tally(CollectorSet(), CollectorSet(), PairCounts())
    for each in parts:
        total.merge(each)
    return total
