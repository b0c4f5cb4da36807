"""Base qualities of some thousand cycles that few reads reach."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from engine.batch import Bytes, Column
from engine.checkpoint.state import State
from engine.collectors.base import Counters, Table, like
from engine.errors import CheckpointError
from kernels.collectors.far_qualities import far_quality_counts, far_quality_levels, far_quality_sums, far_quality_text
from kernels.qualities import COLUMNS, OFFSET, QUALITIES, quality_counts

PIECE = 65_536
"""Cycles."""

_WIDTHS = {np.dtype(kind): int(np.iinfo(kind).max) for kind in (np.uint8, np.uint16, np.uint32)}
"""How wide counters may be, and the most that they hold."""


class FarQualityPiece:
    """Base qualities by cycle, for `PIECE` cycles from `begin` on, in as little memory as they can have.

    The qualities of reads are kept as they are until counters would take no more than they do: a column for each
    quality that occurs, as wide as the counts need. What comes from then on is counted together from time to time.

    Args:
        begin: the first cycle; cycles are counted from it in here.
    """

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self._levels: Bytes = np.zeros(0, np.uint8)  # ascending
        self._counts: Counters = np.zeros((0, 0), np.uint8)  # a row a cycle, a column a level
        self._most = 0  # no counter is above this
        self._texts: list[tuple[Bytes, Column, Column]] = []  # never changed: what waits, where reads begin, lengths
        self._first = 0  # of what waits, cycles from here on are wanted
        self._waiting = 0  # bytes
        self._longest = 0  # read that waits
        self._seen = np.zeros(256, np.bool_)  # characters that wait

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return self._counts.nbytes + self._waiting

    def add(self, buffer: Bytes, starts: Column, lengths: Column, first: int) -> None:
        """Adds qualities of reads from a cycle on; see `FarQualityCounts.add`, but cycles are counted from `begin`."""
        if first != self._first:
            self._settle()
            self._first = first
        text = np.empty(int(lengths.sum(dtype=np.int64)) - first * len(lengths), np.uint8)
        far_quality_text(buffer, starts, lengths, first, text)
        # Where a read's first quality would be, so that those from `first` on are in the text.
        places = np.cumsum(lengths - np.int32(first), dtype=np.int32) - lengths
        far_quality_levels(text, places, lengths, first, self._seen)
        self._wait([(text, places, lengths)])

    def merge(self, other: FarQualityPiece) -> None:
        """Adds what another one has, for the same cycles."""
        if other._first != self._first:
            first = max(self._first, other._first)
            self._settle()
            self._first = first
            other = other.copy()
            other._settle()
        if len(other._levels):
            self._make_room(other._levels, len(other._counts), other._most)
            mine = self._counts[: len(other._counts)]
            if len(self._levels) == len(other._levels):
                np.add(mine, other._counts, out=mine, casting="unsafe")  # there is room for it
            else:
                for at, column in enumerate(np.searchsorted(self._levels, other._levels)):
                    mine[:, column] += other._counts[:, at]
            self._most += other._most
        self._seen |= other._seen
        self._wait(other._texts)

    def copy(self) -> FarQualityPiece:
        """See `Collector.copy`."""
        twin = FarQualityPiece(self.begin)
        twin._levels, twin._counts, twin._most = self._levels, self._counts.copy(), self._most
        twin._texts, twin._first, twin._waiting = self._texts.copy(), self._first, self._waiting
        twin._seen, twin._longest = self._seen.copy(), self._longest
        return twin

    def state(self) -> State:
        """See `Collector.state`."""
        text, places, lengths = self._joined()
        waiting: State = {"text": text, "places": places, "lengths": lengths, "first": self._first}
        return {"begin": self.begin, "levels": self._levels, "counts": self._counts, **waiting}

    @classmethod
    def of(cls, state: State) -> FarQualityPiece:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        piece = cls(like(0, state.get("begin")))
        piece._levels = like(piece._levels, state.get("levels"))
        counts = state.get("counts")
        if not isinstance(counts, np.ndarray) or counts.dtype not in _WIDTHS or counts.ndim != 2:
            raise CheckpointError("it holds other tables than this version of Lanescope counts.")
        piece._counts = counts
        if counts.shape[1] != len(piece._levels) or (np.diff(piece._levels.astype(int)) <= 0).any():
            raise CheckpointError("its counters and their qualities do not belong together.")
        piece._most = int(counts.max(initial=0))
        text, places, lengths = _NOTHING
        text, places = like(text, state.get("text")), like(places, state.get("places"))
        lengths = like(lengths, state.get("lengths"))
        piece._first = like(0, state.get("first"))
        if (
            len(places) != len(lengths)
            or (lengths < piece._first).any()
            or (places + piece._first < 0).any()
            or (places + lengths > len(text)).any()
        ):
            raise CheckpointError("its reads and their qualities do not belong together.")
        if len(places):
            far_quality_levels(text, places, lengths, piece._first, piece._seen)
            piece._wait([(text, places, lengths)])
        return piece

    def rows(self, first: int, last: int) -> Table:
        """int64 [last - first, 96], bases of cycles first .. last - 1 by quality."""
        rows = np.zeros((last - first, COLUMNS), np.int64)
        held = self._counts[first:last]
        rows[: len(held), self._levels] = held
        low = max(first, self._first)
        for text, places, lengths in self._texts:
            reaching = lengths > low
            ends = np.minimum(lengths[reaching], last) - np.int32(low)
            quality_counts(text, places[reaching] + np.int32(low), np.maximum(ends, 0), rows[low - first :])
        return rows

    def sums(self, first: int, last: int, most: int) -> tuple[Table, Table] | None:
        """Of cycles first .. last - 1, if no more than so many reads are sure to reach them.

        Returns:
            int64 [last - first], bases, and int64 [last - first], the sum of their qualities.
        """
        if len(self._counts) or sum(len(lengths) for _, _, lengths in self._texts) > most:
            return None
        totals, sums = np.zeros((2, last - first), np.int64)
        low = min(max(first, self._first), last)
        for text, places, lengths in self._texts:
            far_quality_sums(text, places, lengths, low, totals[low - first :], sums[low - first :])
        return totals, sums

    def totals(self, first: int) -> Table:
        """int64 [94], bases from cycle `first` on by quality."""
        totals: Table = np.zeros(COLUMNS, np.int64)
        totals[self._levels] = self._counts[first:].sum(axis=0, dtype=np.int64)
        low = max(first, self._first)
        for text, places, lengths in self._texts:
            for place, length in zip(places.tolist(), lengths.tolist(), strict=True):
                counts = np.bincount(text[place + low : place + max(length, low)], minlength=256)
                totals += counts[OFFSET : OFFSET + COLUMNS]
        return totals[:QUALITIES]

    def _wait(self, texts: list[tuple[Bytes, Column, Column]]) -> None:
        """Keeps qualities, or counts all that wait if they take too much room."""
        self._texts.extend(texts)
        self._waiting += sum(len(text) for text, _, _ in texts)
        self._longest = max(self._longest, *(int(lengths.max()) for _, _, lengths in texts), 0)
        # All counters pass through the cache each time, and are not worth their room before.
        counters = self._counts.nbytes // 2 or int(np.count_nonzero(self._seen)) * self._longest
        if self._waiting > counters:
            self._settle()

    def _joined(self) -> tuple[Bytes, Column, Column]:
        """All that waits, as one text."""
        if not self._texts:
            return _NOTHING
        texts, places, lengths = zip(*self._texts, strict=True)
        begins = np.cumsum([0, *(len(text) for text in texts)])
        moved = [each + np.int32(begin) for each, (begin, _) in zip(places, pairwise(begins.tolist()), strict=True)]
        return np.concatenate(texts), np.concatenate(moved), np.concatenate(lengths)

    def _settle(self) -> None:
        """Counts what waits."""
        if not self._texts:
            return
        text, places, lengths = self._joined()
        order = np.argsort(-lengths, kind="stable")
        levels = (np.flatnonzero(self._seen) - OFFSET).astype(np.uint8)
        self._texts, self._waiting, self._longest = [], 0, 0
        self._seen[:] = False
        self._count(text, places[order], lengths[order], levels)

    def _count(self, buffer: Bytes, starts: Column, lengths: Column, levels: Bytes) -> None:
        """Counts reads, the longest first."""
        step = np.iinfo(np.uint16).max
        for some in range(0, len(starts), step):
            part = slice(some, some + step)
            self._make_room(levels, int(lengths[0]), len(starts[part]))
            columns = np.zeros(256, np.uint8)
            columns[self._levels + OFFSET] = np.arange(len(self._levels), dtype=np.uint8)
            far_quality_counts(buffer, starts[part], lengths[part], self._first, columns, self._counts)
            self._most += len(starts[part])

    def _make_room(self, levels: Bytes, cycles: int, more: int) -> None:
        """Counters for such qualities and so many cycles, each of which may be raised by so much."""
        wanted = np.union1d(self._levels, levels)
        kind = self._kind(more)
        before = len(self._counts)
        if len(wanted) == len(self._levels) and cycles <= before and kind == self._counts.dtype:
            return
        rows = before if cycles <= before else min(max(cycles, before + before // 4), PIECE)
        larger = np.zeros((rows, len(wanted)), kind)
        larger[:before, np.searchsorted(wanted, self._levels)] = self._counts
        self._levels, self._counts = wanted, larger

    def _kind(self, more: int) -> np.dtype[Any]:
        """How wide counters have to be that are raised by so much."""
        mine = self._counts.dtype
        if self._most + more > _WIDTHS[mine]:
            self._most = int(self._counts.max(initial=0))
            # One that is half full would be looked at again soon, and over and over.
            needed = max(self._most + more, 2 * self._most)
            return next((kind for kind, most in _WIDTHS.items() if most >= max(needed, _WIDTHS[mine])), mine)
        return mine


_NOTHING: tuple[Bytes, Column, Column] = (np.zeros(0, np.uint8), np.zeros(0, np.int32), np.zeros(0, np.int32))
