"""What every collector can do."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from engine.batch import Column, ReadBatch
from engine.checkpoint.state import State, Value
from engine.errors import CheckpointError

Table = npt.NDArray[np.int64]
Counters = npt.NDArray[np.integer[Any]]

Groups = list[tuple[int, int]]
"""First and last cycle of each group, from 1, both included."""

T = TypeVar("T")

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

    def state(self) -> State:
        """What it has counted, for a checkpoint; arrays are its own."""
        ...

    def restore(self, state: State) -> None:
        """Takes up what another collector of the same kind had counted; for one that has counted nothing.

        Raises:
            CheckpointError: this is not the state of such a collector.
        """
        ...


class Kept:
    """For collectors whose state is some of their attributes: see `Collector.state` and `Collector.restore`."""

    _KEPT: ClassVar[tuple[str, ...]]

    def state(self) -> State:
        """See `Collector.state`."""
        values = {name.lstrip("_"): getattr(self, name) for name in self._KEPT}
        return {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}

    def restore(self, state: State) -> None:
        """See `Collector.restore`."""
        for name in self._KEPT:
            setattr(self, name, like(getattr(self, name), state.get(name.lstrip("_"))))


def like(mine: T, kept: Value) -> T:
    """A value of a checkpoint, if it is of the kind of `mine`: of its type, or an array of its numbers and dimensions.

    Raises:
        CheckpointError: it is not.
    """
    fits = type(kept) is type(mine)
    if isinstance(mine, np.ndarray) and isinstance(kept, np.ndarray):
        fits = kept.dtype == mine.dtype and kept.ndim == mine.ndim
    if not fits:
        raise CheckpointError("it holds other tables than this version of Lanescope counts.")
    return kept  # type: ignore[return-value]  # of the same type, as has just been seen


def counters(mine: Counters, kept: Value, wide: type[np.integer[Any]]) -> Counters:
    """A table of a checkpoint, if it is of the kind of `mine`, or of such ones with wide counters.

    Raises:
        CheckpointError: it is not.
    """
    is_wide = isinstance(kept, np.ndarray) and kept.dtype == wide
    return like(mine.astype(wide) if is_wide else mine, kept)


def part(state: State, name: str) -> State:
    """A dictionary within the state of a checkpoint.

    Raises:
        CheckpointError: there is none of this name.
    """
    return like({}, state.get(name))


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
