"""Yield and mean quality by lane and tile of the flow cell, of all reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, part
from engine.collectors.quality_sums import QualitySums
from engine.collectors.tile_field import FIELDS, TileField
from kernels.collectors.tile_yield import TILE_BITS, tile_runs
from kernels.qualities import OFFSET

MOST_PLACES = 20_000
"""With more lanes and tiles, what was taken for them is something else; all flow cells have fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class TileTotals:
    """What was counted by lane and tile.

    Attributes:
        lanes: int64 [n], ascending.
        tiles: int64 [n], ascending within a lane.
        values: int64 [n, 3], reads, bases, sum of Phred qualities.
    """

    lanes: Table
    tiles: Table
    values: Table


class _Places(Kept):
    """Counts for one field of the header; broken for good once there are too many places."""

    _KEPT = ("is_broken", "_places", "_values")

    def __init__(self) -> None:
        self.is_broken = False
        self._places: Table = np.zeros(0, np.int64)
        self._values: Table = np.zeros((0, 3), np.int64)

    def add(self, places: Table, values: Table) -> None:
        if self.is_broken:
            return
        rows = np.searchsorted(self._places, places)
        if len(self._places) and np.array_equal(self._places.take(rows, mode="clip"), places):
            np.add.at(self._values, rows, values)
            return
        self._places, rows = np.unique(np.concatenate([self._places, places]), return_inverse=True)
        both = np.concatenate([self._values, values])
        self._values = np.zeros((len(self._places), 3), np.int64)
        np.add.at(self._values, rows, both)
        if len(self._places) > MOST_PLACES:
            self.break_off()

    def break_off(self) -> None:
        self._places, self._values = self._places[:0], self._values[:0]
        self.is_broken = True

    def merge(self, other: _Places) -> None:
        if other.is_broken:
            self.break_off()
        self.add(other._places, other._values)

    def copy(self) -> _Places:
        twin = _Places()
        vars(twin).update(vars(self))  # places are replaced, never changed
        twin._values = self._values.copy()
        return twin

    def totals(self) -> TileTotals | None:
        if not len(self._places):
            return None
        return TileTotals(self._places >> TILE_BITS, self._places & ((1 << TILE_BITS) - 1), self._values)


class TileYield:
    """Reads, bases and qualities by lane and tile, of every read whose header names them.

    Where they stand in the headers is told by the first read of the file; a collector that has not heard of it
    yet counts for both possibilities.

    Args:
        field: shared by the collectors of all workers of a run; see `TileField`.
        sums: shared by the collectors of one worker.
    """

    def __init__(self, field: TileField | None = None, sums: QualitySums | None = None) -> None:
        self._field = field or TileField()
        self._sums = sums or QualitySums()
        self._tables = {field: _Places() for field in FIELDS}

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        if not len(batch):
            return
        names = batch.buffer if batch.name_buffer is None else batch.name_buffer
        self._field.look_at(batch)
        for field, table in self._tables.items():
            if self._field.value not in (None, field):
                continue
            places, values = np.empty(len(batch), np.int64), np.empty((len(batch), 3), np.int64)
            sums = self._sums.of(batch)
            count = tile_runs(names, batch.name_starts, batch.name_lengths, batch.lengths, sums, field, places, values)
            values[:count, 2] -= OFFSET * values[:count, 1]
            table.add(places[:count], values[:count])

    def merge(self, other: TileYield) -> None:
        """See `Collector.merge`."""
        self._field = self._field.or_else(other._field)
        for field, table in self._tables.items():
            table.merge(other._tables[field])

    def copy(self) -> TileYield:
        """See `Collector.copy`."""
        twin = TileYield(self._field)
        twin._tables = {field: table.copy() for field, table in self._tables.items()}
        return twin

    def state(self) -> State:
        """See `Collector.state`."""
        return {**self._field.state(), "tables": {str(field): t.state() for field, t in self._tables.items()}}

    def restore(self, state: State) -> None:
        """See `Collector.restore`; the collectors of all workers of the run know then where the tile stands."""
        self._field.restore(state)
        tables = part(state, "tables")
        for number, table in self._tables.items():
            table.restore(part(tables, str(number)))

    def result(self) -> TileTotals | None:
        """The totals; ``None`` where headers name no tiles."""
        for field, table in self._tables.items():
            if self._field.likely in (None, field) and (totals := table.totals()) is not None:
                return totals
        return None
