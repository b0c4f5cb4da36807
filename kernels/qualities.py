"""Base qualities by cycle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

OFFSET = 33
"""The character of quality 0."""

QUALITIES = 94
"""Qualities 0..93 can be written: characters 33..126."""

COLUMNS = 96
"""Columns of a quality table: `QUALITIES`, and two that stay zero so that rows are whole cache lines."""

# A tile of 512 cycles in 16-bit counters is 96 KiB: it stays in the second-level cache, and the
# rows in use for reads of 150 bases (28 KiB) in the first.
_TILE_CYCLES = 512
_TILE_READS = 65_535
_FEW_READS = 16


def quality_counts_reference(buffer: Bytes, starts: Column, lengths: Column, table: Table) -> None:
    """Plain twin of `quality_counts`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for cycle, character in enumerate(bytes(buffer[start : start + length])):
            table[cycle, character - OFFSET] += 1


@kernel("void(uint8[::1], int32[::1], int32[::1], int64[:, ::1])")
def quality_counts(buffer: Bytes, starts: Column, lengths: Column, table: Table) -> None:
    """Adds the qualities of reads to counts by cycle.

    Reads of very different lengths are fastest in descending order of length.

    Args:
        buffer: uint8, qualities as characters 33..126 (not checked here).
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        table: int64 [>= longest length, 96], cycle by quality.
    """
    tile = np.zeros((_TILE_CYCLES, COLUMNS), np.uint16)
    for first in range(0, len(starts), _TILE_READS):
        last = min(first + _TILE_READS, len(starts))
        longest = 0
        for read in range(first, last):
            longest = max(longest, lengths[read])
        for cycle in range(0, longest, _TILE_CYCLES):
            while lengths[last - 1] <= cycle:
                last -= 1
            if last - first < _FEW_READS:
                for read in range(first, last):
                    start = np.int64(starts[read]) + cycle
                    row = buffer[start : start + max(0, min(_TILE_CYCLES, lengths[read] - cycle))]
                    for i in range(len(row)):
                        table[cycle + i, row[i] - np.uint8(OFFSET)] += 1
                continue
            for read in range(first, last):
                start = np.int64(starts[read]) + cycle
                row = buffer[start : start + max(0, min(_TILE_CYCLES, lengths[read] - cycle))]
                for i in range(len(row)):
                    tile[i, row[i] - np.uint8(OFFSET)] += np.uint16(1)
            for i in range(min(_TILE_CYCLES, longest - cycle)):
                for quality in range(COLUMNS):
                    table[cycle + i, quality] += tile[i, quality]
                    tile[i, quality] = 0
