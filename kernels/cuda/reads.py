"""One number a read, on a device: GC bases, sum of qualities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import (
    PIECE,
    DeviceArray,
    Stream,
    blocks,
    lanes_of_pieces,
    launch,
    on_device,
    threads,
    within_device,
)
from kernels.cuda.parts import MASKS, Words, load_part, make_masks, parts_sum
from kernels.reads import gc_length

_THREADS = 256

_GC_MASK = np.uint32(0x5B5B5B5B)  # without the highest bit, which is looked at for itself
_GC = np.uint32(0x43434343)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_EVEN = np.uint32(0x00FF00FF)
_LOW_BITS = np.uint32((1 << 16) - 1)
_HALF_BITS = np.uint32(16)


@within_device
def _gc_bits(word: np.uint32) -> np.uint32:
    """The highest bit of each byte that is G or C."""
    differing = np.uint32(np.uint32((word & _GC_MASK) ^ _GC) + _LOWS)
    return np.uint32(np.uint32(~np.uint32(differing | word)) & _HIGHS)


@within_device
def _gc_of(words: Words) -> np.uint32:
    """How many of 16 bytes are G or C."""
    bits = _gc_bits(words[0])
    bits |= np.uint32(_gc_bits(words[1]) >> np.uint32(1))
    bits |= np.uint32(_gc_bits(words[2]) >> np.uint32(2))
    bits |= np.uint32(_gc_bits(words[3]) >> np.uint32(3))
    return np.uint32(cuda.popc(np.uint32(bits)))


@within_device
def _sum_of(words: Words) -> np.uint32:
    """The sum of 16 bytes."""
    pairs = np.uint32(0)  # of bytes with even numbers in the low half of a word, but for carries, and so on
    for word in words:
        pairs = np.uint32(pairs + (word & _EVEN) + ((word >> np.uint32(8)) & _EVEN))
    return np.uint32((pairs & _LOW_BITS) + (pairs >> _HALF_BITS))


@on_device
def _count_gc(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, gc: DeviceArray) -> None:
    """`at_one` threads look at one read, in turns at 16 bytes each that one load gets, whoever's they are."""
    masks = cuda.shared.array(MASKS, types.uint64)
    parts = cuda.shared.array(0, types.uint32)  # of the reads in hand, and of those before or after
    me, in_block, many = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(at_one)
    rows, row = np.uint32(in_block // many), np.uint32(me // many)
    lane = np.uint32(me - row * many)
    make_masks(masks, me, in_block)
    cuda.syncthreads()
    side = np.uint32(0)
    first = np.uint32(np.uint32(cuda.blockIdx.x) * rows)
    while first < np.uint32(len(starts)):
        read = np.uint32(first + row)
        if row < rows and read < np.uint32(len(starts)):
            start = np.uint32(starts[read])
            length = np.int32(gc_length(lengths[read]))
            piece = np.uint32((start >> np.uint32(4)) + lane)
            at = np.int32(np.int32(PIECE * lane) - np.int32(start & np.uint32(15)))
            total = np.uint32(0)
            while at < length:
                total = np.uint32(total + _gc_of(load_part(buffer, piece, masks, at, length)))
                piece = np.uint32(piece + many)
                at = np.int32(at + PIECE * many)
            parts[np.uint32(side + lane * rows + row)] = total
        cuda.syncthreads()
        mine = np.uint32(first + me)
        if me < rows and mine < np.uint32(len(starts)):
            gc[mine] = parts_sum(parts, np.uint32(side + me), rows, many)
        side = np.uint32(rows * many - side)
        first = np.uint32(first + np.uint32(cuda.gridDim.x) * rows)


@on_device
def _sum(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, sums: DeviceArray) -> None:
    """As `_count_gc`."""
    masks = cuda.shared.array(MASKS, types.uint64)
    parts = cuda.shared.array(0, types.int64)
    me, in_block, many = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(at_one)
    rows, row = np.uint32(in_block // many), np.uint32(me // many)
    lane = np.uint32(me - row * many)
    make_masks(masks, me, in_block)
    cuda.syncthreads()
    side = np.uint32(0)
    first = np.uint32(np.uint32(cuda.blockIdx.x) * rows)
    while first < np.uint32(len(starts)):
        read = np.uint32(first + row)
        if row < rows and read < np.uint32(len(starts)):
            start = np.uint32(starts[read])
            length = np.int32(lengths[read])
            piece = np.uint32((start >> np.uint32(4)) + lane)
            at = np.int32(np.int32(PIECE * lane) - np.int32(start & np.uint32(15)))
            total = np.int64(0)
            while at < length:
                total += np.int64(_sum_of(load_part(buffer, piece, masks, at, length)))
                piece = np.uint32(piece + many)
                at = np.int32(at + PIECE * many)
            parts[np.uint32(side + lane * rows + row)] = total
        cuda.syncthreads()
        mine = np.uint32(first + me)
        if me < rows and mine < np.uint32(len(starts)):
            sums[mine] = parts_sum(parts, np.uint32(side + me), rows, many)
        side = np.uint32(rows * many - side)
        first = np.uint32(first + np.uint32(cuda.gridDim.x) * rows)


def gc_counts(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, gc: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.reads.gc_counts`: counts G and C in the part of each read that `gc_length` gives.

    Args:
        buffer: uint8, begins at a multiple of 16 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        gc: int32 [n_reads], to fill.
        stream: where the launch goes.
    """
    _for_each_read(_count_gc, buffer, starts, lengths, gc, 4, stream)


def quality_sums(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, sums: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.reads.quality_sums`: sums the quality characters of each read, the offset of 33 still in them.

    Args:
        buffer: uint8, begins at a multiple of 16 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sums: int64 [n_reads], to fill.
        stream: where the launch goes.
    """
    _for_each_read(_sum, buffer, starts, lengths, sums, 8, stream)


def _for_each_read(
    kernel: Any,
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    results: DeviceArray,
    part: int,
    stream: Stream,
) -> None:
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes_of_pieces(len(buffer), len(starts), in_block)
    rows = in_block // at_one
    grid = blocks(len(starts), rows, in_block)
    launch(kernel, grid, in_block, (buffer, starts, lengths, at_one, results), stream, 2 * part * rows * at_one)
