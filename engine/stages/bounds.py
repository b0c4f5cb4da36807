"""Stages that cut reads at bounds which a kernel finds by qualities alone, so that a GPU may find them ahead."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.batch import Column, ReadBatch
from engine.stages.base import T, Trimmer, TrimParameters, columns


@dataclass(frozen=True, slots=True)
class BoundsSearch:
    """How bounds are found.

    Attributes:
        kernel: for the CPU; has a twin, see `kernels.select.on_device`. Takes the buffer, where qualities start, how
            many there are, the numbers, and columns to fill; its twin sums of qualities instead of the buffer.
        numbers: what it takes.
        columns: how many it fills.
    """

    kernel: Callable[..., None]
    numbers: tuple[int, int]
    columns: int


@dataclass(frozen=True, slots=True)
class EarlyTrim:
    """A stage that is the first to shorten reads, and whose bounds may thus be found before the pipeline begins.

    Attributes:
        asker: its parameters: that very object, which no other stage of the pipeline has.
        search: what finds its bounds.
    """

    asker: TrimParameters
    search: BoundsSearch


class BoundsTrimmer(Trimmer[T]):
    """A stage that cuts each read where a kernel says."""

    @classmethod
    @abstractmethod
    def search(cls, parameters: Any) -> BoundsSearch:
        """What finds the bounds for a stage with these parameters."""

    @abstractmethod
    def _cut(self, batch: ReadBatch, *bounds: Column) -> ReadBatch:
        """The reads of one side of the pairs, cut."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        found = batch.bounds
        if found is not None and found.asker is self.parameters:
            return self._cut(batch, *found.columns)
        return self._cut(batch, *on_cpu(batch, self.search(self.parameters)))


def on_cpu(batch: ReadBatch, search: BoundsSearch) -> tuple[Column, ...]:
    """The bounds of the reads of one side of the pairs: int32 [n_reads] each."""
    found = columns(batch, search.columns)
    search.kernel(batch.buffer, batch.quality_starts, batch.lengths, *search.numbers, *found)
    return found
