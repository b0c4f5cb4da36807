"""What a stage did to the reads of a batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

TALLIES = 6
"""Reads in, bases in, reads out, bases out, reads shortened, bases cut from reads that stay."""


def tally_reference(
    before: Column, dropped_before: Bytes, after: Column, dropped_after: Bytes, totals: Counts, reasons: Counts
) -> None:
    """Plain twin of `tally`."""
    were = dropped_before.tolist() or [0] * len(before)
    are = dropped_after.tolist() or [0] * len(after)
    for old, new, was, now in zip(before.tolist(), after.tolist(), were, are, strict=True):
        if not was:
            totals[:2] += [1, old]
        if not was and now:
            reasons[now] += 1
        if not now:
            totals[2:] += [1, new, int(new < old), max(old - new, 0)]


@kernel("void(int32[::1], uint8[::1], int32[::1], uint8[::1], int64[::1], int64[::1])")
def tally(
    before: Column, dropped_before: Bytes, after: Column, dropped_after: Bytes, totals: Counts, reasons: Counts
) -> None:
    """Counts reads and bases before and after a stage, and why reads were dropped.

    Args:
        before: int32 [n_reads], lengths that came in.
        dropped_before: uint8 [n_reads], or empty where none was dropped.
        after: int32 [n_reads], lengths that go out.
        dropped_after: likewise.
        totals: int64 [TALLIES], to add to.
        reasons: int64 [256], to add to: reads dropped here, by reason.
    """
    for read in range(len(before)):
        was = len(dropped_before) > 0 and dropped_before[read] != 0
        now = len(dropped_after) > 0 and dropped_after[read] != 0
        if not was:
            totals[0] += 1
            totals[1] += before[read]
        if now:
            if not was:
                reasons[dropped_after[read]] += 1
            continue
        totals[2] += 1
        totals[3] += after[read]
        if after[read] < before[read]:
            totals[4] += 1
            totals[5] += before[read] - after[read]
