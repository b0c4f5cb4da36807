"""Where lines end, and which bytes cannot stand in a sequence or a quality string, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import PIECE, DeviceArray, Stream, launch, on_device, threads, within_device
from kernels.cuda.loads import load_sixteen

_THREADS = 256
_PIECES = 4
"""Pieces of text that a thread has, one behind the other."""

_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_NEWLINES = np.uint32(0x0A0A0A0A)
_FROM_LOWEST = np.uint32(0x5F5F5F5F)  # carries into the highest bit of a byte from 33 on
_PAST_HIGHEST = np.uint32(0x01010101)  # from 127 on
_GATHER = np.uint32((1 << 21) | (1 << 14) | (1 << 7) | 1)  # brings bits 0 and 4 of four bytes together in bits 21..28
_EIGHT_BITS = np.uint32(0xFF)
_LINE_BITS = np.uint32(0x0F0F0F0F)
_ODD_BITS = np.uint32(0xF0F0F0F0)
_FOUR = np.uint32(4)
_LOW_HALF = (1 << 32) - 1


@within_device
def _marks_of_word(word: np.uint32) -> np.uint32:
    """Bit i: byte i of 4 is a newline; bit 4 + i: it is none and outside 33..126."""
    other = np.uint32(word ^ _NEWLINES)
    ends = np.uint32(np.uint32(~np.uint32(np.uint32((other & _LOWS) + _LOWS) | other)) & _HIGHS)
    low = np.uint32(word & _LOWS)
    is_low = np.uint32(~np.uint32(low + _FROM_LOWEST))
    odd = np.uint32((is_low | np.uint32(low + _PAST_HIGHEST) | word) & np.uint32(_HIGHS & np.uint32(~ends)))
    both = np.uint32((ends >> np.uint32(7)) | (odd >> np.uint32(3)))
    return np.uint32((np.uint32((np.uint64(both) * _GATHER) & _LOW_HALF) >> np.uint32(21)) & _EIGHT_BITS)


@within_device
def _marks(buffer: DeviceArray, piece: np.uint32, stop: int) -> np.uint32:
    """Of 16 bytes: four times what `_marks_of_word` tells."""
    left = stop - PIECE * np.int64(piece)
    if left <= 0:
        return np.uint32(0)
    words = load_sixteen(buffer, piece)
    marks = _marks_of_word(words[0])
    marks |= np.uint32(_marks_of_word(words[1]) << np.uint32(8))
    marks |= np.uint32(_marks_of_word(words[2]) << np.uint32(16))
    marks |= np.uint32(_marks_of_word(words[3]) << np.uint32(24))
    if left < PIECE:
        for byte in range(left, PIECE):
            marks &= np.uint32(~np.uint32(0x11 << (8 * (byte >> 2) + (byte & 3))))
    return np.uint32(marks)


@within_device
def _found(marks: np.int64) -> np.uint32:
    """How many newlines there are among 32 bytes, in the low half, and oddities, in the high."""
    near, far = np.uint32(marks & _LOW_HALF), np.uint32((marks >> 32) & _LOW_HALF)
    lines = cuda.popc(np.uint32(near & _LINE_BITS)) + cuda.popc(np.uint32(far & _LINE_BITS))
    odd = cuda.popc(np.uint32(near & _ODD_BITS)) + cuda.popc(np.uint32(far & _ODD_BITS))
    return np.uint32(lines + (odd << 16))


@on_device
def _count(buffer: DeviceArray, stop: int, counts: DeviceArray) -> None:
    """Each block a tile: newlines in the low, oddities in the high half of its count; and what each piece has."""
    total = cuda.shared.array(1, types.uint32)  # newlines in the low, oddities in the high half
    me = np.uint32(cuda.threadIdx.x)
    if me == 0:
        total[0] = np.uint32(0)
    cuda.syncthreads()
    mine = np.uint32(np.uint32(cuda.blockIdx.x) * np.uint32(cuda.blockDim.x) + me)
    found = np.uint32(0)
    place = np.uint32(2 + np.uint32(cuda.gridDim.x) + 2 * mine)
    for half in range(2):
        piece = np.uint32(_PIECES * mine + 2 * half)
        near, far = _marks(buffer, piece, stop), _marks(buffer, np.uint32(piece + 1), stop)
        marks = np.int64(near) | (np.int64(far) << 32)
        counts[np.uint32(place + half)] = marks
        found = np.uint32(found + _found(marks))
    if found:
        cuda.atomic.add(total, 0, found)
    cuda.syncthreads()
    if me == 0:
        lines, odd = np.uint32(total[0] & np.uint32(0xFFFF)), np.uint32(total[0] >> np.uint32(16))
        counts[2 + cuda.blockIdx.x] = np.int64(lines) | (np.int64(odd) << 32)


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


@within_device
def _put(marks: np.uint32, piece: np.uint32, place: int, positions: DeviceArray) -> int:
    """Writes where the bytes are that have their marks in the lower half of each byte, as long as there is room.

    Returns:
        The place for the next.
    """
    while marks:
        bit = np.uint32(cuda.ffs(marks) - 1)
        if place < len(positions):
            positions[np.uint32(place)] = PIECE * piece + _FOUR * (bit >> np.uint32(3)) + (bit & np.uint32(3))
        place += 1
        marks = np.uint32(marks & np.uint32(marks - np.uint32(1)))
    return place


@on_device
def _write(counts: DeviceArray, newlines: DeviceArray, oddities: DeviceArray) -> None:
    """Each block a tile: every thread learns how many come before its own."""
    sums = cuda.shared.array(0, types.uint32)  # newlines in the low, oddities in the high half
    me, in_block = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x)
    thread = np.uint32(np.uint32(cuda.blockIdx.x) * in_block + me)
    place = np.uint32(2 + np.uint32(cuda.gridDim.x) + 2 * thread)
    first, second = counts[place], counts[np.uint32(place + 1)]
    mine = np.uint32(_found(first) + _found(second))
    sums[me] = mine
    cuda.syncthreads()
    step = np.uint32(1)
    while step < in_block:
        before = np.uint32(0)
        if me >= step:
            before = sums[np.uint32(me - step)]
        cuda.syncthreads()
        sums[me] += before
        cuda.syncthreads()
        step = np.uint32(2 * step)
    before = np.uint32(sums[me] - mine)
    tile = counts[2 + cuda.blockIdx.x]
    line = (tile & _LOW_HALF) + np.int64(before & np.uint32(0xFFFF))
    odd = (tile >> 32) + np.int64(before >> np.uint32(16))
    for number in range(_PIECES):
        both = first if number < 2 else second
        marks = np.uint32((both >> (32 * (number & 1))) & _LOW_HALF)
        piece = np.uint32(_PIECES * thread + number)
        line = _put(np.uint32(marks & _LINE_BITS), piece, line, newlines)
        odd = _put(np.uint32((marks >> _FOUR) & _LINE_BITS), piece, odd, oddities)


def _tiles(stop: int) -> int:
    return -(-stop // (PIECE * _PIECES * threads(_THREADS)))


def counts_size(stop: int) -> int:
    """How many numbers `line_index` needs for its counts of so much text."""
    return 2 + _tiles(stop) * (1 + _PIECES // 2 * threads(_THREADS))


def line_index(
    buffer: DeviceArray,
    stop: int,
    newlines: DeviceArray,
    oddities: DeviceArray,
    counts: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.parse.lines.line_index`: finds line ends and bytes outside 33..126.

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
    tiles = _tiles(stop)
    if tiles:
        launch(_count, tiles, in_block, (buffer, stop, counts), stream)
    launch(_sum_up, 1, in_block, (tiles, counts), stream, 8 * in_block)
    if tiles:
        launch(_write, tiles, in_block, (counts, newlines, oddities), stream, 4 * in_block)
