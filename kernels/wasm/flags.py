"""Flags of reads: kept or dropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Flags = npt.NDArray[np.uint8]


def mark_dropped_reference(keep: Flags, before: Flags, reason: int, marks: Flags) -> int:
    """Plain twin of `mark_dropped`."""
    if any(flag > 1 for flag in keep.tolist()):
        return -1
    for row, flag in enumerate(keep.tolist()):
        earlier = int(before[row]) if len(before) else 0
        marks[row] = earlier or (0 if flag else reason)
    return sum(mark > 0 for mark in marks.tolist())


@kernel("int64(uint8[::1], uint8[::1], int64, uint8[::1])")
def mark_dropped(keep: Flags, before: Flags, reason: int, marks: Flags) -> int:
    """Marks reads that are not to be kept; those marked before stay as they are.

    Args:
        keep: uint8 [n_reads], 1 for a read to keep, 0 for one to drop.
        before: uint8 [n_reads], marks that reads have already, 0 for none; [0] where no read has one.
        reason: 1..255, the mark.
        marks: uint8 [n_reads], to fill.

    Returns:
        Reads that are marked now; -1 where a flag is neither 0 nor 1, and marks are of no use.
    """
    bad, mark = np.uint8(0), np.uint8(reason)
    dropped = 0
    for row in range(len(keep)):
        bad |= keep[row] >> np.uint8(1)
        marks[row] = np.uint8((keep[row] ^ np.uint8(1)) * mark)
    for row in range(len(before)):
        marks[row] = before[row] or marks[row]
    if bad:
        return -1
    for row in range(len(marks)):
        dropped += marks[row] != 0
    return dropped
