"""Bases by cycle, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.bases import BASES
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import load_up_to_four
from kernels.vectors import LANES

_THREADS = 256
_WIDTH = 4
"""Cycles of a thread: as many bytes as it loads at once."""

_WIDEST = 64
"""Threads side by side on one read; they count 256 cycles, the next 256 are another block's."""

_ROUNDS = 32

_KINDS = len(BASES)
_A, _C, _G, _T, _N = (np.uint32(0x01010101 * base) for base in BASES)
_UPPER = np.uint32(0xDFDFDFDF)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_BYTE = np.uint32(0xFF)
_FULL = 255


@within_device
def _equal(word: np.uint32, pattern: np.uint32) -> np.uint32:
    """1 in each byte in which the two words are the same."""
    differing = np.uint32(((word ^ pattern) & _LOWS) + _LOWS) | (word ^ pattern)
    return np.uint32((np.uint32(~differing) & _HIGHS) >> np.uint32(7))


@within_device
def _spill(counts: np.uint32, table: DeviceArray, first: int, width: int) -> None:
    """Adds four counters of 8 bits to columns of `width`."""
    for byte in range(_WIDTH):
        count = (counts >> np.uint32(8 * byte)) & _BYTE
        if count:
            cuda.atomic.add(table, first + byte * width, np.uint32(count))


@on_device
def _count(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, table: DeviceArray) -> None:
    """`width` threads side by side have four cycles each, of one read after another."""
    # By base, byte of the four, and thread: threads side by side never meet in a bank.
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
        cycle = begin + _WIDTH * lane
        a = c = g = t = n = np.uint32(0)
        so_far = 0
        for read in range(cuda.blockIdx.y * rows + row, len(starts), cuda.gridDim.y * rows):
            left = lengths[read] - cycle
            if left <= 0:
                continue
            word = np.uint32(load_up_to_four(buffer, starts[read] + cycle, left) & _UPPER)
            a = np.uint32(a + _equal(word, _A))
            c = np.uint32(c + _equal(word, _C))
            g = np.uint32(g + _equal(word, _G))
            t = np.uint32(t + _equal(word, _T))
            n = np.uint32(n + _equal(word, _N))
            so_far += 1
            if so_far == _FULL:
                _spill(a, shared, lane, width)
                _spill(c, shared, _WIDTH * width + lane, width)
                _spill(g, shared, 2 * _WIDTH * width + lane, width)
                _spill(t, shared, 3 * _WIDTH * width + lane, width)
                _spill(n, shared, 4 * _WIDTH * width + lane, width)
                a = c = g = t = n = np.uint32(0)
                so_far = 0
        _spill(a, shared, lane, width)
        _spill(c, shared, _WIDTH * width + lane, width)
        _spill(g, shared, 2 * _WIDTH * width + lane, width)
        _spill(t, shared, 3 * _WIDTH * width + lane, width)
        _spill(n, shared, 4 * _WIDTH * width + lane, width)
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
