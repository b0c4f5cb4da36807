"""Bases by cycle."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.vectors import LANES, make_lane_counter

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.integer[Any]]

BASES = b"ACGTN"
"""The rows of a base table, in order."""

_UPPER = 0xDF
_READS_AT_ONCE = 255
_WIDTHS = [f"void(uint8[::1], int32[::1], int32[::1], {counter}[:, :, ::1])" for counter in ("uint32", "int64")]

_count_lanes = make_lane_counter(len(BASES))


def base_counts_reference(buffer: Bytes, starts: Column, lengths: Column, table: Table) -> None:
    """Plain twin of `base_counts`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for cycle, base in enumerate(bytes(buffer[start : start + length]).upper()):
            if base in BASES:
                table[cycle // LANES, BASES.index(base), cycle % LANES] += 1


@kernel(*_WIDTHS)
def base_counts_portable(buffer: Bytes, starts: Column, lengths: Column, table: Table) -> None:
    """Base-by-base twin of `base_counts`."""
    for read in range(len(starts)):
        for cycle in range(lengths[read]):
            base = buffer[starts[read] + cycle] & _UPPER
            for row in range(len(BASES)):
                if base == BASES[row]:
                    table[cycle // LANES, row, cycle % LANES] += 1


@kernel(*_WIDTHS)
def base_counts(buffer: Bytes, starts: Column, lengths: Column, table: Table) -> None:
    """Adds the bases of reads to counts by cycle, either case, 64 cycles at a time.

    Reads of very different lengths are fastest in descending order of length.

    Args:
        buffer: uint8, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base: ascending, or of reads in descending order of
            length. In any other order, bytes further past the end of a short read may be looked at.
        lengths: int32 [n_reads], bases.
        table: uint32 or int64 [n_blocks, 5, 64], cycle c of base b (in the order of `BASES`) is
            ``table[c // 64, b, c % 64]``; n_blocks * 64 is at least the longest length.
    """
    values = np.empty(len(BASES), np.uint8)
    for row in range(len(BASES)):
        values[row] = BASES[row]
    counts = np.empty((len(BASES), LANES), np.uint8)
    for first in range(0, len(starts), _READS_AT_ONCE):
        last = min(first + _READS_AT_ONCE, len(starts))
        longest = np.int64(0)
        for read in range(first, last):
            longest = max(longest, np.int64(lengths[read]))
        for block in range((longest + LANES - 1) // LANES):
            cycle = np.int64(block) * LANES
            while lengths[last - 1] <= cycle:
                last -= 1
            _count_lanes(buffer, starts, lengths, first, last, cycle, np.uint8(_UPPER), values, counts)
            for row in range(len(BASES)):
                for lane in range(LANES):
                    table[block, row, lane] += counts[row, lane]
