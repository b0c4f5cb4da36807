"""How much was cut off for each adapter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]

HISTOGRAM = 1024
"""Bins of the lengths that were cut off; the last stands for all that are longer."""


def count_cuts_reference(hits: Column, cuts: Column, which: Bytes, histogram: Counts) -> None:
    """Plain twin of `count_cuts`."""
    for found, lengths in zip(hits.tolist(), cuts.tolist(), strict=True):
        for part, cut, counts in zip(found, lengths, which.tolist(), strict=True):
            if counts and part >= 0:
                histogram[part, min(cut, HISTOGRAM - 1)] += 1


@kernel("void(int32[:, ::1], int32[:, ::1], uint8[::1], int64[:, ::1])")
def count_cuts(hits: Column, cuts: Column, which: Bytes, histogram: Counts) -> None:
    """Counts what was cut off for each part of an adapter.

    Args:
        hits: int32 [n, n_reads], see `kernels.stages.adapters.adapter_ends`.
        cuts: int32 [n, n_reads], likewise.
        which: uint8 [n_reads], 0 for reads that do not count.
        histogram: int64 [n_parts, HISTOGRAM], to add to: parts found by bases that were cut off.
    """
    for slot in range(len(hits)):
        for read in range(len(which)):
            part = hits[slot, read]
            if which[read] and part >= 0:
                histogram[part, min(cuts[slot, read], HISTOGRAM - 1)] += 1
