"""Dropping reads for the adapters that were found in them, after all else."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.batch import ReadBatch
from engine.reasons import Reason
from engine.stages.base import FilterParameters, Mask, NativeStage, with_failures


class FoundAdapterFilterParameters(FilterParameters):
    """What can be set for the filter on adapters that were found."""

    drop: Literal["untrimmed", "trimmed"] = Field(
        default="untrimmed",
        title="Drop",
        description="Reads in which no stage before has found an adapter, or those in which one has. Where only one "
        "read of each pair was looked at, it decides for both whether there is none.",
    )


class FoundAdapterFilter(NativeStage[FoundAdapterFilterParameters]):
    """Drops reads with or without an adapter. Where no stage has looked for any, it lets all pass."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate, parameters = batch.mate, self.parameters
        first, second = (None if side is None else self._fails(side) for side in (batch, mate))
        nothing = np.zeros(len(batch), np.bool_)
        other_decides = parameters.drop == "untrimmed" and parameters.pairs != "each"
        ours = first if first is not None else second if other_decides else None
        theirs = second if second is not None else first if other_decides else None
        reason = Reason.TRIMMED if parameters.drop == "trimmed" else Reason.UNTRIMMED
        both = [] if mate is None else [(reason, nothing if theirs is None else theirs)]
        return with_failures(batch, [(reason, nothing if ours is None else ours)], both, parameters.pairs)

    def _fails(self, batch: ReadBatch) -> Mask | None:
        """Which reads of one side are to go; ``None``: nobody has looked at them."""
        if batch.trimmed is None:
            return None
        return np.greater(batch.trimmed, 0) if self.parameters.drop == "trimmed" else np.equal(batch.trimmed, 0)
