"""How often reads begin with the same bases."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Table, like, part
from engine.collectors.key_ledger import MOST_KEYS, KeyLedger, LedgerPage
from engine.collectors.key_sample import KeySample
from engine.collectors.key_table import KeyedReads, KeyTable, Words
from engine.errors import CheckpointError
from kernels.collectors.key_filter import FILTER_WORDS, fill_filter
from kernels.collectors.keys import KEY_WORDS, count_known_keys


class SequenceKeys:
    """Reads by their first 50 bases, of the first 100,000 such sequences of the file.

    Alone it takes batches in the order in which they come. As one of several workers' it shares a
    ledger with the others, which keeps the order of the file; a copy of it is for reading only.

    Args:
        ledger: shared by the collectors of all workers of a run; see `KeyLedger`.

    Attributes:
        sample: of the sequences of all reads counted here.
    """

    def __init__(self, ledger: KeyLedger | None = None) -> None:
        self._table = KeyTable.empty(MOST_KEYS) if ledger is None else None
        self._ledger = ledger
        self._page: LedgerPage | None = None
        # Reads of the ledger's sequences that this worker has counted since the ledger was full.
        self._counts: Table = np.zeros(0, np.int64)
        self._filter: Words | None = None
        self._reads = 0
        self.sample = KeySample()

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`.

        With a ledger every batch of the file, empty ones too, has to be given to one collector of the run.

        Raises:
            ValueError: this is a copy of one worker's collector.
        """
        self.add_keyed(batch.number, KeyedReads.of(batch))

    def add_keyed(self, number: int, reads: KeyedReads) -> None:
        """As `add`, with hashes that somebody has made already; the buffer is not kept.

        Args:
            number: the batch's.
            reads: all of its reads.

        Raises:
            ValueError: see `add`.
        """
        self._count(number, reads)
        self.sample.add(reads.hashes)

    def _count(self, number: int, reads: KeyedReads) -> None:
        if self._table is not None:
            self._table.count(reads)
        elif self._ledger is None or self._page is not None:
            raise ValueError("a copy of one worker's collector is for reading only")
        elif self._ledger.is_full or not self._ledger.offer(number, reads):
            self._count_known(reads, self._ledger.table)

    def _count_known(self, reads: KeyedReads, table: KeyTable) -> None:
        if self._filter is None:
            self._counts = np.zeros(len(table.counts), np.int64)
            self._filter = np.zeros(FILTER_WORDS, np.uint64)
            fill_filter(table.slots, self._filter)
        known = reads.maybe_known(self._filter)
        count_known_keys(known.buffer, known.starts, known.lengths, known.hashes, table.slots, table.keys, self._counts)
        self._reads += len(reads.hashes)

    def merge(self, other: SequenceKeys) -> None:
        """See `Collector.merge`. One that stands alone counts the other's reads as if they followed its own.

        Raises:
            ValueError: they are two workers', but of different runs.
        """
        if self._table is not None and self._table.reads == 0:
            vars(self).update(vars(other.copy()))
            return
        if self._table is not None:
            self._table.absorb(other.table())
        elif self._ledger is not other._ledger:
            raise ValueError("collectors of one run share a ledger: make them with collector_sets()")
        else:
            if self._page is not None:
                self._page = max(self._page, other._now(), key=lambda page: page.moment)
            if len(other._counts):
                self._counts = other._counts + (self._counts if len(self._counts) else 0)
            self._reads += other._reads
        self.sample.merge(other.sample)

    def copy(self) -> SequenceKeys:
        """See `Collector.copy`."""
        twin = SequenceKeys.__new__(SequenceKeys)
        twin._table = None if self._table is None else self._table.copy()
        twin._ledger = self._ledger
        twin._page = None if self._ledger is None else self._now()
        twin._counts = self._counts.copy()
        twin._filter = self._filter
        twin._reads = self._reads
        twin.sample = self.sample.copy()
        return twin

    def give_up(self) -> None:
        """Frees the workers of the run that wait for an earlier batch; for a run that ends early."""
        if self._ledger is not None:
            self._ledger.give_up()

    def begin(self, number: int) -> None:
        """The ledger's `KeyLedger.begin`."""
        if self._ledger is not None:
            self._ledger.begin(number)

    def mark(self, number: int) -> None:
        """The ledger's `KeyLedger.mark`."""
        if self._ledger is not None:
            self._ledger.mark(number)

    def turn_to_mark(self) -> None:
        """Goes back to the ledger as it was at its mark; for a copy in which all workers' counts are merged.

        Raises:
            ValueError: batches before the mark are missing.
        """
        self._page = self._ledger.marked if self._ledger is not None else None
        if self._page is None:
            raise ValueError("the ledger has not come to its mark")

    def state(self) -> State:
        """See `Collector.state`."""
        table = self.table(final=True)
        known = slice(table.known)
        return {
            "keys": table.keys[known],
            "counts": table.counts[known],
            "reads": table.reads,
            "reads_at_limit": table.reads_at_limit,
            "sample": self.sample.state(),
        }

    def restore(self, state: State) -> None:
        """See `Collector.restore`; what the workers of the run share has it then too."""
        keys = like(np.zeros((0, KEY_WORDS), np.uint64), state.get("keys"))
        counts = like(np.zeros(0, np.int64), state.get("counts"))
        reads, at_limit = like(0, state.get("reads")), like(0, state.get("reads_at_limit"))
        if keys.shape != (len(counts), KEY_WORDS) or len(counts) > MOST_KEYS:
            raise CheckpointError("its sequences and their counts do not belong together.")
        table = KeyTable(keys, counts, np.zeros(0, np.uint64), len(counts), reads, at_limit)
        if self._ledger is not None:
            self._ledger.restore(table)
        elif self._table is not None:
            self._table.absorb(table)
        self.sample.restore(part(state, "sample"))

    def table(self, *, final: bool = True) -> KeyTable:
        """The sequences and their reads; not to be changed.

        Args:
            final: count the batches too that wait for one that never came, as when a run was cancelled.
        """
        if self._table is not None:
            return self._table
        page = self._now()
        # While batches wait the ledger is not full, so that nothing has been counted outside it.
        if final and page.waiting:
            return page.settled()
        counts = page.counts + self._counts if len(self._counts) else page.counts
        return KeyTable(
            page.keys, counts, np.zeros(0, np.uint64), len(counts), page.reads + self._reads, page.reads_at_limit
        )

    def _now(self) -> LedgerPage:
        assert self._ledger is not None  # noqa: S101 - whoever has no ledger has a table
        return self._page or self._ledger.page()
