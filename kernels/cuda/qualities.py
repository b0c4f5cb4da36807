"""Base qualities by cycle, on a device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.ahead import clear, through_cycles
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import first_of_four, load_pair
from kernels.qualities import OFFSET, QUALITIES

_THREADS = 512
_WIDTH = 8
"""Cycles of a thread: two words."""

_WIDEST = 32
"""Threads side by side on one read: their counters are all the shared memory that a block has without asking."""

_BANKS = 32
_ROUNDS = 64
_MOST_READS = 65_000
"""Reads of a block, whose counters have 16 bits."""

_ROWS = QUALITIES + 1
"""Rows of counters: the last is for what is behind the end of a read."""

_BEHIND = np.uint32(0x01010101 * (OFFSET + QUALITIES))
_BYTE = np.uint32(0xFF)
_LOW_BITS = np.uint32((1 << 16) - 1)
_HALF_BITS = np.uint32(16)
_EVERY = np.uint32(0xFFFFFFFF)

_State = tuple[np.int32, np.uint32, np.uint32]
"""Of a thread: how many cycles of the last read were left, and which bytes of its two words are of it."""


@within_device
def _tally(shared: DeviceArray, word: np.uint32, columns: np.int32, first: np.int32, width: np.int32) -> None:
    """Counts four characters: of the first two in one word of their rows, of the others in the word `width` further."""
    for byte in range(4):
        row = np.int32((word >> np.uint32(8 * byte)) & _BYTE)
        at = np.uint32(np.int32(row * columns + np.int32(first + (byte >> 1) * width)))
        cuda.atomic.add(shared, at, np.uint32(1 << (16 * (byte & 1))))


@within_device
def _add_column(
    shared: DeviceArray,
    column: np.uint32,
    first: np.uint32,
    step: np.uint32,
    width: np.uint32,
    columns: np.uint32,
    begin: np.uint32,
    table: DeviceArray,
) -> None:
    """Adds every `step`-th row of a column, from the `first` on, to the counts of its two cycles."""
    pair = np.uint32(column // width)
    place = np.uint32(begin + _WIDTH * np.uint32(column - pair * width) + np.uint32(2) * pair)
    quality = first
    while quality < np.uint32(QUALITIES) and pair < np.uint32(_WIDTH // 2):
        both = np.uint32(shared[np.uint32(quality * columns + column)])
        if both & _LOW_BITS:
            cuda.atomic.add(table, (place, quality), np.int64(both & _LOW_BITS))
        if both > _LOW_BITS:
            cuda.atomic.add(table, (np.uint32(place + 1), quality), np.int64(both >> _HALF_BITS))
        quality = np.uint32(quality + step)


@within_device
def _counted(own: Any, state: _State, place: np.uint32, left: np.int32) -> _State:
    """Counts eight cycles of a read, of which `left` are there."""
    buffer, shared, stride, first, step = own
    known, low_kept, high_kept = state
    if left != known:  # seldom: reads are much alike
        known = left
        low_kept = first_of_four(_EVERY, left)
        high_kept = first_of_four(_EVERY, left - 4)
    low, high = load_pair(buffer, place)
    low = np.uint32((low & low_kept) | (_BEHIND & np.uint32(~low_kept)))
    high = np.uint32((high & high_kept) | (_BEHIND & np.uint32(~high_kept)))
    _tally(shared, low, stride, first, step)
    _tally(shared, high, stride, np.int32(first + 2 * step), step)
    return known, low_kept, high_kept


@on_device
def _count(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, columns: int, table: DeviceArray
) -> None:
    """`width` threads side by side have eight cycles each, of one read after another."""
    # A row for each quality. A column for two cycles side by side, the first of which is in the lower half of a word;
    # rows are of so many words that threads side by side never meet in a bank, whatever the qualities.
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x)
    side, many = np.uint32(width), np.uint32(columns)
    clear(shared, np.uint32(_ROWS * many))
    rows, row = np.uint32(in_block // side), np.uint32(me // side)
    lane = np.uint32(me - row * side)
    begin = np.uint32(np.uint32(cuda.blockIdx.x) * np.uint32(_WIDTH * side))
    cycle = np.uint32(begin + _WIDTH * lane)
    stride, step = np.int32(many), np.int32(side)
    own = (buffer, shared, stride, np.int32(np.int32(lane) - OFFSET * stride), step)
    through_cycles(starts, lengths, begin, rows, row, cycle, _counted, own, (np.int32(0), np.uint32(0), np.uint32(0)))
    at_once, row = np.uint32(in_block // many), np.uint32(me // many)
    column = np.uint32(me - row * many)
    if at_once == 0:
        at_once = np.uint32(1)
    elif row >= at_once:
        column = many
    while column < many:
        _add_column(shared, column, row, at_once, side, many, begin, table)
        column = np.uint32(column + in_block)


def quality_counts(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    table: DeviceArray,
    stream: Stream = 0,
    *,
    longest: int | None = None,
) -> None:
    """Twin of `kernels.qualities.quality_counts`: adds the qualities of reads to counts by cycle.

    Args:
        buffer: uint8, qualities as characters 33..126 (others would be written where nothing may be), begins at a
            multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; any order.
        table: int64 [>= longest length, 96], cycle by quality, to add to.
        stream: where the launch goes.
        longest: qualities of the longest read or more, so that no threads wait for cycles that there are not;
            default: as many as the table has.
    """
    cycles = table.shape[0] if longest is None else longest
    if cycles == 0 or len(starts) == 0:
        return
    in_block = threads(_THREADS)
    width = min(_WIDEST, in_block, -(-cycles // _WIDTH))
    columns = -(-_WIDTH // 2 * width // _BANKS) * _BANKS
    tiles = -(-cycles // (_WIDTH * width))
    groups = max(1, blocks(len(starts) * tiles, in_block // width, in_block, _ROUNDS) // tiles)
    groups = max(groups, -(-len(starts) // _MOST_READS))
    launch(
        _count,
        (tiles, groups),
        in_block,
        (buffer, starts, lengths, width, columns, table),
        stream,
        4 * _ROWS * columns,
    )
