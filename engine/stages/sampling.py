"""A part of the reads, by their numbers in the input."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from engine.batch import ReadBatch
from engine.reasons import Reason
from engine.stages.base import Mask, NativeStage, StageParameters, with_failures
from kernels.stages.hashes import number_hashes


class SampleParameters(StageParameters):
    """What can be set for sub-sampling."""

    fraction: float = Field(default=0.1, title="Share", description="Of the reads or pairs to keep.", ge=0, le=1)
    seed: int = Field(
        default=1, title="Seed", description="Another seed keeps other reads; the same one the same.", ge=0, lt=2**31
    )


class Sampler(NativeStage[SampleParameters]):
    """Keeps each read or pair by a hash of its number in the input.

    Which reads stay depends on the seed alone: not on batches, workers, or what other stages dropped.
    """

    def _work(self, batch: ReadBatch) -> ReadBatch:
        hashes = np.empty(len(batch), np.uint64)
        number_hashes(batch.first_record, self.parameters.seed, hashes)
        limit = int(self.parameters.fraction * 2**53)
        fails: Mask = (hashes >> np.uint64(11)) >= np.uint64(limit)
        failing = [(Reason.NOT_SAMPLED, fails)]
        return with_failures(batch, failing, failing, "either")


class FirstReadsParameters(StageParameters):
    """What can be set for keeping the first reads."""

    count: int = Field(
        default=1_000_000,
        title="Number",
        description="Of the reads or pairs to keep, counted over all files of the input.",
        ge=0,
        lt=2**62,
        json_schema_extra={"unit": "reads"},
    )


class FirstReads(NativeStage[FirstReadsParameters]):
    """Keeps the first reads or pairs of the input, whatever other stages have dropped of them."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        fails: Mask = np.arange(len(batch)) >= self.parameters.count - batch.first_record
        failing = [(Reason.NOT_SAMPLED, fails)]
        return with_failures(batch, failing, failing, "either")
