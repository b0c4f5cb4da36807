"""Base qualities by cycle, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import first_of_four, load_pair
from kernels.qualities import COLUMNS, OFFSET

_THREADS = 512
_WIDTH = 8
"""Cycles of a thread: two words."""

_WIDEST = 32
"""Threads side by side on one read: their counters are all the shared memory that a block has without asking."""

_BANKS = 32
_ROUNDS = 64
_MOST_READS = 65_000
"""Reads of a block, whose counters have 16 bits."""

_PAIRS = COLUMNS // 2
_FIRST_ROW = OFFSET // 2
_LOW_BITS = np.uint32((1 << 16) - 1)
_HALF_BITS = np.uint32(16)
_ONE = np.uint32(1)
_EVERY = np.uint32(0xFFFFFFFF)
_LOWEST = np.uint32(0x01010101 * OFFSET)


@within_device
def _tally(shared: DeviceArray, word: np.uint32, left: int, columns: np.int32, first: np.int32, step: np.int32) -> None:
    """Counts the first `left` characters of a word, each in the next of columns that are `step` apart.

    What follows them adds zero to a quality that there is, so that threads need not part.
    """
    unknown = np.uint32(~first_of_four(_EVERY, left))
    word = np.uint32((word & np.uint32(~unknown)) | (_LOWEST & unknown))
    for byte in range(4):
        row = np.int32((word >> np.uint32(8 * byte + 1)) & np.uint32(0x7F))
        is_odd = np.uint32((word >> np.uint32(8 * byte)) & _ONE)
        one = np.uint32(byte < left)
        at = np.uint32(np.int32(row * columns + first + byte * step))
        cuda.atomic.add(shared, at, np.uint32(one << np.uint32(is_odd * _HALF_BITS)))


@on_device
def _count(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, columns: int, table: DeviceArray
) -> None:
    """`width` threads side by side have eight cycles each, of one read after another."""
    # A column for each cycle, so that threads side by side never meet in a bank, whatever the qualities; two
    # counters in a word, of two characters that differ in their last bit.
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, _PAIRS * columns, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    rows = in_block // width
    row = me // width
    lane = me - row * width
    begin = cuda.blockIdx.x * _WIDTH * width
    if row < rows:
        cycle = np.int32(begin + _WIDTH * lane)
        first = np.int32(lane - _FIRST_ROW * columns)
        many = np.int32(columns)
        step = np.int32(width)
        for number in range(cuda.blockIdx.y * rows + row, len(starts), cuda.gridDim.y * rows):
            read = np.uint32(number)  # unsigned: no one asks whether it counts from the end
            left = np.int32(lengths[read] - cycle)
            if left <= 0:
                continue
            low, high = load_pair(buffer, np.uint32(starts[read] + cycle))
            _tally(shared, low, left, many, first, step)
            _tally(shared, high, left - 4, many, np.int32(first + 4 * step), step)
    cuda.syncthreads()
    for i in range(me, _PAIRS * columns, in_block):
        both = shared[i]
        if both:
            row = i // columns
            column = i - row * columns
            byte = column // width
            place = begin + _WIDTH * (column - byte * width) + byte
            quality = 2 * (row + _FIRST_ROW) - OFFSET
            if both & _LOW_BITS:
                cuda.atomic.add(table, (place, quality), np.int64(both & _LOW_BITS))
            if both > _LOW_BITS:
                cuda.atomic.add(table, (place, quality + 1), np.int64(both >> _HALF_BITS))


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
    columns = -(-_WIDTH * width // _BANKS) * _BANKS
    tiles = -(-cycles // (_WIDTH * width))
    groups = max(1, blocks(len(starts) * tiles, in_block // width, in_block, _ROUNDS) // tiles)
    groups = max(groups, -(-len(starts) // _MOST_READS))
    launch(
        _count,
        (tiles, groups),
        in_block,
        (buffer, starts, lengths, width, columns, table),
        stream,
        4 * _PAIRS * columns,
    )
