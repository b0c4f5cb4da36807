"""The mean quality of each read by the chance of errors, and reads by length and that quality, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import (
    PIECE,
    DeviceArray,
    Stream,
    blocks,
    lanes_of_pieces,
    launch,
    on_device,
    threads,
    within_device,
)
from kernels.cuda.parts import MASKS, Words, load_part, make_masks, parts_sum
from kernels.qualities import QUALITIES
from kernels.read_errors import MOST_BASES

_THREADS = 256
_BYTE = np.uint32(0xFF)
_COPIES = 32
_ROUNDS = 16

_CHARACTERS = 128
_LOW_BITS = 28
"""Of an error, that stand in the lower half of its number: sixteen of them are below 2^32."""
_LOW = (1 << _LOW_BITS) - 1


@within_device
def _errors_of(by_byte: DeviceArray, words: Words) -> np.int64:
    """The sum for 16 characters."""
    low = high = np.uint32(0)
    for word in words:
        one, two = by_byte[np.uint32(word & _BYTE)], by_byte[np.uint32((word >> np.uint32(8)) & _BYTE)]
        three, four = by_byte[np.uint32((word >> np.uint32(16)) & _BYTE)], by_byte[np.uint32(word >> np.uint32(24))]
        low = np.uint32(low + np.uint32(one) + np.uint32(two))
        low = np.uint32(low + np.uint32(three) + np.uint32(four))
        high = np.uint32(high + np.uint32(one >> 32) + np.uint32(two >> 32))
        high = np.uint32(high + np.uint32(three >> 32) + np.uint32(four >> 32))
    return np.int64((np.int64(high) << _LOW_BITS) + np.int64(low))


@on_device
def _sum(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    errors: DeviceArray,
    at_one: int,
    sums: DeviceArray,
) -> None:
    """`at_one` threads look at one read, in turns at 16 bytes each that one load gets, whoever's they are."""
    # One copy of the table for every block, near enough for any order of looking things up.
    by_byte = cuda.shared.array(_CHARACTERS, types.int64)
    masks = cuda.shared.array(MASKS, types.uint64)
    parts = cuda.shared.array(0, types.int64)  # of the reads in hand, and of those before or after
    me, in_block, many = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(at_one)
    rows, row = np.uint32(in_block // many), np.uint32(me // many)
    lane = np.uint32(me - row * many)
    make_masks(masks, me, in_block)
    i = me
    while i < np.uint32(_CHARACTERS):
        error = errors[i]  # of a character and of one that stands for no error
        by_byte[i] = ((error >> _LOW_BITS) << 32) | (error & _LOW)
        i = np.uint32(i + in_block)
    cuda.syncthreads()
    side = np.uint32(0)
    first = np.uint32(np.uint32(cuda.blockIdx.x) * rows)
    while first < np.uint32(len(starts)):
        read = np.uint32(first + row)
        if row < rows and read < np.uint32(len(starts)):
            start = np.uint32(starts[read])
            length = np.int32(lengths[read])
            if length > MOST_BASES:
                length = np.int32(MOST_BASES)
            piece = np.uint32((start >> np.uint32(4)) + lane)
            at = np.int32(np.int32(PIECE * lane) - np.int32(start & np.uint32(15)))
            total = np.int64(0)
            while at < length:
                total += _errors_of(by_byte, load_part(buffer, piece, masks, at, length))
                piece = np.uint32(piece + many)
                at = np.int32(at + PIECE * many)
            parts[np.uint32(side + lane * rows + row)] = total
        cuda.syncthreads()
        mine = np.uint32(first + me)
        if me < rows and mine < np.uint32(len(starts)):
            sums[mine] = parts_sum(parts, np.uint32(side + me), rows, many)
        side = np.uint32(rows * many - side)
        first = np.uint32(first + np.uint32(cuda.gridDim.x) * rows)


@within_device
def _mean_quality(total: int, used: int, units: DeviceArray) -> int:
    """The highest quality whose chance of error is not below the mean."""
    least = 0
    beyond = QUALITIES
    while beyond - least > 1:
        middle = (least + beyond) // 2
        if total <= units[middle] * used:
            least = middle
        else:
            beyond = middle
    return least


@within_device
def _bin_of(length: int, starts: DeviceArray) -> int:
    """The last bin that begins at `length` or before."""
    least = 0
    beyond = len(starts)
    while beyond - least > 1:
        middle = (least + beyond) // 2
        if starts[middle] <= length:
            least = middle
        else:
            beyond = middle
    return least


@on_device
def _count(
    sums: DeviceArray,
    lengths: DeviceArray,
    units: DeviceArray,
    length_starts: DeviceArray,
    copies: int,
    table: DeviceArray,
) -> None:
    """Most reads are in the bin of the first that a block looks at; they are counted in shared memory."""
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, QUALITIES * copies, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    common = _bin_of(lengths[cuda.blockIdx.x * in_block], length_starts)
    for read in range(cuda.grid(1), len(sums), cuda.gridsize(1)):
        length = np.int64(lengths[read])
        if length == 0:
            continue
        used = length
        if used > MOST_BASES:
            used = np.int64(MOST_BASES)
        quality = _mean_quality(sums[read], used, units)
        row = _bin_of(length, length_starts)
        if row == common:
            cuda.atomic.add(shared, quality * copies + me % copies, np.uint32(1))
        else:
            cuda.atomic.add(table, (row, quality), np.int64(1))
    cuda.syncthreads()
    for quality in range(me, QUALITIES, in_block):
        total = np.int64(0)
        for copy in range(copies):
            total += np.int64(shared[quality * copies + copy])
        if total:
            cuda.atomic.add(table, (common, quality), total)


def error_sums(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    errors: DeviceArray,
    sums: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.read_errors.error_sums`: adds up the chances of error of each read.

    Args:
        buffer: uint8, quality characters 33..126, begins at a multiple of 16 bytes, readable for 64 past any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; those past `MOST_BASES` are passed over.
        errors: `PAIR_ERRORS`.
        sums: int64 [n_reads], to fill, in units of 2^-36.
        stream: where the launch goes.
    """
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes_of_pieces(len(buffer), len(starts), in_block)
    rows = in_block // at_one
    grid = blocks(len(starts), rows, in_block)
    launch(_sum, grid, in_block, (buffer, starts, lengths, errors, at_one, sums), stream, 8 * 2 * rows * at_one)


def length_quality_counts(
    sums: DeviceArray,
    lengths: DeviceArray,
    units: DeviceArray,
    guesses: DeviceArray,  # noqa: ARG001 - the arguments are those of the kernel for the CPU
    length_starts: DeviceArray,
    table: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.read_errors.length_quality_counts`: counts reads by length and mean quality, rounded down.

    Args:
        sums: int64 [n_reads], what `error_sums` gives.
        lengths: int32 [n_reads].
        units: `ERROR_UNITS`.
        guesses: not looked at.
        length_starts: `LENGTH_STARTS`.
        table: int64 [len(length_starts), 94], to add to.
        stream: where the launch goes.
    """
    if len(lengths) == 0:
        return
    in_block = threads(_THREADS)
    copies = _COPIES if in_block >= _COPIES else in_block
    grid = blocks(len(lengths), in_block, in_block, _ROUNDS)
    launch(_count, grid, in_block, (sums, lengths, units, length_starts, copies, table), stream, 4 * QUALITIES * copies)
