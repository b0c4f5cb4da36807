"""The reads ahead of a block that counts some cycles: those that reach them, one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, within_device

AHEAD = 256
"""Reads that a block looks at together, to pass over those that end before its cycles."""


@within_device
def _list_long(
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


@within_device
def clear(shared: DeviceArray, size: np.uint32) -> None:
    """Fills the first `size` words of shared memory with zeros; called by all threads of a block."""
    i = np.uint32(cuda.threadIdx.x)
    while i < size:
        shared[i] = np.uint32(0)
        i = np.uint32(i + np.uint32(cuda.blockDim.x))


@within_device
def through_cycles(
    starts: DeviceArray,
    lengths: DeviceArray,
    begin: np.uint32,
    rows: np.uint32,
    row: np.uint32,
    cycle: np.uint32,
    counted: Callable[[Any, Any, np.uint32, np.int32], Any],
    own: Any,
    state: Any,
) -> Any:
    """Counts cycles of the reads that reach them.

    Called by all threads of a block, which wait for each other at its beginning and its end.

    Args:
        starts: int32 [n_reads], offset of each read's first byte.
        lengths: int32 [n_reads], bytes.
        begin: the block's first cycle.
        rows: reads that the block counts at once.
        row: which of them is the thread's; none if it is not below `rows`.
        cycle: the thread's first.
        counted: counts a read, given `own`, `state`, the offset of the thread's first cycle, and how many cycles the
            read has from there on, 1 or more; gives the state after it. A function for the device.
        own: what `counted` needs of its kernel.
        state: to begin with.

    Returns:
        The state after the last read.
    """
    listed = cuda.shared.array(AHEAD, types.uint8)
    counts = cuda.shared.array(2, types.uint32)
    me = np.uint32(cuda.threadIdx.x)
    if me < 2:
        counts[me] = np.uint32(0)
    cuda.syncthreads()
    turn = np.uint32(0)
    ahead = np.uint32(np.uint32(cuda.blockIdx.y) * np.uint32(AHEAD))
    while ahead < np.uint32(len(starts)):
        _list_long(lengths, ahead, begin, listed, counts, turn)
        cuda.syncthreads()
        i = row
        if row >= rows:
            i = counts[turn]
        while i < counts[turn]:
            read = np.uint32(ahead + listed[i])
            left = np.int32(lengths[read] - np.int32(cycle))
            if left > 0:
                state = counted(own, state, np.uint32(np.uint32(starts[read]) + cycle), left)
            i = np.uint32(i + rows)
        cuda.syncthreads()
        if me == 0:
            counts[turn] = np.uint32(0)
        turn = np.uint32(1 - turn)
        ahead = np.uint32(ahead + np.uint32(cuda.gridDim.y) * np.uint32(AHEAD))
    return state
