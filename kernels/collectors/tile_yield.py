"""Reads, bases and qualities by lane and tile, of all reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.header_fields import field_number, field_start, has_prefix, is_alike, prefix_words
from kernels.jit import inlined, kernel
from kernels.words import WIDTH, Whole

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

TILE_BITS = 32
"""A place on a flow cell is one number: the lane above, the tile in this many bits below."""

MOST_LANES = 1 << 16

_RECENT = 4096


@inlined
def _lane(names: Bytes, start: Whole, tile: Whole, field: int) -> int:
    """The number in the field before the tile, which begins at `tile`; 0 if it is none."""
    is_number, lane = field_number(names, field_start(names, start, tile, field - 1), tile)
    return int(lane) if is_number and lane >= 0 and lane < MOST_LANES else 0


def tile_runs_reference(
    names: list[bytes], lengths: list[int], sums: list[int], field: int
) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Plain twin of `tile_runs`: reads, bases and sum of qualities by lane and tile, added up."""
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for name, length, total in zip(names, lengths, sums, strict=True):
        fields = name.split(b":")
        tile = _plain_number(fields[field]) if field < len(fields) else None
        if tile is None:
            continue
        lane = _plain_number(fields[field - 1])
        place = (lane if lane is not None and lane < MOST_LANES else 0, tile)
        reads, bases, quality = found.get(place, (0, 0, 0))
        found[place] = reads + 1, bases + length, quality + total
    return found


def _plain_number(text: bytes) -> int | None:
    digits = text[1:] if text[:1] in (b"+", b"-") else text
    if not digits or set(digits) - set(b"0123456789") or not 0 <= int(text) < 2**31:
        return None
    return int(text)


@kernel("int64(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64, int64[::1], int64[:, ::1])")
def tile_runs(
    names: Bytes,
    name_starts: Column,
    name_lengths: Column,
    lengths: Column,
    sums: Table,
    field: int,
    places: Table,
    values: Table,
) -> int:
    """Adds up reads by the lane and tile that their headers name; those that name none are left out.

    A place may be told more than once, in parts that have to be added; seldom, where tiles are as they come from
    an instrument.

    Args:
        names: uint8, headers.
        name_starts: int32 [n_reads], offset of each header after the ``@``.
        name_lengths: int32 [n_reads], bytes of each header.
        lengths: int32 [n_reads], bases.
        sums: int64 [n_reads], sum of each read's qualities.
        field: which field of a header, between colons and from 0, is the tile; the lane is before it.
        places: int64 [n_reads], to fill: lane and tile, see `TILE_BITS`.
        values: int64 [n_reads, 3], to fill: reads, bases, sum of qualities.

    Returns:
        How many rows are filled.
    """
    recent = np.full(_RECENT, -1, np.int32)
    count = 0
    lane = 0
    # Most headers begin as the one before: up to the tile, and up to the colon after it.
    alike = np.int64(0)
    before = np.int64(0)
    read = 0
    while read < len(name_starts):
        first = read
        read += 1
        start = np.int64(name_starts[first])
        end = start + name_lengths[first]
        if not is_alike(names, start, end, before, alike):
            at = field_start(names, start, end, field)
            alike = np.int64(0)
            if at > end:
                continue
            lane = _lane(names, start, at, field)
            before = start
            alike = np.int64(at - start)
        is_number, tile = field_number(names, start + alike, end)
        if not is_number or tile < 0:
            continue
        bases = np.int64(lengths[first])
        qualities = sums[first]
        after = field_start(names, start + alike, end, 1)
        same = np.int64(after - start)
        if after <= end and same >= WIDTH:
            prefix = prefix_words(names, start, same)
            for other in range(first + 1, len(name_starts)):
                if name_lengths[other] < same or not has_prefix(
                    names, np.int64(name_starts[other]), start, same, prefix
                ):
                    break
                bases += lengths[other]
                qualities += sums[other]
                read += 1
        place = (lane << TILE_BITS) + tile
        slot = (place ^ (place >> TILE_BITS) * 1031) & (_RECENT - 1)
        row = recent[slot]
        if row < 0 or places[row] != place:
            row = count
            count += 1
            recent[slot] = row
            places[row] = place
            values[row] = 0
        values[row, 0] += read - first
        values[row, 1] += bases
        values[row, 2] += qualities
    return count
