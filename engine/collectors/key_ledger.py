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
        self._mark: int | None = None
        self._marked: LedgerPage | None = None
        self._waiting: dict[int, KeyedReads] = {}

    def offer(self, number: int, reads: KeyedReads) -> bool:
        """Counts the reads of a batch, now or when those before it have been counted.

        Every number from 0, or from that of `begin`, has to be offered once, of empty batches too, as long as the
        ledger is not full.

        Args:
            number: the batch's number.
            reads: its reads; their buffer is not kept.

        Returns:
            False where the ledger was full before: who offers them counts them.
        """
        with self._changed:
            if (is_counted := self._try(number, reads)) is not None:
                return is_counted
        kept = reads.kept()
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(number), _PATIENCE)
            if (is_counted := self._try(number, kept)) is not None:
                return is_counted
            self._waiting[number] = kept
            self._moment += 1
            return True

    def mark(self, number: int) -> None:
        """Keeps the page as it is after all batches before this one, for `marked`.

        Args:
            number: of a batch that has not been offered, nor any after it.
        """
        with self._changed:
            self._mark, self._marked = number, None
            if self.is_full:
                self._marked = self._page()
            self._keep_marked()

    @property
    def marked(self) -> LedgerPage | None:
        """The page that `mark` asked for; ``None``: batches before it are missing."""
        with self._changed:
            return self._marked

    def restore(self, table: KeyTable) -> None:
        """Goes on from these sequences; for a ledger that has counted nothing."""
        with self._changed:
            self.table.absorb(table)
            self.is_full = self.table.is_full
            self._moment += 1

    def begin(self, number: int) -> None:
        """Has the batch of this number come first, before any has come."""
        with self._changed:
            self._next = number

    def give_up(self) -> None:
        """Lets nobody wait any more; for a run that ends early."""
        with self._changed:
            self._given_up = True
            self._changed.notify_all()

    def page(self) -> LedgerPage:
        """The ledger as it is now."""
        with self._changed:
            return self._page(tuple(self._waiting[number] for number in sorted(self._waiting)))

    def _page(self, waiting: tuple[KeyedReads, ...] = ()) -> LedgerPage:
        table = self.table
        return LedgerPage(
            self._moment,
            len(table.counts),
            table.keys[: table.known],
            table.counts[: table.known].copy(),
            table.reads,
            table.reads_at_limit,
            waiting,
        )

    def _has_room(self, number: int) -> bool:
        return self._given_up or self.is_full or number == self._next or len(self._waiting) < MOST_WAITING

    def _try(self, number: int, reads: KeyedReads) -> bool | None:
        """Counts a batch that is next; what `offer` returns, or ``None`` where it has to wait."""
        if self.is_full:
            return False
        if number != self._next:
            return None
        self._count(reads)
        return True

    def _count(self, reads: KeyedReads) -> None:
        """Counts the batch that is next, and those that waited for it."""
        following: KeyedReads | None = reads
        while following is not None:
            self.table.count(following)
            self._next += 1
            self._keep_marked()
            following = self._waiting.pop(self._next, None)
        if self.table.is_full:
            for late in sorted(self._waiting):
                if self._mark is not None and late >= self._mark:
                    self._marked = self._marked or self._page()
                self.table.count(self._waiting.pop(late))
            if self._mark is not None:
                self._marked = self._marked or self._page()
        self.is_full = self.table.is_full
        self._moment += 1
        self._changed.notify_all()

    def _keep_marked(self) -> None:
        if self._marked is None and self._mark == self._next:
            self._marked = self._page()
