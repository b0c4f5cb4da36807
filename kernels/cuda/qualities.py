"""Base qualities by cycle, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads
from kernels.cuda.loads import load_four
from kernels.qualities import COLUMNS, OFFSET

_THREADS = 512
_WIDTH = 4
"""Cycles of a thread: as many bytes as it loads at once."""

_WIDEST = 64
"""Threads side by side on one read: their counters are all the shared memory that a block has without asking."""

_BANKS = 32
_ROUNDS = 64
_MOST_READS = 65_000
"""Reads of a block, whose counters have 16 bits."""

_HALF = COLUMNS // 2
_HIGH = np.uint32(1 << 16)
_LOW_BITS = np.uint32((1 << 16) - 1)
_BYTE = np.uint32(0xFF)


@on_device
def _count(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, columns: int, table: DeviceArray
) -> None:
    """`width` threads side by side have four cycles each, of one read after another."""
    # A column for each cycle, so that threads side by side never meet in a bank, whatever the qualities; two
    # counters in a word, of qualities that are 48 apart.
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, _HALF * columns, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    rows = in_block // width
    row = me // width
    lane = me - row * width
    begin = cuda.blockIdx.x * _WIDTH * width
    if row < rows:
        cycle = begin + _WIDTH * lane
        for read in range(cuda.blockIdx.y * rows + row, len(starts), cuda.gridDim.y * rows):
            left = lengths[read] - cycle
            if left <= 0:
                continue
            word = load_four(buffer, starts[read] + cycle)
            for byte in range(_WIDTH):
                if byte >= left:
                    break
                score = np.int32((word >> np.uint32(8 * byte)) & _BYTE) - OFFSET
                if score < _HALF:
                    cuda.atomic.add(shared, score * columns + byte * width + lane, np.uint32(1))
                else:
                    cuda.atomic.add(shared, (score - _HALF) * columns + byte * width + lane, _HIGH)
    cuda.syncthreads()
    for i in range(me, _HALF * columns, in_block):
        both = shared[i]
        if both:
            quality = i // columns
            column = i - quality * columns
            byte = column // width
            cycle = begin + _WIDTH * (column - byte * width) + byte
            if both & _LOW_BITS:
                cuda.atomic.add(table, (cycle, quality), np.int64(both & _LOW_BITS))
            if both >= _HIGH:
                cuda.atomic.add(table, (cycle, quality + _HALF), np.int64(both >> np.uint32(16)))


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
        4 * _HALF * columns,
    )
