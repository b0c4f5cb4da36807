"""What every stage of a pipeline can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from engine.batch import Column, ReadBatch
from engine.reasons import Reason
from engine.stages.statistics import StageStatistics

Mask = npt.NDArray[np.bool_]

BASES: JsonDict = {"unit": "bases"}
PHRED: JsonDict = {"unit": "Phred"}
PERCENT: JsonDict = {"unit": "%"}


class StageParameters(BaseModel):
    """What can be set for a stage: forms, validation, help and files are all made from it.

    Each field has a title and a description; its unit, if it has one, stands as ``unit`` in the JSON schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParameters(StageParameters):
    """For stages where nothing can be set."""


class TrimParameters(StageParameters):
    """What can be set for every stage that trims."""

    mates: Literal["both", "first", "second"] = Field(
        default="both",
        title="Reads of pairs",
        description="Which read of each pair to work on. Single reads count as first.",
    )


class Stage(Protocol):
    """One step of a pipeline. Belongs to one worker and is never called by two threads at once.

    Attributes:
        statistics: what it has done so far; those of all workers are merged.
    """

    statistics: StageStatistics

    def process(self, batch: ReadBatch) -> ReadBatch:
        """The batch after this step.

        Trimming gives new columns; dropping marks rows in ``dropped``, and no row is ever taken out. Bases
        and qualities may be changed in place, in the batch's buffer, within the reads. If it raises,
        the batch that it was given is as before, but for bases that were already masked.
        """
        ...

    def close(self) -> None:
        """Lets go of what the stage holds; called by the thread that has worked with it."""
        ...


P = TypeVar("P", bound=StageParameters)
T = TypeVar("T", bound=TrimParameters)


class NativeStage(ABC, Generic[P]):
    """A stage over kernels; counts reads and bases on both sides of its work.

    Attributes:
        parameters: as set by the user.
        statistics: what it has done so far.
    """

    def __init__(self, parameters: P, shared: Any = None) -> None:
        self.parameters = parameters
        self.statistics = StageStatistics()
        self._shared = shared

    @classmethod
    def share(cls, _parameters: Any) -> Any:
        """What the instances of one run have in common, given to each of them; most have nothing."""
        return None

    @property
    def works_in_place(self) -> bool:
        """Whether it changes bases or qualities in the batch's own buffer; if so it may fail in the midst of it."""
        return False

    def process(self, batch: ReadBatch) -> ReadBatch:
        """See `Stage.process`."""
        after = self._work(batch)
        self.statistics.count(batch, after)
        return after

    def close(self) -> None:
        """See `Stage.close`."""

    def skip(self, number: int) -> None:
        """A batch will never come to this stage: for stages whose instances take turns, see `StageKind`."""

    def abort(self) -> None:
        """Frees whoever waits in a stage of this run, in any thread."""

    @abstractmethod
    def _work(self, batch: ReadBatch) -> ReadBatch:
        """The batch after this step."""


class Trimmer(NativeStage[T]):
    """A stage that shortens each read by itself."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mates = self.parameters.mates
        mate = batch.mate
        if mates != "second":
            batch = self._trim(batch, is_second=False)
        if mate is not None:
            batch = replace(batch, mate=mate if mates == "first" else self._trim(mate, is_second=True))
        return batch

    @abstractmethod
    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        """The reads of one side of the pairs, trimmed."""


PairRule = Literal["either", "both", "first", "each"]
"""Which pairs a filter drops."""


class FilterParameters(StageParameters):
    """What can be set for every stage that drops reads."""

    pairs: PairRule = Field(
        default="either",
        title="Pairs",
        description="Drop a pair when either of its reads fails, when both do, when the first one does, or drop just "
        "the read that fails and keep its mate as a singleton.",
    )


F = TypeVar("F", bound=FilterParameters)


class Filter(NativeStage[F]):
    """A stage that drops reads which fail one criterion after the other."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        first = self._failing(batch)
        second = [] if batch.mate is None else self._failing_second(batch.mate)
        return with_failures(batch, first, second, self.parameters.pairs)

    @abstractmethod
    def _failing(self, batch: ReadBatch) -> Sequence[tuple[Reason, Mask]]:
        """For each criterion why a read is dropped, and bool [n_reads] which are; always as many."""

    def _failing_second(self, mates: ReadBatch) -> Sequence[tuple[Reason, Mask]]:
        """The same of the second reads of pairs, for stages that ask something else of them."""
        return self._failing(mates)


def with_failures(
    batch: ReadBatch,
    first: Sequence[tuple[Reason, Mask]],
    second: Sequence[tuple[Reason, Mask]],
    pairs: PairRule,
) -> ReadBatch:
    """The batch with the reads dropped that fail; those dropped before keep their reason.

    Args:
        batch: reads, or pairs of them.
        first: for each criterion the reason and which reads fail it.
        second: the same of the mates; empty where there are none.
        pairs: which pairs go, see `FilterParameters`.
    """
    mate = batch.mate
    if mate is None:
        return replace(batch, dropped=_dropped(batch, first))
    if pairs == "each":
        mate = replace(mate, dropped=_dropped(mate, second))
        return replace(batch, dropped=_dropped(batch, first), mate=mate)
    # A mate that is gone already has no say.
    gone_first, gone_second = is_dropped(batch), is_dropped(mate)
    both = [
        (reason, np.where(gone_first, theirs, np.where(gone_second, ours, _of_pair(ours, theirs, pairs))))
        for (reason, ours), (_, theirs) in zip(first, second, strict=True)
    ]
    return replace(batch, dropped=_dropped(batch, both), mate=replace(mate, dropped=_dropped(mate, both)))


def _of_pair(ours: Mask, theirs: Mask, pairs: PairRule) -> Mask:
    return ours if pairs == "first" else ours & theirs if pairs == "both" else ours | theirs


def is_dropped(batch: ReadBatch) -> Mask:
    """Which reads of one side have been dropped: bool [n_reads]."""
    return np.zeros(len(batch), np.bool_) if batch.dropped is None else batch.dropped != 0


def _dropped(batch: ReadBatch, failing: Sequence[tuple[Reason, Mask]]) -> npt.NDArray[np.uint8] | None:
    dropped = batch.dropped
    for reason, fails in failing:
        if fails.any():
            dropped = np.zeros(len(batch), np.uint8) if dropped is None else dropped
            dropped = np.where((dropped == 0) & fails, np.uint8(reason), dropped)
    return dropped


def cut(batch: ReadBatch, begins: Column | None, ends: Column | None) -> ReadBatch:
    """Each read from ``begins`` to ``ends``, in bases from its beginning; ``None``: where it begins or ends."""
    if begins is None:
        return batch if ends is None else replace(batch, lengths=ends)
    return replace(
        batch,
        sequence_starts=batch.sequence_starts + begins,
        quality_starts=batch.quality_starts + begins,
        lengths=(batch.lengths if ends is None else ends) - begins,
    )


def columns(batch: ReadBatch, count: int) -> tuple[Column, ...]:
    """Empty int32 columns as long as the batch, for kernels to fill."""
    return tuple(np.empty(len(batch), np.int32) for _ in range(count))
