"""K-mers that hold a letter besides A, C, G, T and N, such as U or R, which few files have."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Table, like
from engine.errors import CheckpointError
from kernels.collectors.kmers import KMER, MOST_BASES, NEVER

MOST_DISTINCT = 50_000
"""With more, these are no sequences of a few odd letters, and none is told, whoever counted them in whatever order."""

_POSITIONS = 512
_USUAL = b"ACGTN"


@dataclass(slots=True)
class OddKmer:
    """Where one k-mer was met.

    Attributes:
        first_seen: the number of the first read that has it, times 512, plus its first position there.
        first_positions: k-mers in that read.
        counts: how often it begins at each position, from 0.
    """

    first_seen: int = NEVER
    first_positions: int = 0
    counts: dict[int, int] = field(default_factory=dict)


class OddKmers:
    """Odd k-mers of the reads that are handed in, in their first 500 bases.

    Attributes:
        found: them, by their letters, in capitals; empty once there are too many.
    """

    def __init__(self) -> None:
        self.found: dict[bytes, OddKmer] = {}
        self._are_too_many = False

    def add(self, batch: ReadBatch, rows: Table, numbers: Table) -> None:
        """Counts.

        Args:
            batch: has the reads.
            rows: int64 [n], which reads of the batch to look at.
            numbers: int64 [n], their numbers in the file.
        """
        for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
            start, length = int(batch.sequence_starts[row]), min(int(batch.lengths[row]), MOST_BASES)
            text = batch.buffer[start : start + length].tobytes().upper()
            if text.translate(None, _USUAL):
                self._add(text, number)

    def _add(self, text: bytes, number: int) -> None:
        positions = len(text) - KMER + 1
        for position in range(positions):
            kmer = text[position : position + KMER]
            if b"N" in kmer or not kmer.translate(None, _USUAL):
                continue
            self._meet(kmer, number * _POSITIONS + position, positions, {position: 1})

    def _meet(self, kmer: bytes, first_seen: int, first_positions: int, counts: dict[int, int]) -> None:
        if self._are_too_many:
            return
        mine = self.found.setdefault(kmer, OddKmer())
        if first_seen < mine.first_seen:
            mine.first_seen, mine.first_positions = first_seen, first_positions
        for position, count in counts.items():
            mine.counts[position] = mine.counts.get(position, 0) + count
        if len(self.found) > MOST_DISTINCT:
            self._give_up()

    def _give_up(self) -> None:
        self._are_too_many = True
        self.found = {}

    def merge(self, other: OddKmers) -> None:
        """Adds what other workers have counted."""
        if other._are_too_many:
            self._give_up()
        for kmer, theirs in other.found.items():
            self._meet(kmer, theirs.first_seen, theirs.first_positions, theirs.counts)

    def copy(self) -> OddKmers:
        """As it is now."""
        twin = OddKmers()
        twin.merge(self)
        return twin

    def state(self) -> State:
        """For a checkpoint."""
        found = self.found.values()
        return {
            "are_too_many": self._are_too_many,
            "letters": np.frombuffer(b"".join(self.found), np.uint8).copy(),
            "first_seen": np.array([each.first_seen for each in found], np.int64),
            "first_positions": np.array([each.first_positions for each in found], np.int64),
            "kmers": np.array([row for row, each in enumerate(found) for _ in each.counts], np.int64),
            "positions": np.array([position for each in found for position in each.counts], np.int64),
            "counts": np.array([count for each in found for count in each.counts.values()], np.int64),
        }

    def restore(self, state: State) -> None:
        """Takes up what `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        kept = {name: like(value, state.get(name)) for name, value in OddKmers().state().items()}
        letters, seen, first, kmers, positions, counts = (
            np.asarray(kept[name])
            for name in ("letters", "first_seen", "first_positions", "kmers", "positions", "counts")
        )
        fit = (
            len(letters) == KMER * len(seen) and len(seen) == len(first) and len(kmers) == len(positions) == len(counts)
        )
        if not fit or (len(kmers) and not 0 <= kmers.min() <= kmers.max() < len(seen)):
            raise CheckpointError("its k-mers of odd letters do not fit together.")
        texts = [letters[at : at + KMER].tobytes() for at in range(0, len(letters), KMER)]
        rows = zip(texts, seen.tolist(), first.tolist(), strict=True)
        self.found = {text: OddKmer(since, most) for text, since, most in rows}
        for kmer, position, count in zip(kmers.tolist(), positions.tolist(), counts.tolist(), strict=True):
            self.found[texts[kmer]].counts[position] = count
        self._are_too_many = bool(kept["are_too_many"])
