"""Reads with adapter, by where it begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table
from engine.collectors.known_sequences import KnownSequence, default_adapters
from engine.errors import CheckpointError
from kernels.collectors.probes import FAR_STEP, NEAR, adapter_hits, probe_index


class AdapterHits(Kept):
    """Reads by where each adapter's probe first occurs in them, either case.

    Args:
        adapters: what to look for; default: FastQC's.

    Attributes:
        adapters: what is looked for.
    """

    _KEPT = ("_near", "_far")

    def __init__(self, adapters: Sequence[KnownSequence] | None = None) -> None:
        self._look_for(tuple(default_adapters() if adapters is None else adapters))

    def _look_for(self, adapters: tuple[KnownSequence, ...]) -> None:
        self.adapters = adapters
        self._index = probe_index([adapter.bases.encode() for adapter in self.adapters])
        self._near: Table = np.zeros((len(self.adapters), 0), np.int64)
        self._far: Table = np.zeros((len(self.adapters), 0, 2), np.int64)

    @property
    def longest_probe(self) -> int:
        """Bases of the longest probe."""
        return max(len(adapter.bases) for adapter in self.adapters)

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        longest = batch.longest
        self._near = _widened(self._near, min(longest, NEAR))
        if longest > NEAR:
            self._far = _widened(self._far, longest // FAR_STEP + 1)
        index = self._index
        adapter_hits(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            index.letters,
            index.sizes,
            index.width,
            index.stride,
            index.lists,
            index.candidates,
            self._near,
            self._far,
        )

    def merge(self, other: AdapterHits) -> None:
        """See `Collector.merge`.

        Raises:
            ValueError: the other looks for other adapters.
        """
        if self.adapters != other.adapters:
            if self._near.any():
                raise ValueError("collectors that look for different adapters cannot be merged")
            self._look_for(other.adapters)
        self._near = _sum(self._near, other._near)
        self._far = _sum(self._far, other._far)

    def copy(self) -> AdapterHits:
        """See `Collector.copy`."""
        twin = AdapterHits.__new__(AdapterHits)
        twin.adapters, twin._index = self.adapters, self._index
        twin._near, twin._far = self._near.copy(), self._far.copy()
        return twin

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "adapters": [adapter.bases for adapter in self.adapters]}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        if state.get("adapters") != [adapter.bases for adapter in self.adapters]:
            raise CheckpointError("it was looking for other adapters.")
        super().restore(state)

    def hits(self, positions: int) -> tuple[Table, Table]:
        """Reads by where an adapter begins.

        Args:
            positions: places where a probe can begin.

        Returns:
            int64 [n_adapters, at most 65,536], reads by the base, from 0, where the adapter begins, and int64
            [n_adapters, n, 2] for adapters that begin later, by thousands of bases: reads, and the sum of these bases.
        """
        return _widened(self._near, min(positions, NEAR))[:, : min(positions, NEAR)], self._far


def _widened(table: Table, width: int) -> Table:
    """The table with at least `width` columns, new ones zero; at least doubled where it has to grow."""
    if width <= table.shape[1]:
        return table
    wider = np.zeros((len(table), max(width, 2 * table.shape[1]), *table.shape[2:]), np.int64)
    wider[:, : table.shape[1]] = table
    return wider


def _sum(mine: Table, other: Table) -> Table:
    total = _widened(mine, other.shape[1])
    total[:, : other.shape[1]] += other
    return total
