"""One number a read, on a device: GC bases, sum of qualities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, lanes, launch, on_device, threads, within_device
from kernels.cuda.loads import first_of_four, load_pair
from kernels.reads import gc_length

_THREADS = 256
_WIDTH = 8
"""Bytes of a thread: two words."""

_GC_MASK = np.uint32(0xDBDBDBDB)
_GC = np.uint32(0x43434343)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_EVEN = np.uint32(0x00FF00FF)
_LOW_BITS = np.uint32((1 << 16) - 1)


@within_device
def _gc_bits(word: np.uint32) -> np.uint32:
    """The highest bit of each byte that is G or C."""
    other = np.uint32((word & _GC_MASK) ^ _GC)
    differing = np.uint32(np.uint32((other & _LOWS) + _LOWS) | other)
    return np.uint32(np.uint32(~differing) & _HIGHS)


@within_device
def _in_pairs(word: np.uint32) -> np.uint32:
    """The sum of the first two bytes in the low half of a word, of the others in the high."""
    return np.uint32((word & _EVEN) + ((word >> np.uint32(8)) & _EVEN))


@on_device
def _count_gc(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, gc: DeviceArray) -> None:
    """`at_one` threads look at one read, eight bases each in turns."""
    parts = cuda.shared.array(0, types.int64)
    me = cuda.threadIdx.x
    rows = cuda.blockDim.x // at_one
    row = me // at_one
    lane = me - row * at_one
    for first in range(cuda.blockIdx.x * rows, len(starts), cuda.gridDim.x * rows):
        read = np.uint32(first + row)
        is_mine = row < rows and read < len(starts)
        total = np.int64(0)
        if is_mine:
            length = np.int32(gc_length(lengths[read]))
            start = starts[read]
            at = np.int32(_WIDTH * lane)
            while at < length:  # a range would divide, to know how often
                low, high = load_pair(buffer, np.uint32(start + at))
                total += cuda.popc(_gc_bits(first_of_four(low, length - at)))
                total += cuda.popc(_gc_bits(first_of_four(high, length - at - 4)))
                at = np.int32(at + _WIDTH * at_one)
        parts[me] = total
        cuda.syncthreads()
        if lane == 0 and is_mine:
            for other in range(1, at_one):
                total += parts[me + other]
            gc[read] = total
        cuda.syncthreads()


@on_device
def _sum(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, sums: DeviceArray) -> None:
    """`at_one` threads look at one read, eight qualities each in turns."""
    parts = cuda.shared.array(0, types.int64)
    me = cuda.threadIdx.x
    rows = cuda.blockDim.x // at_one
    row = me // at_one
    lane = me - row * at_one
    for first in range(cuda.blockIdx.x * rows, len(starts), cuda.gridDim.x * rows):
        read = np.uint32(first + row)
        is_mine = row < rows and read < len(starts)
        total = np.int64(0)
        if is_mine:
            length = lengths[read]
            start = starts[read]
            at = np.int32(_WIDTH * lane)
            while at < length:
                low, high = load_pair(buffer, np.uint32(start + at))
                pairs = np.uint32(
                    _in_pairs(first_of_four(low, length - at)) + _in_pairs(first_of_four(high, length - at - 4))
                )
                total += np.int64((pairs & _LOW_BITS) + (pairs >> np.uint32(16)))
                at = np.int32(at + _WIDTH * at_one)
        parts[me] = total
        cuda.syncthreads()
        if lane == 0 and is_mine:
            for other in range(1, at_one):
                total += parts[me + other]
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
