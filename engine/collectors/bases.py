"""Bases by cycle."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Counters, Kept, Table, counters, longest_first
from kernels.collectors.bases import BASES
from kernels.select import base_counts
from kernels.vectors import LANES

_NARROW = 2**32 - 1
"""The most that a narrow counter holds."""


class BaseCounts(Kept):
    """A, C, G, T and N, either case, by cycle; in 32 bits a counter, and in 64 from 4 billion reads on."""

    _KEPT = ("_blocks",)

    def __init__(self) -> None:
        self._blocks: Counters = np.zeros((0, len(BASES), LANES), np.uint32)
        self._most = 0  # no counter is above this

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        self._make_room(-(-batch.longest // LANES), len(batch))
        starts, lengths = longest_first(batch.sequence_starts, batch.lengths)
        base_counts(batch.buffer, starts, lengths, self._blocks)

    def merge(self, other: BaseCounts) -> None:
        """See `Collector.merge`."""
        self._make_room(len(other._blocks), other._most)
        mine = self._blocks[: len(other._blocks)]
        np.add(mine, other._blocks, out=mine, casting="unsafe")  # there is room for it

    def copy(self) -> BaseCounts:
        """See `Collector.copy`."""
        twin = BaseCounts()
        twin._blocks, twin._most = self._blocks.copy(), self._most
        return twin

    def restore(self, state: State) -> None:
        """See `Collector.restore`; tables of either width will do."""
        self._blocks = counters(self._blocks, state.get("blocks"), np.int64)
        self._most = int(self._blocks.max(initial=0))

    def table(self, cycles: int) -> Table:
        """int64 [5, cycles], rows in the order A, C, G, T, N."""
        used = self._blocks[: -(-cycles // LANES)]
        flat = used.transpose(1, 0, 2).reshape(len(BASES), -1)[:, :cycles].astype(np.int64)
        return np.pad(flat, ((0, 0), (0, cycles - flat.shape[1])))

    def _make_room(self, blocks: int, more: int) -> None:
        """Counters for so many blocks of cycles, each of which may be raised by so much."""
        self._most += more
        kind = self._blocks.dtype if self._most <= _NARROW else np.dtype(np.int64)
        before = len(self._blocks)
        if blocks > before or kind != self._blocks.dtype:
            larger = np.zeros((max(blocks, 2 * before if blocks > before else before), len(BASES), LANES), kind)
            larger[:before] = self._blocks
            self._blocks = larger
