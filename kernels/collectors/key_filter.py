"""Which keys cannot be in a table, told by a bit each: most reads of a large library are in none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.keys import NUMBER_BITS
from kernels.jit import inlined, kernel
from kernels.words import Whole

Column = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]

FILTER_WORDS = 1 << 14
"""Words of a filter: with a million bits it fits a core's cache, and passes one in ten of other keys at 100,000."""

# Bits of the hash that are in an entry too.
_WORD_SHIFT = np.uint64(26)
_BIT_SHIFT = np.uint64(20)
_BITS = np.uint64(63)


@inlined
def _word(hash_: np.uint64) -> Whole:
    return np.int64((hash_ >> _WORD_SHIFT) & np.uint64(FILTER_WORDS - 1))


@inlined
def _bit(hash_: np.uint64) -> np.uint64:
    return np.uint64(1) << ((hash_ >> _BIT_SHIFT) & _BITS)


@kernel("void(uint64[::1], uint64[::1])")
def fill_filter(slots: Words, filter_: Words) -> None:
    """Sets the bits of all keys of a table.

    Args:
        slots: uint64, those of the table, see `kernels.collectors.keys.slots_for`.
        filter_: uint64 [FILTER_WORDS], zeros, to fill.
    """
    for slot in range(len(slots)):
        if slots[slot] != np.uint64(0):
            hash_ = slots[slot] >> NUMBER_BITS
            filter_[_word(hash_)] |= _bit(hash_)


def maybe_known_reference(hashes: list[int], known: list[int]) -> list[int]:
    """Plain twin of `maybe_known`, from the hashes of the known keys: the numbers of the reads that pass."""
    bits = {hash_ >> 20 & (1 << 20) - 1 for hash_ in known}
    return [read for read, hash_ in enumerate(hashes) if hash_ >> 20 & (1 << 20) - 1 in bits]


@kernel("int64(int32[::1], int32[::1], uint64[::1], uint64[::1], int32[::1], int32[::1], uint64[::1])")
def maybe_known(
    starts: Column,
    lengths: Column,
    hashes: Words,
    filter_: Words,
    new_starts: Column,
    new_lengths: Column,
    new_hashes: Words,
) -> int:
    """Picks the reads whose key the table may have: all that it has, and a few others.

    Args:
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        hashes: uint64 [n_reads], of the keys.
        filter_: uint64 [FILTER_WORDS], what `fill_filter` gives.
        new_starts: int32 [n_reads], to fill from the front with what is picked.
        new_lengths: likewise.
        new_hashes: uint64 [n_reads], likewise.

    Returns:
        How many reads are picked.
    """
    count = 0
    for read in range(len(starts)):
        hash_ = hashes[read]
        new_starts[count] = starts[read]
        new_lengths[count] = lengths[read]
        new_hashes[count] = hash_
        count += filter_[_word(hash_)] & _bit(hash_) != np.uint64(0)
    return count
