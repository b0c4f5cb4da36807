"""Reads shared among threads, 16 bytes to each in turn, and what the threads have found put together."""

from __future__ import annotations

import numpy as np

from kernels.cuda.launching import DeviceArray, within_device
from kernels.cuda.loads import load_sixteen

MASKS = 2 * 17
"""How many `make_masks` makes."""

Words = tuple[np.uint32, np.uint32, np.uint32, np.uint32]


@within_device
def make_masks(masks: DeviceArray, me: np.uint32, in_block: np.uint32) -> None:
    """Fills uint64 [`MASKS`] of shared memory for `load_part`.

    Numbers 2 * n and 2 * n + 1, for n in 0..16, have ones in the first n of 16 bytes.
    """
    i = me
    while i < np.uint32(MASKS):
        ones = np.int32(np.int32(i >> np.uint32(1)) - np.int32(8 * (i & np.uint32(1))))
        mask = np.uint64(0)
        if ones >= 8:
            mask = np.uint64(0xFFFFFFFFFFFFFFFF)
        elif ones > 0:
            mask = np.uint64((np.uint64(1) << np.uint64(8 * ones)) - np.uint64(1))
        masks[i] = mask
        i = np.uint32(i + in_block)


@within_device
def load_part(buffer: DeviceArray, piece: int, masks: DeviceArray, at: np.int32, length: np.int32) -> Words:
    """As `load_sixteen`, with zeros for what is not of a read.

    Args:
        buffer: as there.
        piece: the index there.
        masks: what `make_masks` makes.
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
def parts_sum(parts: DeviceArray, first: np.uint32, rows: np.uint32, count: np.uint32) -> int:
    """The sum of `count` numbers in shared memory that are `rows` apart, which threads of a block have left there."""
    total: int = parts[first]
    end = np.uint32(first + rows * count)
    at = np.uint32(first + rows)
    while at < end:
        total += parts[at]
        at = np.uint32(at + rows)
    return total
