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
        kernel: for the CPU; has a twin, see `kernels.select.on_device`. Takes the buffer, where bases start if it
            looks at them, where qualities start, how many there are, the numbers, and columns to fill.
        numbers: what it takes.
        columns: how many it fills.
        by_bases: it looks at bases too.
    """

    kernel: Callable[..., None]
    numbers: tuple[int, ...]
    columns: int
    by_bases: bool = False


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
    starts = (batch.sequence_starts, batch.quality_starts) if search.by_bases else (batch.quality_starts,)
    search.kernel(batch.buffer, *starts, batch.lengths, *search.numbers, *found)
    return found
