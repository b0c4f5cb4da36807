"""What the overlap of the two reads of a pair tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from pydantic import Field

from engine.batch import Column, ReadBatch
from engine.stages.base import BASES, PERCENT, NativeStage, StageParameters
from kernels.overlap import COMPLEMENT, overlaps
from kernels.stages.trim_fastp import bases_before


class OverlapParameters(StageParameters):
    """What makes an overlap."""

    least: int = Field(
        default=30,
        title="Shortest overlap",
        description="Shorter ones do not count.",
        ge=5,
        le=10_000,
        json_schema_extra=BASES,
    )
    differences: int = Field(
        default=5, title="Most differences", description="In the overlap.", ge=0, le=1000, json_schema_extra=BASES
    )
    percent: int = Field(
        default=20,
        title="Largest share of differences",
        description="In proportion to the overlap.",
        ge=0,
        le=100,
        json_schema_extra=PERCENT,
    )


V = TypeVar("V", bound=OverlapParameters)


class OverlapStage(NativeStage[V]):
    """A stage that needs to know where the reads of pairs overlap; single reads pass as they are."""

    def _overlaps(self, batch: ReadBatch, mate: ReadBatch) -> Column:
        """int32 [n_pairs, 3]: offset of the mate in the read, bases and differences, 0 bases for none."""
        found = np.empty((len(batch), 3), np.int32)
        overlaps(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            mate.buffer,
            mate.sequence_starts,
            mate.lengths,
            COMPLEMENT,
            self.parameters.least,
            self.parameters.differences,
            self.parameters.percent,
            found,
        )
        return found


class OverlapTrimParameters(OverlapParameters):
    """What can be set for trimming adapters by overlap."""

    cut: bool = Field(
        default=False,
        title="Count from uncut beginnings",
        description="The other read begins where it did before its 5' end was cut: up to there nothing is an adapter.",
    )
    umi: int = Field(
        default=0,
        title="UMI",
        description="How many of the bases that were cut from first reads were a UMI: they do not count above.",
        ge=0,
        le=10_000,
        json_schema_extra=BASES,
    )
    second_umi: int = Field(
        default=0,
        title="UMI of second reads",
        description="Likewise, of those that were cut from second reads.",
        ge=0,
        le=10_000,
        json_schema_extra=BASES,
    )


class OverlapTrimmer(OverlapStage[OverlapTrimParameters]):
    """Cuts what runs past the other read's beginning: adapters, whatever their sequence."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        return batch if mate is None else trimmed(batch, mate, self._overlaps(batch, mate), self.parameters)


def trimmed(batch: ReadBatch, mate: ReadBatch, found: Column, parameters: OverlapTrimParameters) -> ReadBatch:
    """The pairs without what runs past the other read's beginning, by their overlaps; see `OverlapStage`."""
    offsets, bases, _ = found.T
    is_past = (bases > 0) & (offsets < 0)
    ends, mate_ends = bases, bases
    if parameters.cut:
        ends, mate_ends = bases + _cut(mate, parameters.second_umi), bases + _cut(batch, parameters.umi)
    return replace(
        batch,
        lengths=np.where(is_past, np.minimum(batch.lengths, ends), batch.lengths),
        mate=replace(mate, lengths=np.where(is_past, np.minimum(mate.lengths, mate_ends), mate.lengths)),
    )


def _cut(batch: ReadBatch, umi: int) -> Column:
    """Bases that were cut from the beginning of each read, but for a UMI: int32 [n_reads]."""
    counts = np.empty(len(batch), np.int32)
    bases_before(batch.buffer, batch.sequence_starts, counts)
    others: Column = np.maximum(counts - np.int32(umi), 0)
    return others
