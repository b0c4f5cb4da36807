"""Base qualities at cycles that few reads reach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, Column
from engine.checkpoint.state import State
from engine.collectors.base import Counters, Kept, Table, counters
from engine.errors import CheckpointError
from kernels.collectors.far_qualities import far_quality_counts, far_quality_levels, far_quality_text
from kernels.qualities import COLUMNS, OFFSET, QUALITIES

_ROOM = 16 << 20
"""Bytes of qualities that wait to be counted together: each time, all counters pass through the cache."""

_NARROW = 65_535
"""The most that a narrow counter holds."""


class FarQualityCounts(Kept):
    """Base qualities by cycle, from some cycle on, with a column only for each quality that occurs.

    Counters go up to 65,535, and are made wide, for 4 billion reads, before one is full. Reads of a million bases so
    cost 2 MB for each quality that occurs, however many they are, and room for those that wait to be counted.
    """

    _KEPT = ("_end", "_levels")

    def __init__(self) -> None:
        self._end = 0
        self._levels: Bytes = np.zeros(0, np.uint8)  # ascending
        self._counts: Counters = np.zeros((0, 0), np.uint16)  # a row a cycle, a column a level
        self._most = 0  # no counter is above this
        self._first = 0  # of what waits, cycles from here on are wanted
        self._text: Bytes = np.zeros(0, np.uint8)
        self._waiting: list[tuple[Column, Column]] = []  # places in the text, and lengths
        self._used = 0  # bytes of the text

    @property
    def nbytes(self) -> int:
        """Memory that the counters take, and reads that wait for them."""
        return self._counts.nbytes + self._text.nbytes

    def state(self) -> State:
        """See `Collector.state`."""
        self._settle()
        return {**super().state(), "counts": self._counts}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        super().restore(state)
        self._counts = counters(self._counts, state.get("counts"), np.uint32)
        if self._counts.shape[1] != len(self._levels) or (np.diff(self._levels.astype(int)) <= 0).any():
            raise CheckpointError("its counters and their qualities do not belong together.")
        self._most = int(self._counts.max(initial=0))

    def make_room(self, cycles: int) -> None:
        """Has reads of so many bases be those to come."""
        self._end = max(self._end, cycles)

    def add(self, buffer: Bytes, starts: Column, lengths: Column, first: int) -> None:
        """Adds the qualities of reads from cycle `first` on, all of which are longer; nothing of the buffer is kept.

        Args:
            buffer: see `far_quality_counts`.
            starts: likewise.
            lengths: likewise, in descending order.
            first: likewise; never less than before.
        """
        needed = int(lengths.sum(dtype=np.int64)) - first * len(lengths)
        if first != self._first or self._used + needed > _ROOM:
            self._settle()
            self._first = first
        if needed > _ROOM:
            self._count(buffer, starts, lengths)
            return
        if not len(self._text):
            self._text = np.empty(_ROOM, np.uint8)
        ends = self._used + np.cumsum(lengths - np.int32(first), dtype=np.int32)
        # Where a read's first quality would be, so that those from `first` on are in the text.
        places = ends - lengths
        far_quality_text(buffer, starts, lengths, first, self._text[self._used :])
        self._waiting.append((places, lengths))
        self._used += needed

    def merge(self, other: FarQualityCounts) -> None:
        """Adds what another one has counted."""
        self._settle()
        other._settle()
        self._end = max(self._end, other._end)
        if not len(other._levels):
            return
        self._make_room(other._levels, len(other._counts), other._most)
        mine = self._counts[: len(other._counts)]
        if len(self._levels) == len(other._levels):
            np.add(mine, other._counts, out=mine, casting="unsafe")  # there is room for it
        else:
            for at, column in enumerate(np.searchsorted(self._levels, other._levels)):
                mine[:, column] += other._counts[:, at]
        self._most += other._most

    def copy(self) -> FarQualityCounts:
        """See `Collector.copy`."""
        self._settle()
        twin = FarQualityCounts()
        twin._end, twin._most = self._end, self._most
        twin._levels, twin._counts = self._levels, self._counts.copy()  # the levels are never changed
        return twin

    def rows(self, first: int, last: int) -> Table:
        """int64 [at most last - first, 96], bases of cycles first .. last - 1 by quality, as far as reads go."""
        self._settle()
        counts = np.zeros((max(min(last, self._end) - first, 0), COLUMNS), np.int64)
        held = self._counts[first : first + len(counts)]
        counts[: len(held), self._levels] = held
        return counts

    def totals(self, first: int) -> Table:
        """int64 [94], bases from cycle `first` on by quality."""
        self._settle()
        totals: Table = np.zeros(QUALITIES, np.int64)
        totals[self._levels] = self._counts[first:].sum(axis=0, dtype=np.int64)
        return totals

    def _settle(self) -> None:
        """Counts what waits."""
        if not self._waiting:
            return
        starts, lengths = map(np.concatenate, zip(*self._waiting, strict=True))
        self._waiting.clear()
        self._used = 0
        order = np.argsort(-lengths, kind="stable")
        self._count(self._text, starts[order], lengths[order])

    def _count(self, buffer: Bytes, starts: Column, lengths: Column) -> None:
        """Counts reads, the longest first."""
        seen = np.zeros(256, np.bool_)
        far_quality_levels(buffer, starts, lengths, self._first, seen)
        levels = (np.flatnonzero(seen) - OFFSET).astype(np.uint8)
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
        rows = before if cycles <= before else max(cycles, before + before // 4)
        larger = np.zeros((rows, len(wanted)), kind)
        larger[:before, np.searchsorted(wanted, self._levels)] = self._counts
        self._levels, self._counts = wanted, larger

    def _kind(self, more: int) -> npt.DTypeLike:
        """How wide counters have to be that are raised by so much."""
        if self._counts.dtype == np.uint32:
            return np.uint32
        if self._most + more > _NARROW:
            self._most = int(self._counts.max(initial=0))
        # One that is half full would be looked at again soon, and over and over.
        return np.uint32 if self._most + more > _NARROW or 2 * self._most > _NARROW else np.uint16
