"""One number a read: reads shared among threads, 16 bytes to each in turn, and what they have found put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import (
    PIECE,
    DeviceArray,
    Stream,
    blocks,
    lanes_of_pieces,
    launch,
    threads,
    within_device,
)
from kernels.cuda.loads import load_sixteen

_THREADS = 256

_MASKS = 2 * 17
"""How many `_make_masks` makes."""

Words = tuple[np.uint32, np.uint32, np.uint32, np.uint32]


@within_device
def _make_masks(masks: DeviceArray, me: np.uint32, in_block: np.uint32) -> None:
    """Fills uint64 [`_MASKS`] of shared memory for `_load_part`.

    Numbers 2 * n and 2 * n + 1, for n in 0..16, have ones in the first n of 16 bytes.
    """
    i = me
    while i < np.uint32(_MASKS):
        ones = np.int32(np.int32(i >> np.uint32(1)) - np.int32(8 * (i & np.uint32(1))))
        mask = np.uint64(0)
        if ones >= 8:
            mask = np.uint64(0xFFFFFFFFFFFFFFFF)
        elif ones > 0:
            mask = np.uint64((np.uint64(1) << np.uint64(8 * ones)) - np.uint64(1))
        masks[i] = mask
        i = np.uint32(i + in_block)


@within_device
def _load_part(buffer: DeviceArray, piece: int, masks: DeviceArray, at: np.int32, length: np.int32) -> Words:
    """As `load_sixteen`, with zeros for what is not of a read.

    Args:
        buffer: as there.
        piece: the index there.
        masks: what `_make_masks` makes.
        at: where the first of the bytes is in the read, from -15 on.
        length: of the read, more than `at`.
    """
    skipped = np.uint32(0)
    if at < 0:
        skipped = np.uint32(-at)
    left = np.uint32(length - at)
    if left > np.uint32(16):
        left = np.uint32(16)
    low = np.uint64(masks[np.uint32(2 * left)] & ~masks[np.uint32(2 * skipped)])
    high = np.uint64(masks[np.uint32(2 * left + 1)] & ~masks[np.uint32(2 * skipped + 1)])
    words = load_sixteen(buffer, piece)
    return (
        np.uint32(words[0] & np.uint32(low)),
        np.uint32(words[1] & np.uint32(low >> np.uint64(32))),
        np.uint32(words[2] & np.uint32(high)),
        np.uint32(words[3] & np.uint32(high >> np.uint64(32))),
    )


@within_device
def _parts_sum(parts: DeviceArray, first: np.uint32, rows: np.uint32, count: np.uint32) -> int:
    """The sum of `count` numbers in shared memory that are `rows` apart, which threads of a block have left there."""
    total: int = parts[first]
    end = np.uint32(first + rows * count)
    at = np.uint32(first + rows)
    while at < end:
        total += parts[at]
        at = np.uint32(at + rows)
    return total


@within_device
def number_each(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    at_one: int,
    parts: DeviceArray,
    table: DeviceArray,
    used: Callable[[int], int],
    added: Callable[[DeviceArray, Any, Words], Any],
    nothing: Any,
    numbers: DeviceArray,
) -> None:
    """Fills in one number for each read; the whole of a kernel that `launch_each` launches, called by all its threads.

    `at_one` threads look at one read, in turns at 16 bytes each that one load gets, whoever's they are.

    Args:
        buffer: uint8, begins at a multiple of 16 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first byte.
        lengths: int32 [n_reads], bytes.
        at_one: as said.
        parts: shared memory of numbers, whose size the launch decides on.
        table: what `added` looks things up in, in shared memory that the threads may have filled just before; any
            array where it has no use for one.
        used: how many of a read's bytes are looked at, by its length; a function for the device.
        added: given `table`, the number so far and the next 16 bytes, zeros for those that are not looked at, gives the
            number with them; a function for the device.
        nothing: the number of no bytes, of the type of `parts`.
        numbers: [n_reads], to fill.
    """
    me, in_block, many = np.uint32(cuda.threadIdx.x), np.uint32(cuda.blockDim.x), np.uint32(at_one)
    rows, row = np.uint32(in_block // many), np.uint32(me // many)
    lane = np.uint32(me - row * many)
    masks = cuda.shared.array(_MASKS, types.uint64)
    _make_masks(masks, me, in_block)
    cuda.syncthreads()
    side = np.uint32(0)  # of `parts`, for the reads in hand; the other is of those before or after
    first = np.uint32(np.uint32(cuda.blockIdx.x) * rows)
    while first < np.uint32(len(starts)):
        read = np.uint32(first + row)
        if row < rows and read < np.uint32(len(starts)):
            start = np.uint32(starts[read])
            length = np.int32(used(lengths[read]))
            piece = np.uint32((start >> np.uint32(4)) + lane)
            at = np.int32(np.int32(PIECE * lane) - np.int32(start & np.uint32(15)))
            total = nothing
            while at < length:
                total = added(table, total, _load_part(buffer, piece, masks, at, length))
                piece = np.uint32(piece + many)
                at = np.int32(at + PIECE * many)
            parts[np.uint32(side + lane * rows + row)] = total
        cuda.syncthreads()
        mine = np.uint32(first + me)
        if me < rows and mine < np.uint32(len(starts)):
            numbers[mine] = _parts_sum(parts, np.uint32(side + me), rows, many)
        side = np.uint32(rows * many - side)
        first = np.uint32(first + np.uint32(cuda.gridDim.x) * rows)


def launch_each(
    kernel: Any,
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    others: tuple[DeviceArray, ...],
    numbers: DeviceArray,
    part: int,
    stream: Stream,
) -> None:
    """Launches a kernel that is `number_each`.

    Args:
        kernel: takes `buffer`, `starts`, `lengths`, `others`, `at_one` and `numbers`.
        buffer: as there, and so on.
        starts: likewise.
        lengths: likewise.
        others: arrays of its own.
        numbers: likewise.
        part: bytes of a number of `parts`.
        stream: where the launch goes.
    """
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes_of_pieces(len(buffer), len(starts), in_block)
    rows = in_block // at_one
    grid = blocks(len(starts), rows, in_block)
    arguments = (buffer, starts, lengths, *others, at_one, numbers)
    launch(kernel, grid, in_block, arguments, stream, 2 * part * rows * at_one)
