"""Base qualities by tile of the flow cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, part, record_numbers
from engine.collectors.tile_field import FIELDS, TileField
from kernels.collectors.tiles import sampled_runs, tile_quality_sums, tile_rows

MOST_TILES = 2501
"""With more, what was taken for a tile is something else (FastQC 0.12.1, ``PerTileQualityScores``)."""


@dataclass(frozen=True, slots=True, eq=False)
class TileSums:
    """Quality by tile and cycle.

    Attributes:
        tiles: int64 [n_tiles], ascending.
        sums: int64 [n_tiles, cycles], sums of quality characters.
        reads: int64 [n_tiles, cycles], reads that reach the cycle.
    """

    tiles: Table
    sums: Table
    reads: Table


class _TileTable(Kept):
    """Sums for one field of the header; broken for good once a header has no number there."""

    _KEPT = ("is_broken", "_tiles", "_rows", "_sums", "_reach")

    def __init__(self, field: int) -> None:
        self.field = field
        self.is_broken = False
        self._clear()

    def _clear(self) -> None:
        self._tiles: Table = np.zeros(0, np.int64)
        self._rows: Table = np.zeros(0, np.int64)  # of each tile, which are ascending, in the tables
        self._sums: Table = np.zeros((0, 0), np.int64)
        self._reach: Table = np.zeros((0, 1), np.int64)

    def add(self, batch: ReadBatch, first: int, indices: Table) -> None:
        if self.is_broken:
            return
        sampled, (tiles, ends) = np.empty(len(batch), np.int32), np.empty((2, len(batch)), np.int64)
        runs = sampled_runs(
            batch.buffer if batch.name_buffer is None else batch.name_buffer,
            batch.name_starts,
            batch.name_lengths,
            batch.lengths,
            first,
            indices,
            self.field,
            sampled,
            tiles,
            ends,
        )
        rows = None if runs < 0 else self._rows_of(tiles[:runs], batch.longest)
        if rows is None:
            self.break_off()
            return
        tile_quality_sums(
            batch.buffer, batch.quality_starts, batch.lengths, sampled, ends[:runs], rows, self._sums, self._reach
        )

    def _rows_of(self, tiles: Table, cycles: int) -> Table | None:
        """The row of each of the tiles, with room for the cycles; ``None`` if there are too many tiles."""
        rows, new = np.empty((2, len(tiles)), np.int64)
        count = tile_rows(tiles, self._tiles, self._rows, rows, new)
        if count or cycles > self._sums.shape[1]:
            if not self._make_room(np.unique(new[:count]), cycles):
                return None
            tile_rows(tiles, self._tiles, self._rows, rows, new)
        return rows

    def break_off(self) -> None:
        """Gives up, and lets the memory go."""
        self.is_broken = True
        self._clear()

    def _make_room(self, new: Table, cycles: int) -> bool:
        """Has rows for tiles that are new, and room for the cycles; false if there are too many."""
        known = len(self._tiles)
        if known + len(new) > MOST_TILES:
            return False
        if len(new):
            order = np.argsort(np.concatenate([self._tiles, new]), kind="stable")
            self._tiles = np.concatenate([self._tiles, new])[order]
            self._rows = np.concatenate([self._rows, np.arange(known, known + len(new))])[order]
        rows, width = self._sums.shape
        if len(self._tiles) > rows or cycles > width:
            rows = rows if len(self._tiles) <= rows else max(len(self._tiles), 2 * rows)
            width = width if cycles <= width else max(cycles, 2 * width)
            self._sums = _in_corner(self._sums, rows, width)
            self._reach = _in_corner(self._reach, rows, width + 1)
        return True

    def merge(self, other: _TileTable) -> None:
        if self.is_broken:
            return
        if other.is_broken or not self._make_room(np.setdiff1d(other._tiles, self._tiles), other._sums.shape[1]):
            self.break_off()
            return
        rows = self._rows[np.searchsorted(self._tiles, other._tiles)]
        for mine, theirs in ((self._sums, other._sums), (self._reach, other._reach)):
            mine[rows, : theirs.shape[1]] += theirs[other._rows]

    def copy(self) -> _TileTable:
        twin = _TileTable(self.field)
        twin.is_broken = self.is_broken
        twin._tiles, twin._rows = self._tiles, self._rows  # replaced, never changed
        twin._sums, twin._reach = self._sums.copy(), self._reach.copy()
        return twin

    def result(self) -> TileSums | None:
        reach = self._reach[self._rows]
        longest = int(np.flatnonzero(reach.any(axis=0)).max(initial=0))
        if self.is_broken or not longest:
            return None
        reads = np.cumsum(reach[:, ::-1], axis=1)[:, ::-1][:, 1 : longest + 1]
        return TileSums(self._tiles, self._sums[self._rows, :longest], reads)


def _in_corner(table: Table, rows: int, width: int) -> Table:
    larger = np.zeros((rows, width), np.int64)
    larger[: table.shape[0], : table.shape[1]] = table
    return larger


def _numbers_with_bases(batch: ReadBatch) -> tuple[int, Table]:
    """The numbers of the batch's reads among the input's reads with bases.

    Where rows have been taken out of a batch without `ReadBatch.empty_until`, its empty reads cannot be told any more
    and are numbered too.

    Returns:
        The number of the first, and int64 [n_reads] of each, or [0] where all have bases and are numbered on end.
    """
    first = batch.first_record - batch.empty_before
    if batch.places is None and batch.empty_until is None and batch.lengths.min(initial=1) > 0:
        return first, np.zeros(0, np.int64)
    numbers = record_numbers(batch) - batch.empty_before
    if batch.empty_until is not None:
        numbers -= batch.empty_until
    elif batch.places is None:
        numbers -= np.cumsum(batch.lengths == 0)
    return first, numbers


class TileQualities:
    """Base qualities by tile and cycle: of the first 10,000 reads with bases, then of one in ten.

    Where the tile stands in the headers is told by the first read of the file; a collector that
    has not heard of it yet counts for both possibilities.

    Args:
        field: shared by the collectors of all workers of a run; see `TileField`.
    """

    def __init__(self, field: TileField | None = None) -> None:
        self._field = field or TileField()
        self._tables = {field: _TileTable(field) for field in FIELDS}

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        self._field.look_at(batch)
        first, indices = _numbers_with_bases(batch)
        for field, table in self._tables.items():
            if self._field.value in (None, field):
                table.add(batch, first, indices)

    def merge(self, other: TileQualities) -> None:
        """See `Collector.merge`."""
        self._field = self._field.or_else(other._field)
        for field, table in self._tables.items():
            table.merge(other._tables[field])

    def state(self) -> State:
        """See `Collector.state`."""
        tables = {str(field): table.state() for field, table in self._tables.items()}
        return {**self._field.state(), "tables": tables}

    def restore(self, state: State) -> None:
        """See `Collector.restore`; the collectors of all workers of the run know then where the tile stands."""
        self._field.restore(state)
        tables = part(state, "tables")
        for number, table in self._tables.items():
            table.restore(part(tables, str(number)))

    def copy(self) -> TileQualities:
        """See `Collector.copy`."""
        twin = TileQualities(self._field)
        twin._tables = {field: table.copy() for field, table in self._tables.items()}
        return twin

    def result(self) -> TileSums | None:
        """The sums; ``None`` where the headers name no tiles, or no read had bases."""
        for field, table in self._tables.items():
            if self._field.likely in (None, field) and (sums := table.result()) is not None:
                return sums
        return None
