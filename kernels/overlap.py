"""Where the two reads of a pair overlap, as fastp finds it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel
from kernels.occurrences import low_bits
from kernels.vectors import LANES, bit_count, equal_lanes

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_COMPILES = COMPILES
_SURE = 50
"""Bases that have to agree with few differences for an overlap to be one, whatever follows."""


def complement_table() -> Bytes:
    """uint8 [256]: the complement of each base, in its case; N of anything else."""
    table = np.full(256, ord("N"), np.uint8)
    for base, other in zip(b"ACGTUacgtu", b"TGCAAtgcaa", strict=True):
        table[base] = other
    return table


COMPLEMENT = complement_table()


def overlap_reference(first: bytes, second: bytes, least: int, most: int, percent: int) -> tuple[int, int, int]:
    """Plain twin of `overlap_of`, of two texts: offset, bases, differences; (0, 0, 0) for none."""
    turned = bytes(int(COMPLEMENT[base]) for base in reversed(second))
    offsets = [*range(max(len(first) - least, 0)), *(-at for at in range(max(len(second) - least, 0)))]
    for offset in offsets:
        mine, theirs = first[max(offset, 0) :], turned[max(-offset, 0) :]
        bases = min(len(mine), len(theirs))
        limit = min(most, bases * percent // 100)
        unlike = [i for i in range(bases) if mine[i] != theirs[i]]
        if len(unlike) <= limit or unlike[limit] >= _SURE:
            return offset, bases, len(unlike)
    return 0, 0, 0


@inlined
def _unlike(first: Bytes, at: int, second: Bytes, to: int, count: int) -> int:
    """Of up to 64 bytes, those that differ."""
    if _COMPILES:
        return bit_count(~equal_lanes(first, at, second, to) & low_bits(count))
    unlike = 0
    for i in range(count):
        if first[at + i] != second[to + i]:
            unlike += 1
    return unlike


@inlined
def overlap_of(
    buffer: Bytes,
    start: int,
    length: int,
    turned: Bytes,
    other_length: int,
    least: int,
    most: int,
    percent: int,
    found: Column,
) -> bool:
    """Finds the overlap of a read with its mate, turned around.

    Offsets are tried from 0 up, where the mate begins inside the read, then from 0 down, where the read runs past
    the mate's end into its adapter. The first one wins at which few enough bases differ: at most `most` and
    `percent` of the overlap, in all of it or in its first 50 bases.

    Args:
        buffer: uint8, the read's bases, readable for 64 bytes past it.
        start: offset of its first base.
        length: its bases.
        turned: uint8 [>= other_length + 64], reverse complement of the mate.
        other_length: its bases.
        least: bases of the shortest overlap, less one.
        most: most differences.
        percent: most differences for each 100 bases.
        found: int32 [3], to fill: offset, bases, and differences of the overlap.

    Returns:
        Whether there is one.
    """
    forward = max(length - least, 0)
    backward = max(other_length - least, 0)
    for step in range(forward + backward):
        offset = step if step < forward else forward - step
        mine = start + max(offset, 0)
        theirs = max(-offset, 0)
        bases = min(length - max(offset, 0), other_length - theirs)
        limit = min(most, bases * percent // 100)
        sure = min(bases, _SURE)
        if _unlike(buffer, mine, turned, theirs, sure) <= limit:
            unlike = 0
            for first in range(0, bases, LANES):
                unlike += _unlike(buffer, mine + first, turned, theirs + first, min(LANES, bases - first))
            if unlike <= limit or bases > _SURE:
                found[0] = offset
                found[1] = bases
                found[2] = unlike
                return True
    return False


def overlaps_reference(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    mates: Bytes,
    mate_starts: Column,
    mate_lengths: Column,
    complement: Bytes,
    least: int,
    most: int,
    percent: int,
    found: Column,
) -> None:
    """Plain twin of `overlaps`."""
    del complement
    for row in range(len(starts)):
        first = bytes(buffer[starts[row] : starts[row] + lengths[row]])
        second = bytes(mates[mate_starts[row] : mate_starts[row] + mate_lengths[row]])
        found[row] = overlap_reference(first, second, least, most, percent)


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[::1], int32[::1], int32[::1], uint8[::1], int64, int64, int64,"
    "int32[:, ::1])"
)
def overlaps(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    mates: Bytes,
    mate_starts: Column,
    mate_lengths: Column,
    complement: Bytes,
    least: int,
    most: int,
    percent: int,
    found: Column,
) -> None:
    """Finds the overlap of each pair, see `overlap_of`.

    Args:
        buffer: uint8, bases of the first reads, readable for 64 bytes past any.
        starts: int32 [n_pairs], offset of each first base.
        lengths: int32 [n_pairs], bases.
        mates: uint8, bases of the second reads.
        mate_starts: likewise.
        mate_lengths: likewise.
        complement: uint8 [256], `COMPLEMENT`.
        least: bases of the shortest overlap, less one.
        most: most differences.
        percent: most differences for each 100 bases.
        found: int32 [n_pairs, 3], to fill: offset, bases and differences; no bases where there is none.
    """
    longest = 0
    for row in range(len(mate_lengths)):
        longest = max(longest, int(mate_lengths[row]))
    turned = np.empty(longest + LANES, np.uint8)
    for row in range(len(starts)):
        size = int(mate_lengths[row])
        last = int(mate_starts[row]) + size - 1
        for i in range(size):
            turned[i] = complement[mates[last - i]]
        found[row, :] = 0
        overlap_of(buffer, int(starts[row]), int(lengths[row]), turned, size, least, most, percent, found[row])
