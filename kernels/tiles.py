"""Base qualities by tile and cycle, of a sample of the reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.header_fields import field_number, field_start
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


def tile_numbers_reference(
    names: list[bytes], lengths: list[int], indices: list[int], field: int
) -> list[tuple[int, int]] | None:
    """Plain twin of `tile_numbers`: reads looked at, each with its tile; ``None`` where one has none."""
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


@kernel("int64(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64, int32[::1], int64[::1])")
def tile_numbers(
    buffer: Bytes,
    name_starts: Column,
    name_lengths: Column,
    lengths: Column,
    indices: Table,
    field: int,
    sampled: Column,
    tiles: Table,
) -> int:
    """Picks the reads to look at and reads their tiles from their names.

    Reads without bases are not looked at (FastQC 0.12.1, ``PerTileQualityScores``).

    Args:
        buffer: uint8, headers.
        name_starts: int32 [n_reads], offset of each header after the ``@``.
        name_lengths: int32 [n_reads], bytes of each header.
        lengths: int32 [n_reads], bases.
        indices: int64 [n_reads], the number of each read among those of the file that have bases, from 0.
        field: which field of a header, between colons and from 0, is the tile.
        sampled: int32 [n_reads], to fill: the numbers of the reads looked at.
        tiles: int64 [n_reads], to fill: their tiles.

    Returns:
        How many reads are looked at, or `NO_TILE` if a header has no number in that field.
    """
    count = 0
    for read in range(len(lengths)):
        if lengths[read] == 0 or not is_sampled(indices[read]):
            continue
        start = np.int64(name_starts[read])
        end = start + name_lengths[read]
        is_number, tile = field_number(buffer, field_start(buffer, start, end, field), end)
        if not is_number:
            return NO_TILE
        sampled[count] = read
        tiles[count] = tile
        count += 1
    return count


def tile_quality_sums_reference(
    qualities: list[bytes], rows: list[int], sums: dict[tuple[int, int], int], reach: dict[tuple[int, int], int]
) -> None:
    """Plain twin of `tile_quality_sums`, for all reads given."""
    for row, text in zip(rows, qualities, strict=True):
        reach[row, len(text)] = reach.get((row, len(text)), 0) + 1
        for cycle, character in enumerate(text):
            sums[row, cycle] = sums.get((row, cycle), 0) + character


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64[:, ::1], int64[:, ::1])")
def tile_quality_sums(
    buffer: Bytes, starts: Column, lengths: Column, sampled: Column, rows: Table, sums: Table, reach: Table
) -> None:
    """Adds the quality characters of some reads to sums by tile and cycle.

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sampled: int32 [n], the numbers of the reads to add.
        rows: int64 [n], the row of each one's tile.
        sums: int64 [n_tiles, >= longest length], to add to.
        reach: int64 [n_tiles, > longest length], reads by tile and length, to add to.
    """
    for i in range(len(sampled)):
        read = sampled[i]
        length = np.int64(lengths[read])
        start = np.int64(starts[read])
        row = buffer[start : start + length]
        into = sums[rows[i]]
        for cycle in range(length):
            into[cycle] += np.int64(row[cycle])
        reach[rows[i], length] += 1
