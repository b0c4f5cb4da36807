"""Bases by cycle, on a device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, types

from kernels.collectors.bases import BASES
from kernels.cuda.ahead import clear, through_cycles
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import first_of_four, load_quad
from kernels.vectors import LANES

_THREADS = 256
_WIDTH = 16
"""Cycles of a thread: four words."""

_WIDEST = 32
"""Threads side by side on one read; they count 512 cycles, the next 512 are another block's."""

_ROUNDS = 32

_KINDS = len(BASES)
_, _C, _G, _T, _N = range(_KINDS)
_EVERY = np.uint32(0xFFFFFFFF)
_ONES = np.uint32(0x01010101)
_ALL_A = np.uint32(0x41414141)
_FIXED = np.uint32(0xD9D9D9D9)
"""Bits that A, C and G have in common. T has two others of them; two of the rest tell the four, one is the case's."""

_T_BITS = np.uint32(0x11)
_UPPER_N, _UPPER = np.uint32(0x4E), np.uint32(0xDF)
_BYTE = np.uint32(0xFF)
_EIGHT = np.uint32(8)
_FULL = np.uint32(255)

Four = tuple[np.uint32, np.uint32, np.uint32, np.uint32]
_NONE = (np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0))

_State = tuple[Four, Four, Four, Four, Four, np.int32, np.uint32]
"""Of a thread: counters of its four words, which bytes of them are of the read, by how many are left, reads counted."""


@within_device
def _bits(word: np.uint32, kept: np.uint32) -> Four:
    """Of four bases: which there are, which are C or G, which G or T, and what is left of those that are no base.

    Args:
        word: the bases.
        kept: which bytes of it are of the read.
    """
    word = np.uint32((word & kept) | (_ALL_A & np.uint32(~kept)))
    second = np.uint32((word >> np.uint32(1)) & _ONES)
    third = np.uint32((word >> np.uint32(2)) & _ONES)
    wrong = np.uint32(((word ^ _ALL_A) & _FIXED) ^ np.uint32((third & np.uint32(~second)) * _T_BITS))
    return np.uint32(kept & _ONES), second, third, wrong


@within_device
def _bases_only(bits: Four, word: np.uint32, shared: DeviceArray, column: np.uint32, width: np.uint32) -> Four:
    """Takes what is no base out of `_bits`; N, of which there is little, is counted in columns `width` apart."""
    there, second, third, wrong = bits
    while wrong:
        shift = np.uint32(np.uint32(cuda.ffs(wrong) - 1) & np.uint32(24))
        byte = np.uint32(_BYTE << shift)
        if ((word >> shift) & _UPPER) == _UPPER_N:
            cuda.atomic.add(shared, np.uint32(column + (shift >> np.uint32(3)) * width), np.uint32(1))
        there, wrong = np.uint32(there & np.uint32(~byte)), np.uint32(wrong & np.uint32(~byte))
        second, third = np.uint32(second & np.uint32(~byte)), np.uint32(third & np.uint32(~byte))
    return there, second, third, wrong


@within_device
def _added(counts: Four, bits: Four) -> Four:
    """Adds to four times four counters of 8 bits: of what there is, of C and G, of G and T, and of G."""
    return (
        np.uint32(counts[0] + bits[0]),
        np.uint32(counts[1] + bits[1]),
        np.uint32(counts[2] + bits[2]),
        np.uint32(counts[3] + (bits[1] & bits[2])),
    )


@within_device
def _spill(counts: Four, shared: DeviceArray, column: np.uint32, width: np.uint32) -> None:
    """Adds counters of `_added` to columns of `width`, those of a base `_WIDTH` columns after those of another."""
    there, c_or_g, g_or_t, both = counts
    kind = np.uint32(_WIDTH * width)
    at = column
    while there:
        g = np.uint32(both & _BYTE)
        c, t = np.uint32((c_or_g & _BYTE) - g), np.uint32((g_or_t & _BYTE) - g)
        cuda.atomic.add(shared, at, np.uint32((there & _BYTE) - (c + g + t)))
        cuda.atomic.add(shared, np.uint32(at + _C * kind), c)
        cuda.atomic.add(shared, np.uint32(at + _G * kind), g)
        cuda.atomic.add(shared, np.uint32(at + _T * kind), t)
        there, both = np.uint32(there >> _EIGHT), np.uint32(both >> _EIGHT)
        c_or_g, g_or_t = np.uint32(c_or_g >> _EIGHT), np.uint32(g_or_t >> _EIGHT)
        at = np.uint32(at + width)


@within_device
def _spill_all(counts: tuple[Four, Four, Four, Four], shared: DeviceArray, column: np.uint32, width: np.uint32) -> None:
    """`_spill` for all words of a thread."""
    _spill(counts[0], shared, column, width)
    _spill(counts[1], shared, np.uint32(column + 4 * width), width)
    _spill(counts[2], shared, np.uint32(column + 8 * width), width)
    _spill(counts[3], shared, np.uint32(column + 12 * width), width)


@within_device
def _counted(own: Any, state: _State, place: np.uint32, left: np.int32) -> _State:
    """Counts 16 cycles of a read, of which `left` are there."""
    buffer, shared, lane, side = own
    first, second, third, fourth, kept, known, so_far = state
    if left != known:  # seldom: reads are much alike
        known = left
        kept = (
            first_of_four(_EVERY, left),
            first_of_four(_EVERY, left - 4),
            first_of_four(_EVERY, left - 8),
            first_of_four(_EVERY, left - 12),
        )
    words = load_quad(buffer, place)
    one, two = _bits(words[0], kept[0]), _bits(words[1], kept[1])
    three, four = _bits(words[2], kept[2]), _bits(words[3], kept[3])
    if one[3] | two[3] | three[3] | four[3]:  # seldom
        n = np.uint32(_N * _WIDTH * side + lane)
        one = _bases_only(one, words[0], shared, n, side)
        two = _bases_only(two, words[1], shared, np.uint32(n + 4 * side), side)
        three = _bases_only(three, words[2], shared, np.uint32(n + 8 * side), side)
        four = _bases_only(four, words[3], shared, np.uint32(n + 12 * side), side)
    first, second = _added(first, one), _added(second, two)
    third, fourth = _added(third, three), _added(fourth, four)
    so_far = np.uint32(so_far + 1)
    if so_far == _FULL:
        _spill_all((first, second, third, fourth), shared, lane, side)
        first = second = third = fourth = _NONE
        so_far = np.uint32(0)
    return first, second, third, fourth, kept, known, so_far


@on_device
def _count(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, width: int, table: DeviceArray) -> None:
    """`width` threads side by side have 16 cycles each, of one read after another."""
    # By base, byte of the 16, and thread: threads side by side never meet in a bank.
    shared = cuda.shared.array(0, types.uint32)
    me, in_block, side = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(width)
    clear(shared, np.uint32(_KINDS * _WIDTH * side))
    rows, row = np.uint32(in_block // side), np.uint32(me // side)
    lane = np.uint32(me - row * side)
    begin = np.uint32(np.uint32(cuda.blockIdx.x) * np.uint32(_WIDTH * side))
    cycle = np.uint32(begin + _WIDTH * lane)
    own = (buffer, shared, lane, side)
    state = (_NONE, _NONE, _NONE, _NONE, _NONE, np.int32(0), np.uint32(0))
    state = through_cycles(starts, lengths, begin, rows, row, cycle, _counted, own, state)
    _spill_all((state[0], state[1], state[2], state[3]), shared, lane, side)
    cuda.syncthreads()
    i = me
    while i < np.uint32(_KINDS * _WIDTH * side):
        count = shared[i]
        if count:
            base = np.uint32(i // np.uint32(_WIDTH * side))
            byte = np.uint32(np.uint32(i // side) - base * _WIDTH)
            place = np.uint32(begin + _WIDTH * np.uint32(i % side) + byte)
            cuda.atomic.add(table, (np.uint32(place // LANES), base, np.uint32(place % LANES)), np.int64(count))
        i = np.uint32(i + in_block)


def base_counts(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    table: DeviceArray,
    stream: Stream = 0,
    *,
    longest: int | None = None,
) -> None:
    """Twin of `kernels.collectors.bases.base_counts`: adds the bases of reads to counts by cycle.

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
