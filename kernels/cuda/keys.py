"""What reads begin with, on a device: hashes, and counts of what is known already.

New keys are numbered in the order of their first reads, which is for one thread to keep: the kernels for the CPU do so.
"""

from __future__ import annotations

import numpy as np
from numba import cuda

from kernels.collectors.keys import KEY_BASES, KEY_WORDS, SEED, home_slot, key_row, may_be_key
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import load_eight
from kernels.words import WIDTH, first_bytes, mixed, upper_word

_THREADS = 128


@within_device
def _key_bases(length: int) -> int:
    return KEY_BASES if length > KEY_BASES else length


@within_device
def _key_word(buffer: DeviceArray, start: int, bases: int, number: int) -> np.uint64:
    """Word `number` of the key of a read."""
    if bases <= number * WIDTH:
        return np.uint64(0)
    word = load_eight(buffer, start + number * WIDTH)
    return np.uint64(upper_word(np.uint64(first_bytes(word, bases - number * WIDTH))))


@on_device
def _hash(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, hashes: DeviceArray) -> None:
    read = np.uint32(cuda.grid(1))
    while read < np.uint32(len(starts)):  # a range would divide, to know how often
        bases = _key_bases(lengths[read])
        hash_ = SEED
        for number in range(KEY_WORDS):
            hash_ = np.uint64(mixed(hash_, _key_word(buffer, starts[read], bases, number)))
        hashes[read] = hash_
        read = np.uint32(read + np.uint32(cuda.gridsize(1)))


@within_device
def _is_key(buffer: DeviceArray, start: int, bases: int, keys: DeviceArray, row: int) -> bool:
    difference = np.uint64(0)
    for number in range(KEY_WORDS):
        difference |= _key_word(buffer, start, bases, number) ^ keys[row, number]
    return bool(difference == np.uint64(0))


@on_device
def _count_known(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    hashes: DeviceArray,
    slots: DeviceArray,
    keys: DeviceArray,
    counts: DeviceArray,
) -> None:
    last = len(slots) - 1
    read = np.uint32(cuda.grid(1))
    while read < np.uint32(len(starts)):  # a range would divide, to know how often
        hash_ = hashes[read]
        bases = _key_bases(lengths[read])
        slot = home_slot(hash_, last + 1)
        entry = slots[slot]
        while entry != np.uint64(0):
            if may_be_key(entry, hash_):
                row = key_row(entry)
                if _is_key(buffer, starts[read], bases, keys, row):
                    cuda.atomic.add(counts, row, np.int64(1))
                    break
            slot = (slot + 1) & last
            entry = slots[slot]
        read = np.uint32(read + np.uint32(cuda.gridsize(1)))


def key_hashes(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, hashes: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.collectors.keys.key_hashes`: the same hashes of the first bases of reads, bit for bit.

    Args:
        buffer: uint8, bases 33..126, begins at a multiple of 4 bytes, readable for 64 bytes past any read's start.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        hashes: uint64 [n_reads], to fill.
        stream: where the launch goes.
    """
    if len(starts):
        in_block = threads(_THREADS)
        launch(_hash, blocks(len(starts), in_block, in_block), in_block, (buffer, starts, lengths, hashes), stream)


def count_known_keys(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    hashes: DeviceArray,
    slots: DeviceArray,
    keys: DeviceArray,
    counts: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.collectors.keys.count_known_keys`: counts those reads whose key is known.

    Args:
        buffer: as for `key_hashes`.
        starts: likewise.
        lengths: likewise.
        hashes: uint64 [n_reads], what `key_hashes` gives.
        slots: uint64 [a power of two], where keys are found; only read.
        keys: uint64 [n_keys, 7], only read.
        counts: int64 [n_keys], reads of each key, to add to.
        stream: where the launch goes.
    """
    if len(starts):
        in_block = threads(_THREADS)
        arguments = (buffer, starts, lengths, hashes, slots, keys, counts)
        launch(_count_known, blocks(len(starts), in_block, in_block), in_block, arguments, stream)
