"""What every collector can do."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from engine.batch import Column, ReadBatch

Table = npt.NDArray[np.int64]

# Reads longer than this are counted in descending order of length, so that cycles that only few
# reads reach cost only those few.
_SORT_ABOVE = 512


class Collector(Protocol):
    """Counts something over reads. Belongs to one worker; merging gives the counts over all.

    The order of batches and of merges must not matter: collectors hold integers only.
    """

    def add(self, batch: ReadBatch) -> None:
        """Counts the reads of a batch; keeps nothing of its buffer."""
        ...

    def merge(self, other: Self) -> None:
        """Adds what another collector of the same kind has counted."""
        ...

    def copy(self) -> Self:
        """An independent collector with the same counts."""
        ...


def longest_first(starts: Column, lengths: Column) -> tuple[Column, Column]:
    """The two columns, in descending order of length where that is worth the sorting."""
    if lengths.max(initial=0) <= _SORT_ABOVE:
        return starts, lengths
    order = np.argsort(-lengths, kind="stable")
    return starts[order], lengths[order]


def record_numbers(batch: ReadBatch) -> Table:
    """int64 [n_reads], the number of each read in its input, from 0."""
    places = np.arange(len(batch)) if batch.places is None else batch.places
    return np.asarray(batch.first_record + places, np.int64)


def grown(table: Table, rows: int) -> Table:
    """The table with at least `rows` rows, new ones zero; at least doubled where it has to grow."""
    if rows <= len(table):
        return table
    larger = np.zeros((max(rows, 2 * len(table)), *table.shape[1:]), np.int64)
    larger[: len(table)] = table
    return larger


def added(mine: Table, other: Table) -> Table:
    """The sum of two tables that differ at most in their number of rows."""
    total = grown(mine, len(other))
    total[: len(other)] += other
    return total
