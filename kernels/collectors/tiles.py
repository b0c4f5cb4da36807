"""Base qualities by tile and cycle, of a sample of the reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.header_fields import field_number, field_start, is_alike
from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

SAMPLED_WHOLE = 10_000
"""Reads at the start of a file that are all looked at."""

SAMPLE_STEP = 10
"""After them, one in this many."""

NO_TILE = -1


@inlined
def is_sampled(index: int) -> bool:
    """Whether the read with this number among those with bases, from 0, is looked at."""
    return index < SAMPLED_WHOLE or (index + 1) % SAMPLE_STEP == 0


def sampled_runs_reference(
    names: list[bytes], lengths: list[int], indices: list[int], field: int
) -> list[tuple[int, int]] | None:
    """Plain twin of `sampled_runs`: reads looked at, each with its tile; ``None`` where one has none."""
    found = []
    for read, (name, length, index) in enumerate(zip(names, lengths, indices, strict=True)):
        if length == 0 or not is_sampled(index):
            continue
        fields = name.split(b":")
        text = fields[field] if field < len(fields) else b""
        digits = text[1:] if text[:1] in (b"+", b"-") else text
        if not digits or set(digits) - set(b"0123456789") or not -(2**31) <= int(text) < 2**31:
            return None
        found.append((read, int(text)))
    return found


@kernel(
    "int64(uint8[::1], int32[::1], int32[::1], int32[::1],int64, int64[::1], int64, int32[::1], int64[::1], int64[::1])"
)
def sampled_runs(
    buffer: Bytes,
    name_starts: Column,
    name_lengths: Column,
    lengths: Column,
    first: int,
    indices: Table,
    field: int,
    sampled: Column,
    tiles: Table,
    ends: Table,
) -> int:
    """Picks the reads to look at and reads their tiles from their names.

    Reads without bases are not looked at (FastQC 0.12.1, ``PerTileQualityScores``).

    Args:
        buffer: uint8, headers.
        name_starts: int32 [n_reads], offset of each header after the ``@``.
        name_lengths: int32 [n_reads], bytes of each header.
        lengths: int32 [n_reads], bases.
        first: where all reads have bases and are as they were parsed, the number of the first among those of the file
            that have bases, from 0.
        indices: int64 [n_reads], elsewhere, this number of each read; empty where `first` tells it.
        field: which field of a header, between colons and from 0, is the tile.
        sampled: int32 [n_reads], to fill: the numbers of the reads looked at.
        tiles: int64 [n_reads], to fill: the tile of each run of these reads that are of one tile.
        ends: int64 [n_reads], to fill: how many reads are looked at to the end of each run.

    Returns:
        How many runs there are, or `NO_TILE` if a header has no number in that field.
    """
    count = 0
    runs = 0
    before = np.int64(0)
    alike = np.int64(0)
    begin, step = 0, 1
    if len(indices) == 0 and first >= SAMPLED_WHOLE:
        begin, step = SAMPLE_STEP - 1 - first % SAMPLE_STEP, SAMPLE_STEP
    for read in range(begin, len(lengths), step):
        if lengths[read] == 0 or not is_sampled(indices[read] if len(indices) > 0 else first + read):
            continue
        start = np.int64(name_starts[read])
        end = start + name_lengths[read]
        if not is_alike(buffer, start, end, before, alike):
            before = start
            alike = np.int64(field_start(buffer, start, end, field) - start)
        is_number, tile = field_number(buffer, start + alike, end)
        if not is_number:
            return NO_TILE
        if runs == 0 or tiles[runs - 1] != tile:
            tiles[runs] = tile
            runs += 1
        sampled[count] = read
        count += 1
        ends[runs - 1] = count
    return runs


def tile_rows_reference(tiles: list[int], rows: dict[int, int]) -> tuple[list[int], list[int]]:
    """Plain twin of `tile_rows`: the rows of the tiles that have one, and those that have none."""
    return [rows[tile] for tile in tiles if tile in rows], [tile for tile in tiles if tile not in rows]


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1], int64[::1])")
def tile_rows(tiles: Table, known: Table, known_rows: Table, rows: Table, new: Table) -> int:
    """Finds the rows of tiles.

    Args:
        tiles: int64 [n], in any order.
        known: int64 [n_tiles], ascending: those that have a row.
        known_rows: int64 [n_tiles], the row of each.
        rows: int64 [n], to fill: the row of each of the tiles that has one.
        new: int64 [n], to fill from the front with the tiles that have none.

    Returns:
        How many have none.
    """
    count = 0
    for i in range(len(tiles)):
        place = np.searchsorted(known, tiles[i])
        if place < len(known) and known[place] == tiles[i]:
            rows[i] = known_rows[place]
        else:
            new[count] = tiles[i]
            count += 1
    return count


def tile_quality_sums_reference(
    qualities: list[bytes], rows: list[int], sums: dict[tuple[int, int], int], reach: dict[tuple[int, int], int]
) -> None:
    """Plain twin of `tile_quality_sums`, for all reads given, each with its row."""
    for row, text in zip(rows, qualities, strict=True):
        reach[row, len(text)] = reach.get((row, len(text)), 0) + 1
        for cycle, character in enumerate(text):
            sums[row, cycle] = sums.get((row, cycle), 0) + character


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64[::1], int64[:, ::1], int64[:, ::1])")
def tile_quality_sums(
    buffer: Bytes, starts: Column, lengths: Column, sampled: Column, ends: Table, rows: Table, sums: Table, reach: Table
) -> None:
    """Adds the quality characters of some reads to sums by tile and cycle.

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sampled: int32 [n], the numbers of the reads to add.
        ends: int64 [n_runs], how many of them there are to the end of each run of reads of one tile.
        rows: int64 [n_runs], the row of each run's tile.
        sums: int64 [n_tiles, >= longest length], to add to.
        reach: int64 [n_tiles, > longest length], reads by tile and length, to add to.
    """
    first = np.int64(0)
    for run in range(len(ends)):
        into = sums[rows[run]]
        for i in range(first, ends[run]):
            read = sampled[i]
            length = np.int64(lengths[read])
            start = np.int64(starts[read])
            row = buffer[start : start + length]
            for cycle in range(length):
                into[cycle] += np.int64(row[cycle])
            reach[rows[run], length] += 1
        first = ends[run]
