"""One number a read, on a device: GC bases, sum of qualities."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.collectors.reads import gc_length
from kernels.cuda.launching import DeviceArray, Stream, on_device, within_device
from kernels.cuda.parts import Words, launch_each, number_each

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
def _with_gc(_: DeviceArray, before: np.uint32, words: Words) -> np.uint32:
    """Adds how many of 16 bytes are G or C."""
    bits = _gc_bits(words[0])
    bits |= np.uint32(_gc_bits(words[1]) >> np.uint32(1))
    bits |= np.uint32(_gc_bits(words[2]) >> np.uint32(2))
    bits |= np.uint32(_gc_bits(words[3]) >> np.uint32(3))
    return np.uint32(before + np.uint32(cuda.popc(np.uint32(bits))))


@within_device
def _whole(length: int) -> int:
    """All qualities of a read."""
    return length


@within_device
def _with_sum(_: DeviceArray, before: np.int64, words: Words) -> np.int64:
    """Adds the sum of 16 bytes."""
    pairs = np.uint32(0)  # of bytes with even numbers in the low half of a word, but for carries, and so on
    for word in words:
        pairs = np.uint32(pairs + (word & _EVEN) + ((word >> np.uint32(8)) & _EVEN))
    return np.int64(before + np.int64(np.uint32((pairs & _LOW_BITS) + (pairs >> _HALF_BITS))))


@on_device
def _count_gc(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, gc: DeviceArray) -> None:
    parts = cuda.shared.array(0, types.uint32)
    number_each(buffer, starts, lengths, at_one, parts, parts, gc_length, _with_gc, np.uint32(0), gc)


@on_device
def _sum(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, at_one: int, sums: DeviceArray) -> None:
    parts = cuda.shared.array(0, types.int64)
    number_each(buffer, starts, lengths, at_one, parts, parts, _whole, _with_sum, np.int64(0), sums)


def gc_counts(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, gc: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.collectors.reads.gc_counts`: counts G and C in the part of each read that `gc_length` gives.

    Args:
        buffer: uint8, begins at a multiple of 16 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        gc: int32 [n_reads], to fill.
        stream: where the launch goes.
    """
    launch_each(_count_gc, buffer, starts, lengths, (), gc, 4, stream)


def quality_sums(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, sums: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.collectors.reads.quality_sums`: sums the quality characters of each read, offset of 33 included.

    Args:
        buffer: uint8, begins at a multiple of 16 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        sums: int64 [n_reads], to fill.
        stream: where the launch goes.
    """
    launch_each(_sum, buffer, starts, lengths, (), sums, 8, stream)
