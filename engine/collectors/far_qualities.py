"""Base qualities at cycles that few reads reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, Column
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, like
from kernels.qualities import COLUMNS, QUALITIES, far_quality_counts

_FULL = 255
_HALF_FULL = 127
_NARROW = 65_535
_PIECE = 8192
"""Cycles that are moved at once: they stay in the cache."""


class FarQualityCounts(Kept):
    """Base qualities by cycle, from some cycle on, in a byte a count.

    Before a byte is full, all are moved over to wider counters, of which there is a column only for each quality that
    occurs. Reads of a million bases thereby cost about 100 MB, and some 2 MB for each quality that occurs, however many
    they are. The wider counters go up to 65,535, and then to 4 billion reads. A copy of one that has them has no bytes.
    """

    _KEPT = ("_bytes", "_most", "_seen", "_touched", "_filled", "_end", "_levels", "_carried")

    def __init__(self) -> None:
        self._bytes: Bytes = np.zeros((0, COLUMNS), np.uint8)
        self._most = 0  # no byte is above this
        self._seen = 0  # the greatest one when last looked at
        self._touched = 0  # cycles counted in since then
        self._filled = 0  # cycles counted in since the bytes were moved
        self._end = 0
        self._levels: Bytes = np.zeros(0, np.uint8)  # ascending
        self._carried: npt.NDArray[np.unsignedinteger[Any]] = np.zeros(
            (0, 0), np.uint16
        )  # a row a cycle, a column a level

    @property
    def nbytes(self) -> int:
        """Memory that the counters take."""
        return self._bytes.nbytes + self._carried.nbytes

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "carried": self._carried.astype(np.uint32)}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        carried = like(np.zeros((0, 0), np.uint32), state.get("carried"))
        super().restore({**state, "carried": self._carried})
        self._carried = carried if carried.max(initial=0) > _NARROW else carried.astype(np.uint16)

    def make_room(self, cycles: int, first: int) -> None:
        """Counters for so many cycles, of which those before `first` are no longer wanted."""
        self._end = max(self._end, cycles)
        if cycles > len(self._bytes):
            larger = np.zeros((max(cycles, 2 * len(self._bytes)), COLUMNS), np.uint8)
            larger[first : len(self._bytes)] = self._bytes[first:]
            self._bytes = larger

    def add(self, buffer: Bytes, starts: Column, lengths: Column, first: int) -> None:
        """Adds the qualities of reads from cycle `first` on; there has to be room for the longest."""
        done = 0
        while done < len(starts):
            if self._most == _FULL:
                self._settle(first)
            some = slice(done, done + _FULL - self._most)
            far_quality_counts(buffer, starts[some], lengths[some], first, self._bytes)
            self._most += len(starts[some])
            self._touch(int(lengths[some].max()))
            done = some.stop

    def merge(self, other: FarQualityCounts, first: int) -> None:
        """Adds what another one has counted from cycle `first` on."""
        self._end = max(self._end, other._end)
        if not len(self._bytes) and (len(self._levels) or len(other._levels)):
            self._carry_bytes(other._bytes, first, other._filled)  # 96 bytes a cycle less
        elif other._filled > first:
            self._merge_bytes(other, first)
        if len(other._levels):
            self._make_rows(other._levels, len(other._carried))
            self._widen(int(other._carried.max(initial=0)))
            columns = np.searchsorted(self._levels, other._levels)
            self._carried[: len(other._carried), columns] += other._carried

    def _merge_bytes(self, other: FarQualityCounts, first: int) -> None:
        self.make_room(other._end, first)
        most = other._most
        if self._most + most > _FULL:
            self._look(first)
            most = max(other._seen, int(other._bytes[first : other._touched].max(initial=0)))
        if self._most + most > _FULL:
            self._carry(first)
        self._bytes[first : other._filled] += other._bytes[first : other._filled]
        self._most += most
        self._touch(other._filled)

    def rows(self, first: int, last: int) -> Table:
        """int64 [at most last - first, 96], bases of cycles first .. last - 1 by quality, as far as reads go."""
        counts = np.zeros((max(min(last, self._end) - first, 0), COLUMNS), np.int64)
        held = self._bytes[first : first + len(counts)]
        counts[: len(held)] = held
        carried = self._carried[first : first + len(counts)]
        counts[: len(carried), self._levels] += carried
        return counts

    def totals(self, first: int) -> Table:
        """int64 [94], bases from cycle `first` on by quality."""
        totals: Table = self._bytes[first : self._end, :QUALITIES].sum(axis=0, dtype=np.int64)
        totals[self._levels] += self._carried[first:].sum(axis=0, dtype=np.int64)
        return totals

    def _touch(self, cycles: int) -> None:
        self._touched = max(self._touched, cycles)
        self._filled = max(self._filled, cycles)

    def _look(self, first: int) -> None:
        self._seen = max(self._seen, int(self._bytes[first : self._touched].max(initial=0)))
        self._most, self._touched = self._seen, 0

    def _settle(self, first: int) -> None:
        """Makes room in the bytes. Not every read has the same quality at a cycle: there may be a lot left."""
        self._look(first)
        if self._most > _HALF_FULL:
            self._carry(first)

    def _carry(self, first: int) -> None:
        """Moves the bytes over to the wider counters."""
        end = self._filled
        self._carry_bytes(self._bytes, first, end)
        self._bytes[first:end] = 0
        self._most = self._seen = self._touched = self._filled = 0

    def _carry_bytes(self, counts: Bytes, first: int, end: int) -> None:
        """Adds counts of cycles first .. end - 1, a column each quality, to the wider counters."""
        found = np.flatnonzero(counts[first:end].any(axis=0))
        if not len(found):
            return
        self._make_rows(found.astype(np.uint8), end)
        self._widen(_FULL)
        columns = np.searchsorted(self._levels, found)
        for start in range(first, end, _PIECE):
            piece = slice(start, min(start + _PIECE, end))
            self._carried[piece, columns] += counts[piece, found]

    def _make_rows(self, levels: Bytes, cycles: int) -> None:
        wanted = np.union1d(self._levels, levels)
        before = len(self._carried)
        if len(wanted) == len(self._levels) and cycles <= before:
            return
        larger = np.zeros((max(cycles, before), len(wanted)), self._carried.dtype)
        larger[:before, np.searchsorted(wanted, self._levels)] = self._carried
        self._levels, self._carried = wanted, larger

    def _widen(self, more: int) -> None:
        """Makes counters wide enough for so much more in each."""
        if self._carried.dtype == np.uint16 and int(self._carried.max(initial=0)) + more > _NARROW:
            self._carried = self._carried.astype(np.uint32)
