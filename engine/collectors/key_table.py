"""Sequences that reads begin with, in order of the first read, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.collectors.base import Table
from kernels.collectors.key_filter import maybe_known
from kernels.collectors.keys import KEY_BASES, KEY_WORDS, add_keys, count_keys, gather_keys, key_hashes, slots_for

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class KeyedReads:
    """Reads with the hashes of their keys, which are their first 50 bases.

    Attributes:
        buffer: uint8, what `starts` points into.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases; those past the key may be missing.
        hashes: uint64 [n_reads].
    """

    buffer: Bytes
    starts: Column
    lengths: Column
    hashes: Words

    @classmethod
    def of(cls, batch: ReadBatch) -> KeyedReads:
        """The reads of a batch, in its buffer."""
        hashes = np.empty(len(batch), np.uint64)
        key_hashes(batch.buffer, batch.sequence_starts, batch.lengths, hashes)
        return cls(batch.buffer, batch.sequence_starts, batch.lengths, hashes)

    def maybe_known(self, filter_: Words) -> KeyedReads:
        """Those that a table may have, in the same buffer; see `kernels.collectors.key_filter`."""
        starts, lengths = np.empty((2, len(self.hashes)), np.int32)
        hashes = np.empty(len(self.hashes), np.uint64)
        count = maybe_known(self.starts, self.lengths, self.hashes, filter_, starts, lengths, hashes)
        return KeyedReads(self.buffer, starts[:count], lengths[:count], hashes[:count])

    def kept(self) -> KeyedReads:
        """The same in a buffer of their own."""
        count = len(self.hashes)
        bases = int(np.minimum(self.lengths, KEY_BASES).sum(dtype=np.int64))
        buffer = np.zeros(bases + PADDING, np.uint8)
        starts, lengths = np.empty(count, np.int32), np.empty(count, np.int32)
        gather_keys(self.buffer, self.starts, self.lengths, buffer, starts, lengths)
        return KeyedReads(buffer, starts, lengths, self.hashes)


@dataclass(slots=True, eq=False)
class KeyTable:
    """Sequences, and how many reads begin with each.

    Attributes:
        keys: uint64 [most, 7], the words of each sequence, in order of the first read.
        counts: int64 [most], reads.
        slots: uint64, finds a sequence.
        known: sequences so far.
        reads: reads so far, those of sequences that are not kept included.
        reads_at_limit: `reads` when the table was filled; `reads` itself as long as there is room.
    """

    keys: Words
    counts: Table
    slots: Words
    known: int = 0
    reads: int = 0
    reads_at_limit: int = 0

    @classmethod
    def empty(cls, most: int) -> KeyTable:
        """A table with room for `most` sequences."""
        return cls(np.zeros((most, KEY_WORDS), np.uint64), np.zeros(most, np.int64), slots_for(most))

    @property
    def is_full(self) -> bool:
        """Whether no more sequences are added."""
        return self.known == len(self.counts)

    def count(self, reads: KeyedReads) -> None:
        """Counts reads that follow those counted so far; their order does not matter once the table is full."""
        was_full = self.is_full
        self.known, filled_at = count_keys(
            reads.buffer, reads.starts, reads.lengths, reads.hashes, self.slots, self.keys, self.counts, self.known
        )
        if filled_at >= 0:
            self.reads_at_limit = self.reads + int(filled_at) + 1
        self.reads += len(reads.hashes)
        if not was_full and filled_at < 0:
            self.reads_at_limit = self.reads

    def absorb(self, other: KeyTable) -> None:
        """Counts what another table has, as if those reads followed; exact as long as neither is full."""
        if not self.is_full:
            self.reads_at_limit = self.reads + other.reads_at_limit
        self.known = add_keys(
            other.keys[: other.known], other.counts[: other.known], self.slots, self.keys, self.counts, self.known
        )
        self.reads += other.reads

    def copy(self) -> KeyTable:
        """An independent table with the same counts."""
        twin = KeyTable.empty(len(self.counts))
        twin.absorb(self)
        return twin
