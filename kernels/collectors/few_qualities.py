"""Qualities of instruments that tell only a few of them apart, as most have come to do: counted 64 at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.read_errors import ERROR_UNITS
from kernels.jit import COMPILES, inlined, kernel
from kernels.occurrences import low_bits
from kernels.qualities import OFFSET
from kernels.vectors import LANES, bit_count, equal_to, make_lane_counter
from kernels.words import Whole

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

MOST_FEW = 8
"""Qualities that are few."""

_COMPILES = COMPILES  # a constant to the compiler, which leaves out the branch that it cannot take
_TOO_MANY = MOST_FEW + 1
_AT_ONCE = 4
_GROUP = 255  # reads that a counter of eight bits has room for
_FEWEST = 16  # reads below which what it takes to add up a block costs more than it saves
_LONGEST = 1 << 20  # bases; sums over more could run over

_count_four = make_lane_counter(_AT_ONCE)


def nothing_known() -> Bytes:
    """What the kernels are told at first: uint8 [9], how many qualities are known, and then their characters."""
    return np.zeros(1 + MOST_FEW, np.uint8)


@inlined
def _learn(buffer: Bytes, start: Whole, length: Whole, known: Bytes) -> None:
    for i in range(start, start + length):
        count = int(known[0])
        if count == _TOO_MANY:
            return
        place = 1
        while place <= count and known[place] != buffer[i]:
            place += 1
        if place > count:
            known[0] = place
            if place <= MOST_FEW:
                known[place] = buffer[i]


@inlined
def _reach(length: Whole, cycle: Whole) -> Whole:
    """How many of the 64 cycles from `cycle` on a read has."""
    return max(np.int64(0), min(np.int64(LANES), np.int64(length) - cycle))


@inlined
def _add_block(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    first: Whole,
    last: Whole,
    cycle: Whole,
    known: Bytes,
    counts: Bytes,
    table: Table,
) -> bool:
    """Adds 64 cycles of some reads; false, and nothing is added, where one of their qualities is not known."""
    few = int(known[0])
    missing = np.int64(0)
    for read in range(first, last):
        missing += _reach(lengths[read], cycle)
    for group in range(0, few, _AT_ONCE):
        characters = known[1 + group : 1 + group + _AT_ONCE]
        rows = counts[group : group + _AT_ONCE]
        _count_four(buffer, starts, lengths, first, last, cycle, np.uint8(255), characters, rows)
    for row in range(few):
        for lane in range(LANES):
            missing -= np.int64(counts[row, lane])
    if missing != 0:
        return False
    for row in range(few):
        quality = known[1 + row] - np.uint8(OFFSET)
        for lane in range(min(np.int64(LANES), len(table) - cycle)):
            table[cycle + lane, quality] += np.int64(counts[row, lane])
    return True


@inlined
def _add_plainly(
    buffer: Bytes, starts: Column, lengths: Column, first: Whole, last: Whole, cycle: Whole, table: Table
) -> None:
    for read in range(first, last):
        start = np.int64(starts[read]) + cycle
        for i in range(_reach(lengths[read], cycle)):
            table[cycle + i, buffer[start + i] - np.uint8(OFFSET)] += 1


@kernel("int64(uint8[::1], int32[::1], int32[::1], uint8[::1], int64[:, ::1])")
def few_quality_counts(buffer: Bytes, starts: Column, lengths: Column, known: Bytes, table: Table) -> int:
    """Adds the qualities of reads to counts by cycle, as `kernels.qualities.quality_counts` does, if they are few.

    Args:
        buffer: uint8, qualities as characters 33..126, readable for 64 bytes past any read's end.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        known: which qualities have occurred, see `nothing_known`; to be kept for the next call.
        table: int64 [>= longest length, 96], cycle by quality.

    Returns:
        How many reads have been counted: all, or those before there were more than `MOST_FEW` qualities.
    """
    if not _COMPILES:
        return 0
    counts = np.empty((MOST_FEW, LANES), np.uint8)
    for first in range(0, len(starts), _GROUP):
        if known[0] == _TOO_MANY:
            return first
        last = min(first + _GROUP, len(starts))
        longest = np.int64(0)
        furthest = np.int64(0)
        for read in range(first, last):
            longest = max(longest, np.int64(lengths[read]))
            furthest = max(furthest, np.int64(starts[read]))
        for cycle in range(0, longest, LANES):
            while lengths[last - 1] <= cycle:
                last -= 1
            # Also of reads that have ended 64 bytes are looked at, which may not be there where reads are in no order.
            is_within = furthest + cycle + LANES <= len(buffer)
            if known[0] == _TOO_MANY or last - first < _FEWEST or not is_within:
                _add_plainly(buffer, starts, lengths, first, last, cycle, table)
            elif not _add_block(buffer, starts, lengths, first, last, cycle, known, counts, table):
                _add_plainly(buffer, starts, lengths, first, last, cycle, table)
                for read in range(first, last):
                    _learn(buffer, np.int64(starts[read]) + cycle, _reach(lengths[read], cycle), known)
    return len(starts)


@inlined
def _few_sums(buffer: Bytes, start: Whole, length: int, known: Bytes) -> tuple[Whole, Whole, Whole]:
    """Of a read how many qualities are known, and what their characters and chances of error add up to."""
    count = np.int64(0)
    total = np.int64(0)
    errors = np.int64(0)
    for place in range(1, int(known[0]) + 1):
        mine = np.int64(0)
        for at in range(0, length, LANES):
            mine += bit_count(equal_to(buffer, start + at, known[place]) & low_bits(length - at))
        count += mine
        total += mine * np.int64(known[place])
        errors += mine * ERROR_UNITS[known[place] - np.uint8(OFFSET)]
    return count, total, errors


@kernel("int64(uint8[::1], int32[::1], int32[::1], uint8[::1], int64[::1], int64[::1])")
def few_quality_error_sums(
    buffer: Bytes, starts: Column, lengths: Column, known: Bytes, sums: Table, errors: Table
) -> int:
    """Adds up qualities and chances of error as `quality_error_sums` does, if they are few.

    Args:
        buffer: uint8, quality characters 33..126, readable for 64 bytes past any read's end.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        known: which qualities have occurred, see `nothing_known`; to be kept for the next call.
        sums: int64 [n_reads], to fill.
        errors: int64 [n_reads], to fill.

    Returns:
        How many reads have been summed up: all, or those before there were more than `MOST_FEW` qualities.
    """
    if not _COMPILES:
        return 0
    for read in range(len(starts)):
        start = np.int64(starts[read])
        length = int(lengths[read])
        if known[0] == _TOO_MANY or length > _LONGEST:
            return read
        count, sums[read], errors[read] = _few_sums(buffer, start, length, known)
        if count < length:
            _learn(buffer, start, length, known)
            if known[0] == _TOO_MANY:
                return read
            _, sums[read], errors[read] = _few_sums(buffer, start, length, known)
    return len(starts)
