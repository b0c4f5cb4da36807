"""Where lines end, and which bytes cannot stand in a sequence or a quality string."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.vectors import LANES, line_masks, lowest_bit

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int32]

_NEWLINE = 10
_LOWEST = 33
_HIGHEST = 126


def line_index_reference(buffer: Bytes, stop: int, newlines: Positions, oddities: Positions) -> tuple[int, int]:
    """Plain twin of `line_index`."""
    found = [i for i in range(stop) if buffer[i] == _NEWLINE]
    odd = [i for i in range(stop) if buffer[i] != _NEWLINE and not _LOWEST <= int(buffer[i]) <= _HIGHEST]
    newlines[: len(found)] = found
    oddities[: len(odd)] = odd
    return len(found), len(odd)


@kernel("UniTuple(int64, 2)(uint8[::1], int64, int32[::1], int32[::1])")
def line_index_portable(buffer: Bytes, stop: int, newlines: Positions, oddities: Positions) -> tuple[int, int]:
    """Byte-by-byte twin of `line_index`, for machines without fast vectors and for runs without a compiler."""
    n_newlines = 0
    n_odd = 0
    for i in range(stop):
        byte = buffer[i]
        if byte == _NEWLINE:
            newlines[n_newlines] = i
            n_newlines += 1
        elif byte < _LOWEST or byte > _HIGHEST:
            oddities[n_odd] = i
            n_odd += 1
    return n_newlines, n_odd


@kernel("UniTuple(int64, 2)(uint8[::1], int64, int32[::1], int32[::1])")
def line_index(buffer: Bytes, stop: int, newlines: Positions, oddities: Positions) -> tuple[int, int]:
    """Finds line ends and bytes outside 33..126 in one pass, 64 bytes at a time.

    Args:
        buffer: uint8 [>= stop], text.
        stop: bytes to look at.
        newlines: int32 [>= stop], receives the offset of every newline, ascending.
        oddities: int32 [>= stop], receives the offset of every other byte outside 33..126, ascending.

    Returns:
        The number of newlines and of oddities.
    """
    n_newlines = 0
    n_odd = 0
    i = np.int64(0)
    while i + LANES <= stop:
        lines, odd = line_masks(buffer, i)
        while lines != np.uint64(0):
            newlines[n_newlines] = i + lowest_bit(lines)
            n_newlines += 1
            lines &= lines - np.uint64(1)
        while odd != np.uint64(0):
            oddities[n_odd] = i + lowest_bit(odd)
            n_odd += 1
            odd &= odd - np.uint64(1)
        i += LANES
    while i < stop:
        byte = buffer[i]
        if byte == _NEWLINE:
            newlines[n_newlines] = i
            n_newlines += 1
        elif byte < _LOWEST or byte > _HIGHEST:
            oddities[n_odd] = i
            n_odd += 1
        i += 1
    return n_newlines, n_odd
