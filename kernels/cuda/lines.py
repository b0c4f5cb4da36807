"""Where lines end, and which bytes cannot stand in a sequence or a quality string, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, launch, on_device, threads, within_device
from kernels.cuda.loads import load_sixteen
from kernels.words import Whole

_THREADS = 256
_WIDTH = 16
"""Bytes of a thread."""

_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_NEWLINES = np.uint32(0x0A0A0A0A)
_FROM_LOWEST = np.uint32(0x5F5F5F5F)  # carries into the highest bit of a byte from 33 on
_PAST_HIGHEST = np.uint32(0x01010101)  # from 127 on
_GATHER = 0x10204080  # brings the lowest bits of four bytes together in bits 28..31
_LOW_HALF = (1 << 32) - 1


@within_device
def _newline_bits(word: np.uint32) -> np.uint32:
    """The highest bit of each byte that is a newline."""
    other = np.uint32(word ^ _NEWLINES)
    return np.uint32(np.uint32(~np.uint32(np.uint32((other & _LOWS) + _LOWS) | other)) & _HIGHS)


@within_device
def _odd_bits(word: np.uint32) -> np.uint32:
    """The highest bit of each byte outside 33..126."""
    low = np.uint32(word & _LOWS)
    is_low = np.uint32(~np.uint32(low + _FROM_LOWEST))
    return np.uint32((is_low | np.uint32(low + _PAST_HIGHEST) | word) & _HIGHS)


@within_device
def _four_bits(highs: np.uint32) -> Whole:
    """The highest bits of four bytes as a number, the first byte lowest."""
    return ((np.int64(highs) >> 7) * _GATHER >> 28) & 15


@within_device
def _masks(buffer: DeviceArray, piece: int, stop: int) -> tuple[Whole, Whole]:
    """Bit i: byte i of 16 is a newline; and is none and outside 33..126."""
    left = stop - _WIDTH * piece
    if left <= 0:
        return 0, 0
    words = load_sixteen(buffer, piece)
    newlines = np.int64(0)
    odd = np.int64(0)
    for number in range(4):
        ends = _newline_bits(words[number])
        newlines |= _four_bits(ends) << (4 * number)
        odd |= _four_bits(np.uint32(_odd_bits(words[number]) & np.uint32(~ends))) << (4 * number)
    if left < _WIDTH:
        newlines &= (1 << left) - 1
        odd &= (1 << left) - 1
    return newlines, odd


@on_device
def _count(buffer: DeviceArray, stop: int, counts: DeviceArray) -> None:
    """Each block a tile: newlines in the low, oddities in the high half of its count."""
    total = cuda.shared.array(1, types.int64)
    if cuda.threadIdx.x == 0:
        total[0] = 0
    cuda.syncthreads()
    newlines, odd = _masks(buffer, cuda.grid(1), stop)
    if newlines | odd:
        cuda.atomic.add(total, 0, np.int64(cuda.popc(np.uint32(newlines)) + (cuda.popc(np.uint32(odd)) << 32)))
    cuda.syncthreads()
    if cuda.threadIdx.x == 0:
        counts[2 + cuda.blockIdx.x] = total[0]


@on_device
def _sum_up(tiles: int, counts: DeviceArray) -> None:
    """One block: from counts of tiles to what comes before each, and in all."""
    sums = cuda.shared.array(0, types.int64)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    each = (tiles + in_block - 1) // in_block
    mine = np.int64(0)
    for tile in range(me * each, (me + 1) * each):
        if tile < tiles:
            mine += counts[2 + tile]
    sums[me] = mine
    cuda.syncthreads()
    step = 1
    while step < in_block:
        before = np.int64(0)
        if me >= step:
            before = sums[me - step]
        cuda.syncthreads()
        sums[me] += before
        cuda.syncthreads()
        step *= 2
    before = sums[me] - mine
    for tile in range(me * each, (me + 1) * each):
        if tile < tiles:
            count = counts[2 + tile]
            counts[2 + tile] = before
            before += count
    if me == in_block - 1:
        counts[0] = sums[me] & _LOW_HALF
        counts[1] = sums[me] >> 32


@on_device
def _write(buffer: DeviceArray, stop: int, counts: DeviceArray, newlines: DeviceArray, oddities: DeviceArray) -> None:
    """Each block a tile: every thread learns how many come before its own."""
    sums = cuda.shared.array(0, types.int32)  # newlines in the low, oddities in the high half
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    piece = cuda.grid(1)
    lines, odd = _masks(buffer, piece, stop)
    mine = np.int32(cuda.popc(np.uint32(lines)) + (cuda.popc(np.uint32(odd)) << 16))
    sums[me] = mine
    cuda.syncthreads()
    step = 1
    while step < in_block:
        before = np.int32(0)
        if me >= step:
            before = sums[me - step]
        cuda.syncthreads()
        sums[me] += before
        cuda.syncthreads()
        step *= 2
    before = np.int32(sums[me] - mine)
    place = (counts[2 + cuda.blockIdx.x] & _LOW_HALF) + (before & 0xFFFF)
    while lines:
        bit = cuda.ffs(np.uint32(lines)) - 1
        if place < len(newlines):
            newlines[place] = _WIDTH * piece + bit
        place += 1
        lines &= lines - 1
    place = (counts[2 + cuda.blockIdx.x] >> 32) + (before >> 16)
    while odd:
        bit = cuda.ffs(np.uint32(odd)) - 1
        if place < len(oddities):
            oddities[place] = _WIDTH * piece + bit
        place += 1
        odd &= odd - 1


def counts_size(stop: int) -> int:
    """How many numbers `line_index` needs for its counts of so much text."""
    return 2 + -(-stop // (_WIDTH * threads(_THREADS)))


def line_index(
    buffer: DeviceArray,
    stop: int,
    newlines: DeviceArray,
    oddities: DeviceArray,
    counts: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.lines.line_index`: finds line ends and bytes outside 33..126.

    Args:
        buffer: uint8, text, begins at a multiple of 16 bytes, readable for 15 bytes past `stop`.
        stop: bytes to look at.
        newlines: int32, receives the offset of every newline, ascending; those that find no room are counted only.
        oddities: int32, receives the offset of every other byte outside 33..126, likewise.
        counts: int64 [>= `counts_size`], receives the number of newlines and of oddities in its first two elements;
            the others are for working.
        stream: where the launches go.
    """
    in_block = threads(_THREADS)
    tiles = -(-stop // (_WIDTH * in_block))
    if tiles:
        launch(_count, tiles, in_block, (buffer, stop, counts), stream)
    launch(_sum_up, 1, in_block, (tiles, counts), stream, 8 * in_block)
    if tiles:
        launch(_write, tiles, in_block, (buffer, stop, counts, newlines, oddities), stream, 4 * in_block)
