"""Which sequences of a file are kept for the duplication modules: decided in file order, by all workers together."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from engine.collectors.base import Table
from engine.collectors.key_table import KeyedReads, KeyTable, Words

MOST_KEYS = 100_000
"""Distinct sequences that are kept (FastQC 0.12.1, ``OverRepresentedSeqs``)."""

MOST_WAITING = 96
"""Batches that may wait for an earlier one."""

# Who has waited so long for an earlier batch adds one more to those that wait: memory gives way before the
# run hangs, should the worker with that batch have failed.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class LedgerPage:
    """A ledger at one moment; does not change any more.

    Attributes:
        moment: counts up with every change of the ledger.
        most: sequences that the ledger has room for.
        keys: uint64 [known, 7], see `KeyTable`.
        counts: int64 [known].
        reads: see `KeyTable`.
        reads_at_limit: see `KeyTable`.
        waiting: reads that are not counted yet, in file order.
    """

    moment: int
    most: int
    keys: Words
    counts: Table
    reads: int
    reads_at_limit: int
    waiting: tuple[KeyedReads, ...] = ()

    def settled(self) -> KeyTable:
        """A table of its own in which those that wait are counted too, as if nothing were missing before them."""
        table = KeyTable.empty(self.most)
        table.absorb(KeyTable(self.keys, self.counts, table.slots[:0], len(self.keys), self.reads, self.reads_at_limit))
        for reads in self.waiting:
            table.count(reads)
        return table


class KeyLedger:
    """The first 100,000 distinct sequences of a file, found by many workers in file order.

    Workers offer every batch until the ledger is full; which sequences are kept depends on their
    order in the file, so a batch that comes early waits, copied, for those before it. When the
    ledger is full it is only read, and every worker counts for itself.

    Attributes:
        is_full: whether `table` has all the sequences it will ever have. Read without the lock: a
            worker that sees it late offers one batch more than it has to.
        table: the sequences; its keys and slots may be read by anybody once `is_full`.
    """

    def __init__(self, most: int = MOST_KEYS) -> None:
        self.is_full = False
        self.table = KeyTable.empty(most)
        self._changed = threading.Condition()
        self._next = 0
        self._moment = 0
        self._given_up = False
        self._waiting: dict[int, KeyedReads] = {}

    def offer(self, number: int, reads: KeyedReads) -> None:
        """Counts the reads of a batch, now or when those before it have been counted.

        Every number from 0 has to be offered once, of empty batches too.

        Args:
            number: the batch's number.
            reads: its reads; their buffer is not kept.
        """
        with self._changed:
            if self._is_due(number):
                self._count(number, reads)
                return
        kept = reads.kept()
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(number), _PATIENCE)
            if self._is_due(number):
                self._count(number, kept)
            else:
                self._waiting[number] = kept
                self._moment += 1

    def give_up(self) -> None:
        """Lets nobody wait any more; for a run that ends early."""
        with self._changed:
            self._given_up = True
            self._changed.notify_all()

    def page(self) -> LedgerPage:
        """The ledger as it is now."""
        with self._changed:
            table = self.table
            return LedgerPage(
                self._moment,
                len(table.counts),
                table.keys[: table.known],
                table.counts[: table.known].copy(),
                table.reads,
                table.reads_at_limit,
                tuple(self._waiting[number] for number in sorted(self._waiting)),
            )

    def _is_due(self, number: int) -> bool:
        return self.is_full or number == self._next

    def _has_room(self, number: int) -> bool:
        return self._given_up or self._is_due(number) or len(self._waiting) < MOST_WAITING

    def _count(self, number: int, reads: KeyedReads) -> None:
        self.table.count(reads)
        self._next = max(self._next, number + 1)
        while (following := self._waiting.pop(self._next, None)) is not None:
            self.table.count(following)
            self._next += 1
        if self.table.is_full:
            for late in sorted(self._waiting):
                self.table.count(self._waiting.pop(late))
        self.is_full = self.table.is_full
        self._moment += 1
        self._changed.notify_all()
