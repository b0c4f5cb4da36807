"""Qualities raised to the least that there can be, and moved to another encoding."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]


def shift_qualities_reference(buffer: Bytes, starts: Column, lengths: Column, least: int, down: int) -> None:
    """Plain twin of `shift_qualities`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        old = bytes(buffer[start : start + length])
        new = bytes(max(byte, OFFSET + least) - down for byte in old)
        buffer[start : start + length] = np.frombuffer(new, np.uint8)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64)")
def shift_qualities(buffer: Bytes, starts: Column, lengths: Column, least: int, down: int) -> None:
    """Raises qualities that are too low, and then lowers all.

    Args:
        buffer: uint8, qualities as ASCII, 33..126, changed.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], bases.
        least: what the lowest may be above 33.
        down: what is taken from each; not above `least`.
    """
    low = OFFSET + least
    for read in range(len(starts)):
        start = int(starts[read])
        for i in range(start, start + lengths[read]):
            buffer[i] = max(int(buffer[i]), low) - down
