"""A sample of the sequences that reads begin with, over the whole file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Kept
from kernels.collectors.hash_sample import sample_hashes

Words = npt.NDArray[np.uint64]

MOST_SAMPLED = 1 << 15
"""Distinct sequences that a sample holds at most; at least half as many once it has been full."""


class KeySample(Kept):
    """Distinct hashes with as many zero bits in front as it takes for all of them to have room.

    Attributes:
        level: zero bits asked for: about one sequence in 2^level is in the sample.
        known: sequences in the sample.
        reads: reads so far.
    """

    _KEPT = ("_slots", "level", "known", "reads")

    def __init__(self) -> None:
        self._slots: Words = np.zeros(2 * MOST_SAMPLED, np.uint64)
        self.level = 0
        self.known = 0
        self.reads = 0

    def add(self, hashes: Words) -> None:
        """Adds the hash of every read, uint64 [n_reads]."""
        self._put(hashes)
        self.reads += len(hashes)

    def merge(self, other: KeySample) -> None:
        """See `Collector.merge`."""
        if other.level > self.level:  # few are left of mine: cheaper than the other's into all of them
            mine, self._slots, self.level, self.known = self._slots, other._slots.copy(), other.level, other.known
            self._put(mine[mine != 0])
        else:
            self._put(other._slots[other._slots != 0])
        self.reads += other.reads

    def copy(self) -> KeySample:
        """See `Collector.copy`."""
        twin = KeySample.__new__(KeySample)
        vars(twin).update(vars(self))
        twin._slots = self._slots.copy()
        return twin

    def _put(self, hashes: Words) -> None:
        level, known = sample_hashes(hashes, self._slots, self.level, self.known)
        self.level, self.known = int(level), int(known)
