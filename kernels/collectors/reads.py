"""One number a read: GC bases, sum of qualities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel
from kernels.occurrences import low_bits
from kernels.vectors import LANES, base_masks, bit_count, lane_sum
from kernels.words import Whole

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Sums = npt.NDArray[np.int64]

# C and G differ in one bit, upper and lower case in another: both cleared, all four are 0x43.
_GC_MASK = 0xDB
_GC = 0x43
_COMPILES = COMPILES  # a constant to the compiler, which leaves out the branch that it cannot take


@inlined
def gc_length(length: int) -> int:
    """Bases of a read that the GC distribution looks at.

    Above 1,000 a multiple of 1,000, above 100 a multiple of 100, else all, so that few normal
    models are needed (FastQC 0.12.1, ``PerSequenceGCContent.truncateSequence``).
    """
    if length > 1000:
        return length // 1000 * 1000
    if length > 100:
        return length // 100 * 100
    return length


@inlined
def _gc_count(buffer: Bytes, start: Whole, length: int) -> int:
    total = 0
    if _COMPILES:
        for at in range(0, length, LANES):
            _, c, g, _ = base_masks(buffer, start + at)
            total += bit_count((c | g) & low_bits(length - at))
    else:
        for base in buffer[start : start + length]:
            total += int(base & np.uint8(_GC_MASK) == np.uint8(_GC))
    return total


def gc_counts_reference(buffer: Bytes, starts: Column, lengths: Column, gc: Column) -> None:
    """Plain twin of `gc_counts`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        step = 1000 if length > 1000 else 100 if length > 100 else 1
        text = bytes(buffer[start : start + length // step * step]).upper()
        gc[read] = text.count(b"G") + text.count(b"C")


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def gc_counts(buffer: Bytes, starts: Column, lengths: Column, gc: Column) -> None:
    """Counts G and C, either case, in the part of each read that `gc_length` gives.

    Args:
        buffer: uint8, bases, readable for 64 bytes past any read's end.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        gc: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        gc[read] = _gc_count(buffer, np.int64(starts[read]), gc_length(lengths[read]))


@inlined
def _sum(buffer: Bytes, start: Whole, length: Whole) -> int:
    total = 0
    if _COMPILES:
        for at in range(0, length, LANES):
            total += lane_sum(buffer, start + at, length - at)
    else:
        for character in buffer[start : start + length]:
            total += int(character)
    return total


def quality_sums_reference(buffer: Bytes, starts: Column, lengths: Column, sums: Sums) -> None:
    """Plain twin of `quality_sums`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        sums[read] = sum(bytes(buffer[start : start + length]))


@kernel("void(uint8[::1], int32[::1], int32[::1], int64[::1])")
def quality_sums(buffer: Bytes, starts: Column, lengths: Column, sums: Sums) -> None:
    """Sums the quality characters of each read; the offset of 33 is still in them.

    Args:
        buffer: uint8, quality characters, readable for 64 bytes past any read's end.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sums: int64 [n_reads], to fill.
    """
    for read in range(len(starts)):
        sums[read] = _sum(buffer, np.int64(starts[read]), np.int64(lengths[read]))
