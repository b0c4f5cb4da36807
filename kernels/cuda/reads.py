"""One number a read, on a device: GC bases, sum of qualities, sum of chances of error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, lanes, launch, on_device, threads
from kernels.cuda.loads import load_up_to_four
from kernels.reads import gc_length

_THREADS = 256
_WIDTH = 4

_GC_MASK = np.uint32(0xDBDBDBDB)
_GC = np.uint32(0x43434343)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_EVEN = np.uint32(0x00FF00FF)
_LOW_BITS = np.uint32((1 << 16) - 1)


@on_device
def _count_gc(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, gc: DeviceArray) -> None:
    """`at_one` threads look at one read, four bases each in turns."""
    parts = cuda.shared.array(0, types.int64)
    me = cuda.threadIdx.x
    rows = cuda.blockDim.x // at_one
    row = me // at_one
    lane = me - row * at_one
    for first in range(cuda.blockIdx.x * rows, len(starts), cuda.gridDim.x * rows):
        read = first + row
        total = np.int64(0)
        if row < rows and read < len(starts):
            length = gc_length(lengths[read])
            for at in range(_WIDTH * lane, length, _WIDTH * at_one):
                word = load_up_to_four(buffer, starts[read] + at, length - at)
                other = np.uint32((word & _GC_MASK) ^ _GC)
                differing = np.uint32(np.uint32((other & _LOWS) + _LOWS) | other)
                total += cuda.popc(np.uint32(np.uint32(~differing) & _HIGHS))
        parts[me] = total
        cuda.syncthreads()
        if lane == 0 and row < rows and read < len(starts):
            for other_lane in range(1, at_one):
                total += parts[me + other_lane]
            gc[read] = total
        cuda.syncthreads()


@on_device
def _sum(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, sums: DeviceArray) -> None:
    """`at_one` threads look at one read, four qualities each in turns."""
    parts = cuda.shared.array(0, types.int64)
    me = cuda.threadIdx.x
    rows = cuda.blockDim.x // at_one
    row = me // at_one
    lane = me - row * at_one
    for first in range(cuda.blockIdx.x * rows, len(starts), cuda.gridDim.x * rows):
        read = first + row
        total = np.int64(0)
        if row < rows and read < len(starts):
            length = lengths[read]
            for at in range(_WIDTH * lane, length, _WIDTH * at_one):
                word = load_up_to_four(buffer, starts[read] + at, length - at)
                pairs = np.uint32((word & _EVEN) + ((word >> np.uint32(8)) & _EVEN))
                total += np.int64((pairs & _LOW_BITS) + (pairs >> np.uint32(16)))
        parts[me] = total
        cuda.syncthreads()
        if lane == 0 and row < rows and read < len(starts):
            for other_lane in range(1, at_one):
                total += parts[me + other_lane]
            sums[read] = total
        cuda.syncthreads()


def gc_counts(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, gc: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.reads.gc_counts`: counts G and C in the part of each read that `gc_length` gives.

    Args:
        buffer: uint8, begins at a multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        gc: int32 [n_reads], to fill.
        stream: where the launch goes.
    """
    _for_each_read(_count_gc, buffer, starts, lengths, (gc,), stream)


def quality_sums(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, sums: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.reads.quality_sums`: sums the quality characters of each read, the offset of 33 still in them.

    Args:
        buffer: uint8, begins at a multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sums: int64 [n_reads], to fill.
        stream: where the launch goes.
    """
    _for_each_read(_sum, buffer, starts, lengths, (sums,), stream)


def _for_each_read(
    kernel: Any,
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    results: tuple[DeviceArray, ...],
    stream: Stream,
) -> None:
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes(len(buffer), len(starts), in_block)
    grid = blocks(len(starts), in_block // at_one, in_block)
    launch(kernel, grid, in_block, (buffer, starts, lengths, at_one, *results), stream, 8 * in_block)
