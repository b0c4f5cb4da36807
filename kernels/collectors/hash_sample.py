"""A sample of hashes that depends on nothing but which hashes there are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.words import Whole

Words = npt.NDArray[np.uint64]

_EVERY = np.uint64((1 << 64) - 1)


@inlined
def _is_in(hash_: np.uint64, level: Whole) -> bool:
    """Whether the highest `level` bits, of at most 63, are zero."""
    return level == 0 or bool(hash_ >> np.uint64(64 - level) == np.uint64(0))


@inlined
def _put(hash_: np.uint64, slots: Words) -> bool:
    """Adds a hash that is not zero; false where it has been added before."""
    slot = np.int64((hash_ ^ (hash_ >> np.uint64(29))) & np.uint64(len(slots) - 1))
    while slots[slot] != np.uint64(0):
        if slots[slot] == hash_:
            return False
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot] = hash_
    return True


def sample_hashes_reference(hashes: list[int], sample: set[int], most: int, level: int) -> tuple[set[int], int]:
    """Plain twin of `sample_hashes`: the new sample and level."""
    sample = sample | {hash_ or 1 for hash_ in hashes}
    while True:
        sample = {hash_ for hash_ in sample if hash_ < 1 << (64 - level)}
        if len(sample) <= most or level == 63:
            return sample, level
        level += 1


@kernel("UniTuple(int64, 2)(uint64[::1], uint64[::1], int64, int64)")
def sample_hashes(hashes: Words, slots: Words, level: int, known: int) -> tuple[int, int]:
    """Adds hashes to a sample of those that begin with some zero bits.

    Whenever more than half the slots are used, one more zero bit is asked for, and the hashes without it go
    (adaptive sampling; Flajolet 1990, "On adaptive sampling"). The outcome does not depend on the order.

    Args:
        hashes: uint64 [n]; 0 counts as 1.
        slots: uint64 [a power of two], the hashes of the sample, 0 where free; changed.
        level: zero bits asked for so far.
        known: hashes in the sample so far.

    Returns:
        The level, and the number of hashes in the sample.
    """
    most = len(slots) // 2
    # Picked without a branch, which nobody could foretell.
    picked = np.empty(len(hashes), np.uint64)
    count = 0
    largest = _EVERY >> np.uint64(level)
    for i in range(len(hashes)):
        picked[count] = hashes[i]
        count += int(hashes[i] <= largest)
    for i in range(count):
        hash_ = max(picked[i], np.uint64(1))
        if _is_in(hash_, level) and _put(hash_, slots):
            known += 1
            while known > most and level < 63:
                level += 1
                kept = slots.copy()
                slots[:] = np.uint64(0)
                known = 0
                for j in range(len(kept)):
                    if kept[j] != np.uint64(0) and _is_in(kept[j], level):
                        _put(kept[j], slots)
                        known += 1
    return level, known
