"""Sums of qualities from the beginning of a read to each of its bases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

MOST_BASES = ((1 << 31) - 1) // 93
"""Bases of a read whose sums are sure not to run over."""


def quality_prefix_sums_reference(buffer: Bytes, starts: Column, lengths: Column, sums: Column) -> None:
    """Plain twin of `quality_prefix_sums`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        scores = [character - OFFSET for character in bytes(buffer[start : start + length])]
        for i in range(length):
            sums[start + i] = sum(scores[: i + 1])


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def quality_prefix_sums(buffer: Bytes, starts: Column, lengths: Column, sums: Column) -> None:
    """Adds up the Phred qualities of each read, base by base.

    From two of these sums comes that of any window between.

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities, at most `MOST_BASES`.
        sums: int32 [>= the end of the last read], to fill: at ``starts[r] + i`` the sum of the qualities 0..i of
            read r. What stands between reads is left as it is.
    """
    for read in range(len(starts)):
        total = np.int32(0)
        for i in range(starts[read], starts[read] + lengths[read]):
            total += np.int32(buffer[i]) - np.int32(OFFSET)
            sums[i] = total
