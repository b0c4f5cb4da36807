"""The reads ahead of a block that counts some cycles: those that reach them."""

from __future__ import annotations

import numpy as np
from numba import cuda

from kernels.cuda.launching import DeviceArray, within_device

AHEAD = 256
"""Reads that a block looks at together, to pass over those that end before its cycles."""


@within_device
def list_long(
    lengths: DeviceArray,
    first: np.uint32,
    cycle: np.uint32,
    listed: DeviceArray,
    counts: DeviceArray,
    side: np.uint32,
) -> None:
    """Lists which of `AHEAD` reads do not end before a cycle, in any order; called by all threads of a block.

    Args:
        lengths: of all reads.
        first: of those to look at.
        cycle: the cycle.
        listed: uint8 [`AHEAD`] in shared memory, to fill: their numbers, from `first` on.
        counts: uint32 [2] likewise: how many there are, zero before.
        side: which of the two.
    """
    i = np.uint32(cuda.threadIdx.x)
    while i < np.uint32(AHEAD):
        read = np.uint32(first + i)
        if read < np.uint32(len(lengths)) and lengths[read] > np.int32(cycle):
            listed[np.uint32(cuda.atomic.add(counts, side, np.uint32(1)))] = np.uint8(i)
        i = np.uint32(i + np.uint32(cuda.blockDim.x))
