"""Where probes, short exact sequences of adapters, first occur in reads, on a device.

Words are looked up as on the CPU, but first in a filter of bits, in shared memory, by a hash of 32 bits: few words of a
read pass it that are in no probe, and only for those there is more to do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.collectors.probes import FAR_STEP, NEAR, upper_byte, word_hash, word_mask
from kernels.cuda.launching import (
    SIMULATED,
    DeviceArray,
    Stream,
    blocks,
    lanes,
    launch,
    on_device,
    threads,
    within_device,
)
from kernels.cuda.loads import load_pair

_THREADS = 256
_NOWHERE = np.int32((1 << 31) - 1)

_FILTER_BITS = 10 if SIMULATED else 16
"""Of the hashes in the filter: of six probes with some 36 words one of 1,800 other words passes it."""

_FILTER_WORDS = (1 << _FILTER_BITS) // 32
_SHIFT = np.uint32(32 - _FILTER_BITS)
_LOW_FACTOR = np.uint64(0x9E3779B1)
_HIGH_FACTOR = np.uint64(0x85EBCA77)
_LOW_HALF = np.uint64((1 << 32) - 1)
_CASE = np.uint32(0xDF)
_LOW_BITS = np.uint32(31)
_WORD_BITS = np.uint32(5)


@within_device
def _hash(low: np.uint32, high: np.uint32) -> np.uint32:
    """Which bit of the filter stands for a word of eight bases, without their case."""
    # The compiler finds out that nothing of this takes more than 32 bits; NumPy, in the simulator, would not wrap.
    both = ((np.uint64(low) * _LOW_FACTOR) & _LOW_HALF) + ((np.uint64(high) * _HIGH_FACTOR) & _LOW_HALF)
    return np.uint32(np.uint32(both & _LOW_HALF) >> _SHIFT)


@within_device
def _fill(bits: DeviceArray, letters: DeviceArray, width: np.uint32, stride: np.uint32) -> None:
    """Fills uint32 [`_FILTER_WORDS`] of shared memory with the words of all probes; called by all threads."""
    i = np.uint32(cuda.threadIdx.x)
    while i < np.uint32(_FILTER_WORDS):
        bits[i] = np.uint32(0)
        i = np.uint32(i + np.uint32(cuda.blockDim.x))
    cuda.syncthreads()
    i = np.uint32(cuda.threadIdx.x)
    while i < np.uint32(len(letters) * stride):
        probe = np.uint32(i // stride)
        offset = np.uint32(i - probe * stride)
        low, high = np.uint32(0), np.uint32(0)
        for at in range(width):
            letter = np.uint32(letters[probe, offset + at] & _CASE)
            if at < 4:
                low = np.uint32(low | np.uint32(letter << np.uint32(8 * at)))
            else:
                high = np.uint32(high | np.uint32(letter << np.uint32(8 * at - 32)))
        place = _hash(low, high)
        cuda.atomic.or_(bits, np.uint32(place >> _WORD_BITS), np.uint32(np.uint32(1) << np.uint32(place & _LOW_BITS)))
        i = np.uint32(i + np.uint32(cuda.blockDim.x))
    cuda.syncthreads()


@within_device
def _is_probe(buffer: DeviceArray, start: int, letters: DeviceArray, probe: int, size: int) -> bool:
    i = 0
    while i < size and upper_byte(buffer[start + i]) == letters[probe, i]:
        i += 1
    return i == size


@within_device
def _look(
    own: Any,
    firsts: DeviceArray,
    first: np.uint32,
    place: np.uint32,
    offset: np.int32,
    length: np.int32,
    word: np.uint64,
) -> bool:
    """Keeps the probes that a word may be of, if they are there and not seen before it.

    Args:
        own: what probes are looked up in, see `ProbeIndex`.
        firsts: int32 in shared memory, where each probe was seen first in the reads in hand.
        first: the place there of the first probe of this read.
        place: of the word in the text.
        offset: of the word in its read.
        length: of the read, bases.
        word: its bases, without their case.

    Returns:
        Whether any was there.
    """
    buffer, letters, sizes, lists, candidates = own
    is_hit = False
    number = np.int64(lists[np.uint32(word_hash(word))])
    while number > 0 and candidates[number, 0] >= 0:
        probe = candidates[number, 0]
        back = candidates[number, 1]
        at = offset - back
        number += 1
        if at < 0 or at + sizes[probe] > length or firsts[first + probe] <= at:
            continue
        if _is_probe(buffer, place - back, letters, probe, sizes[probe]):
            cuda.atomic.min(firsts, first + probe, np.int32(at))
            is_hit = True
    return is_hit


@within_device
def _merge(firsts: DeviceArray, size: np.uint32, probes: np.uint32, near: DeviceArray, far: DeviceArray) -> None:
    """Adds what was found to the tables and forgets it; called by all threads of a block."""
    i = np.uint32(cuda.threadIdx.x)
    while i < size:
        at = np.int64(firsts[i])
        if at != _NOWHERE:
            firsts[i] = _NOWHERE
            probe = np.uint32(i % probes)
            if at < NEAR:
                cuda.atomic.add(near, (probe, at), np.int64(1))
            else:
                cuda.atomic.add(far, (probe, (at + 1) // FAR_STEP, 0), np.int64(1))
                cuda.atomic.add(far, (probe, (at + 1) // FAR_STEP, 1), at)
        i = np.uint32(i + np.uint32(cuda.blockDim.x))


@on_device
def _count(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    letters: DeviceArray,
    sizes: DeviceArray,
    width: int,
    stride: int,
    lists: DeviceArray,
    candidates: DeviceArray,
    at_one: int,
    near: DeviceArray,
    far: DeviceArray,
) -> None:
    """`at_one` threads look the words of one read up in turns, and keep where each probe was seen first."""
    firsts = cuda.shared.array(0, types.int32)
    bits = cuda.shared.array(_FILTER_WORDS, types.uint32)
    hit = cuda.shared.array(
        2, types.int32
    )  # whether anything was found in the reads in hand; the other: before or after
    me, in_block, many = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(at_one)
    probes = np.uint32(len(sizes))
    rows, row = np.uint32(in_block // many), np.uint32(me // many)
    lane = np.uint32(me - row * many)
    i = me
    while i < np.uint32(rows * probes):
        firsts[i] = _NOWHERE
        i = np.uint32(i + in_block)
    if me < 2:
        hit[me] = 0
    _fill(bits, letters, np.uint32(width), np.uint32(stride))
    mask = np.uint64(word_mask(width))
    low_mask, high_mask = np.uint32(mask), np.uint32(mask >> np.uint64(32))
    own = (buffer, letters, sizes, lists, candidates)
    begin, step, word_bases = np.int32(lane * np.uint32(stride)), np.int32(many * np.uint32(stride)), np.int32(width)
    side = np.uint32(0)
    first = np.uint32(np.uint32(cuda.blockIdx.x) * rows)
    while first < np.uint32(len(starts)):
        read = np.uint32(first + row)
        if row < rows and read < np.uint32(len(starts)):
            length = np.int32(lengths[read])
            last = np.int32(length - word_bases)
            offset = begin
            place = np.uint32(np.uint32(starts[read]) + np.uint32(begin))
            while offset <= last:
                low, high = load_pair(buffer, place)
                low, high = np.uint32(low & low_mask), np.uint32(high & high_mask)
                number = _hash(low, high)
                if np.uint32(bits[np.uint32(number >> _WORD_BITS)] >> np.uint32(number & _LOW_BITS)) & np.uint32(1):
                    word = np.uint64(low) | (np.uint64(high) << np.uint64(32))
                    if _look(own, firsts, np.uint32(row * probes), place, offset, length, word):
                        cuda.atomic.max(hit, side, np.int32(1))
                offset = np.int32(offset + step)
                place = np.uint32(place + np.uint32(step))
        cuda.syncthreads()
        if hit[side] != 0:
            _merge(firsts, np.uint32(rows * probes), probes, near, far)
            cuda.syncthreads()
            if me == 0:
                hit[side] = 0
        side = np.uint32(1 - side)
        first = np.uint32(first + np.uint32(cuda.gridDim.x) * rows)


def adapter_hits(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    letters: DeviceArray,
    sizes: DeviceArray,
    width: int,
    stride: int,
    lists: DeviceArray,
    candidates: DeviceArray,
    near: DeviceArray,
    far: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.collectors.probes.adapter_hits`: counts reads by where each probe first occurs, either case.

    Args:
        buffer: uint8, bases, begins at a multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        letters: see `kernels.collectors.probes.ProbeIndex`.
        sizes: likewise.
        width: likewise.
        stride: likewise.
        lists: likewise.
        candidates: likewise.
        near: int64 [n_probes, >= the longest length, at most `NEAR`], to add to.
        far: int64 [n_probes, > the longest length / 1,000, 2], to add to, for hits at base `NEAR` and later.
        stream: where the launch goes.
    """
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes(len(buffer), len(starts), in_block) // 2  # more have too little to do for what each begins with
    rows = in_block // at_one
    arguments = (buffer, starts, lengths, letters, sizes, width, stride, lists, candidates, at_one, near, far)
    launch(_count, blocks(len(starts), rows, in_block), in_block, arguments, stream, 4 * rows * len(sizes))
