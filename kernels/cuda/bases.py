"""Bases by cycle, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.bases import BASES
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import first_of_four, load_pair
from kernels.vectors import LANES

_THREADS = 256
_WIDTH = 8
"""Cycles of a thread: two words."""

_WIDEST = 64
"""Threads side by side on one read; they count 512 cycles, the next 512 are another block's."""

_ROUNDS = 32

_KINDS = len(BASES)
_A, _C, _G, _T, _N = (np.uint32(0x01010101 * base) for base in BASES)
_UPPER = np.uint32(0xDFDFDFDF)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_BYTE = np.uint32(0xFF)
_FULL = np.int32(255)


@within_device
def _equal(word: np.uint32, pattern: np.uint32) -> np.uint32:
    """1 in each byte in which the two words are the same."""
    differing = np.uint32(((word ^ pattern) & _LOWS) + _LOWS) | (word ^ pattern)
    return np.uint32((np.uint32(~differing) & _HIGHS) >> np.uint32(7))


@within_device
def _spill(counts: np.uint32, table: DeviceArray, first: int, width: int) -> None:
    """Adds four counters of 8 bits to columns of `width`."""
    for byte in range(4):
        count = np.uint32((counts >> np.uint32(8 * byte)) & _BYTE)
        if count:
            cuda.atomic.add(table, np.uint32(first + byte * width), count)


@on_device
def _count(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, table: DeviceArray) -> None:
    """`width` threads side by side have eight cycles each, of one read after another."""
    # By base, byte of the eight, and thread: threads side by side never meet in a bank.
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, _KINDS * _WIDTH * width, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    rows = in_block // width
    row = me // width
    lane = me - row * width
    begin = cuda.blockIdx.x * _WIDTH * width
    if row < rows:
        cycle = np.int32(begin + _WIDTH * lane)
        # Four counters of 8 bits each: of the first four cycles, and of the others.
        a = c = g = t = n = np.uint32(0)
        a_too = c_too = g_too = t_too = n_too = np.uint32(0)
        so_far = np.int32(0)
        next_read = cuda.blockIdx.y * rows + row
        while next_read < len(starts):
            read = np.uint32(next_read)  # unsigned: no one asks whether it counts from the end
            left = np.int32(lengths[read] - cycle)
            if left > 0:
                pair = load_pair(buffer, np.uint32(starts[read] + cycle))
                word = np.uint32(first_of_four(pair[0], left) & _UPPER)
                other = np.uint32(first_of_four(pair[1], left - 4) & _UPPER)
                a = np.uint32(a + _equal(word, _A))
                c = np.uint32(c + _equal(word, _C))
                g = np.uint32(g + _equal(word, _G))
                t = np.uint32(t + _equal(word, _T))
                n = np.uint32(n + _equal(word, _N))
                a_too = np.uint32(a_too + _equal(other, _A))
                c_too = np.uint32(c_too + _equal(other, _C))
                g_too = np.uint32(g_too + _equal(other, _G))
                t_too = np.uint32(t_too + _equal(other, _T))
                n_too = np.uint32(n_too + _equal(other, _N))
                so_far = np.int32(so_far + 1)
            next_read += cuda.gridDim.y * rows
            if so_far == _FULL or next_read >= len(starts):
                _spill(a, shared, lane, width)
                _spill(a_too, shared, 4 * width + lane, width)
                _spill(c, shared, 8 * width + lane, width)
                _spill(c_too, shared, 12 * width + lane, width)
                _spill(g, shared, 16 * width + lane, width)
                _spill(g_too, shared, 20 * width + lane, width)
                _spill(t, shared, 24 * width + lane, width)
                _spill(t_too, shared, 28 * width + lane, width)
                _spill(n, shared, 32 * width + lane, width)
                _spill(n_too, shared, 36 * width + lane, width)
                a = c = g = t = n = np.uint32(0)
                a_too = c_too = g_too = t_too = n_too = np.uint32(0)
                so_far = np.int32(0)
    cuda.syncthreads()
    for i in range(me, _KINDS * _WIDTH * width, in_block):
        count = shared[i]
        if count:
            base = i // (_WIDTH * width)
            byte = i // width - base * _WIDTH
            place = begin + _WIDTH * (i % width) + byte
            cuda.atomic.add(table, (place // LANES, base, place % LANES), np.int64(count))


def base_counts(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    table: DeviceArray,
    stream: Stream = 0,
    *,
    longest: int | None = None,
) -> None:
    """Twin of `kernels.bases.base_counts`: adds the bases of reads to counts by cycle.

    Args:
        buffer: uint8, begins at a multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases; any order.
        table: int64 [n_blocks, 5, 64], to add to; n_blocks * 64 is at least the longest length.
        stream: where the launch goes.
        longest: bases of the longest read or more, so that no threads wait for cycles that there are not;
            default: as many as the table has.
    """
    cycles = table.shape[0] * LANES if longest is None else longest
    if cycles == 0 or len(starts) == 0:
        return
    in_block = threads(_THREADS)
    width = min(_WIDEST, in_block, -(-cycles // _WIDTH))
    tiles = -(-cycles // (_WIDTH * width))
    rows = in_block // width
    groups = max(1, blocks(len(starts) * tiles, rows, in_block, _ROUNDS) // tiles)
    launch(
        _count,
        (tiles, groups),
        in_block,
        (buffer, starts, lengths, width, table),
        stream,
        4 * _KINDS * _WIDTH * width,
    )
