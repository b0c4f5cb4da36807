"""Checks and copies of the bytes that reads are made of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, kernel
from kernels.vectors import LANES, copy_lanes

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_COMPILES = COMPILES


def first_unprintable_reference(buffer: Bytes, starts: Column, lengths: Column) -> int:
    """Plain twin of `first_unprintable`."""
    for row, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        if any(not 33 <= byte <= 126 for byte in buffer[start : start + length].tolist()):
            return row
    return -1


@kernel("int64(uint8[::1], int32[::1], int32[::1])")
def first_unprintable(buffer: Bytes, starts: Column, lengths: Column) -> int:
    """Finds the first read with a byte that neither a base nor a quality can be.

    Args:
        buffer: uint8 [n_bytes].
        starts: int32 [n_reads], first byte of each read.
        lengths: int32 [n_reads], bytes of each read.

    Returns:
        Its row; -1 where all bytes are 33..126.
    """
    for row in range(len(starts)):
        top = np.uint8(0)
        for place in range(starts[row], starts[row] + lengths[row]):
            top = max(top, np.uint8(buffer[place] - np.uint8(33)))  # wraps below 33
        if top > 93:
            return row
    return -1


def first_difference_reference(
    before: Bytes, before_starts: Column, after: Bytes, after_starts: Column, lengths: Column
) -> int:
    """Plain twin of `first_difference`."""
    for row, length in enumerate(lengths):
        old = before[before_starts[row] : before_starts[row] + length]
        if not np.array_equal(old, after[after_starts[row] : after_starts[row] + length]):
            return row
    return -1


@kernel("int64(uint8[::1], int32[::1], uint8[::1], int32[::1], int32[::1])")
def first_difference(before: Bytes, before_starts: Column, after: Bytes, after_starts: Column, lengths: Column) -> int:
    """Finds the first read whose bytes are not the same in two buffers.

    Args:
        before: uint8 [n_bytes].
        before_starts: int32 [n_reads], first byte of each read there.
        after: uint8 [m_bytes].
        after_starts: int32 [n_reads], first byte of each read here.
        lengths: int32 [n_reads], bytes of each read.

    Returns:
        Its row; -1 where all are the same.
    """
    for row in range(len(lengths)):
        old, new, bad = before_starts[row], after_starts[row], np.uint8(0)
        for place in range(lengths[row]):
            bad |= before[old + place] ^ after[new + place]
        if bad:
            return row
    return -1


def pack_reference(buffer: Bytes, starts: Column, lengths: Column, target: Bytes, packed: Column) -> int:
    """Plain twin of `pack`."""
    at = 0
    for row, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        packed[row] = at
        target[at : at + length] = buffer[start : start + length]
        at += length
    return at


@kernel("int64(uint8[::1], int32[::1], int32[::1], uint8[::1], int32[::1])")
def pack(buffer: Bytes, starts: Column, lengths: Column, target: Bytes, packed: Column) -> int:
    """Copies one part of every read, one behind the other.

    Args:
        buffer: uint8 [n_bytes], readable for 63 bytes past every part.
        starts: int32 [n_reads], first byte of each part.
        lengths: int32 [n_reads], bytes of each part.
        target: uint8, with room for all parts and 63 bytes more, which may be overwritten.
        packed: int32 [n_reads], to fill with where each part is in ``target``.

    Returns:
        Bytes of all parts.
    """
    at = 0
    for row in range(len(starts)):
        packed[row] = at
        start, length = starts[row], lengths[row]
        if _COMPILES:
            for i in range(0, length, LANES):
                copy_lanes(buffer, start + i, target, at + i)
        else:
            target[at : at + length] = buffer[start : start + length]
        at += length
    return at


def clear_between_reference(target: Bytes, starts: Column, lengths: Column) -> None:
    """Plain twin of `clear_between`."""
    covered = np.zeros(len(target), np.bool_)
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        covered[start : start + length] = True
    target[~covered] = 0


@kernel("void(uint8[::1], int32[::1], int32[::1])")
def clear_between(target: Bytes, starts: Column, lengths: Column) -> None:
    """Writes zeros wherever there is no part of a read: before, between and after them.

    Args:
        target: uint8 [n_bytes].
        starts: int32 [n_parts], ascending, first byte of each part; parts may overlap.
        lengths: int32 [n_parts], bytes of each part.
    """
    end = np.int64(0)
    for part in range(len(starts)):
        for place in range(end, starts[part]):
            target[place] = 0
        end = max(end, np.int64(starts[part]) + lengths[part])
    target[end:] = 0
