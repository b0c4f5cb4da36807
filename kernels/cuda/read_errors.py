"""The mean quality of each read by the chance of errors, and reads by length and that quality, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.collectors.read_errors import MOST_BASES
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.parts import Words, launch_each, number_each
from kernels.qualities import QUALITIES

_THREADS = 256
_BYTE = np.uint32(0xFF)
_COPIES = 32
_ROUNDS = 16

_CHARACTERS = 128
_LOW_BITS = 28
"""Of an error, that stand in the lower half of its number: sixteen of them are below 2^32."""
_LOW = (1 << _LOW_BITS) - 1


@within_device
def _with_errors(by_byte: DeviceArray, before: np.int64, words: Words) -> np.int64:
    """Adds the chances of error of 16 characters."""
    low = high = np.uint32(0)
    for word in words:
        one, two = by_byte[np.uint32(word & _BYTE)], by_byte[np.uint32((word >> np.uint32(8)) & _BYTE)]
        three, four = by_byte[np.uint32((word >> np.uint32(16)) & _BYTE)], by_byte[np.uint32(word >> np.uint32(24))]
        low = np.uint32(low + np.uint32(one) + np.uint32(two))
        low = np.uint32(low + np.uint32(three) + np.uint32(four))
        high = np.uint32(high + np.uint32(one >> 32) + np.uint32(two >> 32))
        high = np.uint32(high + np.uint32(three >> 32) + np.uint32(four >> 32))
    return np.int64(before + np.int64((np.int64(high) << _LOW_BITS) + np.int64(low)))


@within_device
def _used(length: int) -> int:
    """Qualities of a read that are looked at."""
    if length > MOST_BASES:  # Numba's own target for CUDA cannot call min here
        return MOST_BASES
    return length


@on_device
def _sum(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    errors: DeviceArray,
    at_one: int,
    sums: DeviceArray,
) -> None:
    # One copy of the table for every block, near enough for any order of looking things up.
    by_byte = cuda.shared.array(_CHARACTERS, types.int64)
    parts = cuda.shared.array(0, types.int64)
    i = np.uint32(cuda.threadIdx.x)
    while i < np.uint32(_CHARACTERS):
        error = errors[i]  # of a character and of one that stands for no error
        by_byte[i] = ((error >> _LOW_BITS) << 32) | (error & _LOW)
        i = np.uint32(i + np.uint32(cuda.blockDim.x))
    number_each(buffer, starts, lengths, at_one, parts, by_byte, _used, _with_errors, np.int64(0), sums)


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
    """Twin of `kernels.collectors.read_errors.error_sums`: adds up the chances of error of each read.

    Args:
        buffer: uint8, quality characters 33..126, begins at a multiple of 16 bytes, readable for 64 past any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; those past `MOST_BASES` are passed over.
        errors: `PAIR_ERRORS`.
        sums: int64 [n_reads], to fill, in units of 2^-36.
        stream: where the launch goes.
    """
    launch_each(_sum, buffer, starts, lengths, (errors,), sums, 8, stream)


def length_quality_counts(
    sums: DeviceArray,
    lengths: DeviceArray,
    units: DeviceArray,
    guesses: DeviceArray,  # noqa: ARG001 - the arguments are those of the kernel for the CPU
    length_starts: DeviceArray,
    table: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.collectors.read_errors.length_quality_counts`: reads by length and mean quality, rounded down.

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
