"""Correcting pairs by their overlap, and merging them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.reasons import Reason
from engine.stages.base import PHRED, is_dropped
from engine.stages.naming import Pieces
from engine.stages.pair_overlap import OverlapParameters, OverlapStage, OverlapTrimParameters, trimmed
from kernels.overlap import COMPLEMENT
from kernels.stages.pair_merge import correct_pairs, merge_pairs


class CorrectParameters(OverlapTrimParameters):
    """What can be set for correction."""

    trim: bool = Field(
        default=False,
        title="Trim adapters",
        description="Cut what runs past the other read's beginning, by the overlap before the correction.",
    )

    good: int = Field(
        default=30,
        title="Good quality",
        description="From it on a base is trusted.",
        ge=1,
        le=93,
        json_schema_extra=PHRED,
    )
    bad: int = Field(
        default=14,
        title="Bad quality",
        description="Up to it a base is corrected.",
        ge=0,
        le=92,
        json_schema_extra=PHRED,
    )

    @model_validator(mode="after")
    def _are_apart(self) -> Self:
        if self.bad >= self.good:
            raise ValueError("bad quality has to be below good quality")
        return self


class Corrector(OverlapStage[CorrectParameters]):
    """Corrects bases of bad quality by those of the mate. Counts them as ``corrected bases``."""

    @property
    def works_in_place(self) -> bool:
        """See `NativeStage.works_in_place`."""
        return True

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        if mate is None:
            return batch
        counts = np.empty(len(batch), np.int32)
        found = self._overlaps(batch, mate)
        found[is_dropped(batch) & is_dropped(mate)] = 0
        correct_pairs(
            batch.buffer,
            _columns(batch),
            mate.buffer,
            _columns(mate),
            found,
            COMPLEMENT,
            self.parameters.good,
            self.parameters.bad,
            counts,
        )
        self.statistics.add("corrected bases", {"bases": int(counts.sum(dtype=np.int64))})
        return trimmed(batch, mate, found, self.parameters) if self.parameters.trim else batch


class MergeParameters(OverlapParameters):
    """What can be set for merging."""

    unmerged: Literal["keep", "drop"] = Field(
        default="keep", title="Other pairs", description="What becomes of pairs that do not overlap."
    )
    label: bool = Field(
        default=True,
        title="Label",
        description="Add ' merged_A_B' to the names: A bases of the first read and B of the second.",
    )


class Merger(OverlapStage[MergeParameters]):
    """Merges overlapping pairs into the first read; the second is dropped as merged."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        if mate is None:
            return batch
        found = self._overlaps(batch, mate)
        gone = is_dropped(batch) | is_dropped(mate)
        found[gone] = 0
        is_merged = found[:, 1] > 0
        result = self._merged(batch, mate, found)
        if self.parameters.label:
            result = _labelled(result, found, mate)
        mate_dropped = _dropped(mate, is_merged, Reason.MERGED)
        if self.parameters.unmerged == "drop":
            others = ~is_merged & ~gone
            result = replace(result, dropped=_dropped(result, others, Reason.NOT_MERGED))
            mate_dropped = np.where(others, np.uint8(Reason.NOT_MERGED), mate_dropped)
        self.statistics.add("merged pairs", {"pairs": int(is_merged.sum())})
        return replace(result, mate=replace(mate, dropped=mate_dropped))

    def _merged(self, batch: ReadBatch, mate: ReadBatch, found: Column) -> ReadBatch:
        """The first reads, over a buffer of their own."""
        room = 2 * int(batch.lengths.sum(dtype=np.int64) + mate.lengths.sum(dtype=np.int64))
        target = np.empty(room + len(batch) + PADDING, np.uint8)
        merged = np.empty((3, len(batch)), np.int32)
        merge_pairs(batch.buffer, _columns(batch), mate.buffer, _columns(mate), found, COMPLEMENT, target, merged)
        return replace(
            batch,
            buffer=target,
            name_buffer=batch.buffer if batch.name_buffer is None else batch.name_buffer,
            sequence_starts=merged[0],
            quality_starts=merged[1],
            lengths=merged[2],
        )


def _labelled(batch: ReadBatch, found: Column, mate: ReadBatch) -> ReadBatch:
    pieces = Pieces(batch)
    pieces.add_part(batch.name_starts, batch.name_lengths)
    offsets, bases, _ = found.T
    own = np.maximum(offsets, 0) + bases
    beyond = np.where(offsets > 0, mate.lengths - bases, 0)
    labels = [
        b" merged_%d_%d" % (mine, theirs) if overlap else b""
        for mine, theirs, overlap in zip(own.tolist(), beyond.tolist(), bases.tolist(), strict=True)
    ]
    pieces.add_words(labels)
    return pieces.named()


def _columns(batch: ReadBatch) -> Column:
    return np.array([batch.sequence_starts, batch.quality_starts, batch.lengths], np.int32)


def _dropped(batch: ReadBatch, which: np.ndarray[tuple[int], np.dtype[np.bool_]], reason: Reason) -> Bytes:
    dropped = np.zeros(len(batch), np.uint8) if batch.dropped is None else batch.dropped
    return np.where(which & (dropped == 0), np.uint8(reason), dropped)
