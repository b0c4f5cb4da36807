"""Telling samples apart by the barcodes in their reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from engine.batch import Column, ReadBatch
from engine.errors import LanescopeError
from engine.stages.base import NativeStage, StageParameters, columns, cut, with_failures
from engine.stages.reasons import Reason
from kernels.barcodes import WORD_BASES, barcode_matches, packed_barcodes
from kernels.base_codes import IUPAC, pattern_codes, read_codes

UNKNOWN = "unknown"
"""What reads without a barcode belong to; no sample can have this name."""

MOST_BARCODES = 1536

SampleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
"""Fit for a part of a file's name."""


class MatesMissingError(LanescopeError):
    """Barcodes are looked for in second reads that are not there."""

    title = "These reads have no mates"
    hint = "Read both files of the pairs, or look for barcodes in the first reads alone."


class Barcode(BaseModel):
    """What the reads of one sample begin or end with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: SampleName = Field(title="Sample", description="Part of the names of its files.")
    sequence: str = Field(title="Barcode", description="IUPAC letters, as the read has them.", min_length=1)
    second: str = Field(
        default="", title="In second reads", description="The barcode that the mates have to have besides; empty: none."
    )

    @field_validator("sequence", "second", mode="after")
    @classmethod
    def _is_iupac(cls, sequence: str) -> str:
        sequence = sequence.upper().replace("U", "T")
        wrong = sorted(set(sequence) - set(IUPAC))
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not IUPAC letters for bases")
        if sequence and set(sequence) <= set("NX"):
            raise ValueError("a barcode has at least one base that is known")
        return sequence


class DemultiplexParameters(StageParameters):
    """What can be set for demultiplexing."""

    barcodes: tuple[Barcode, ...] = Field(
        title="Barcodes", description="One for each sample.", min_length=1, max_length=MOST_BARCODES
    )
    mismatches: int = Field(
        default=1, title="Mismatches", description="Letters of a barcode that may differ, in each read.", ge=0, le=10
    )
    end: Literal["5' end", "3' end"] = Field(
        default="5' end", title="End", description="Where the whole barcode stands, right at the end of the read."
    )
    read: Literal["first", "second"] = Field(
        default="first", title="Read of pairs", description="Which reads have it, where second reads need no other one."
    )
    cut: bool = Field(default=True, title="Cut", description="Cut barcodes that are found from the reads.")
    ambiguous: Literal["unknown", "first"] = Field(
        default="unknown",
        title="Ambiguous",
        description="Where a read belongs that two barcodes suit as well: to no sample, or to the first of the two.",
    )
    unknown: Literal["keep", "drop"] = Field(
        default="keep", title="Without barcode", description="What becomes of reads that belong to no sample."
    )

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        names = Counter(barcode.name.lower() for barcode in self.barcodes)
        twins = [name for name, count in names.items() if count > 1]
        if twins:
            raise ValueError(f"two barcodes are named {twins[0]}; capitals make no difference in files' names")
        if UNKNOWN in names:
            raise ValueError(f"no sample can be named {UNKNOWN}: that is where reads without barcode go")
        pairs = Counter((barcode.sequence, barcode.second) for barcode in self.barcodes)
        same = [pair for pair, count in pairs.items() if count > 1]
        if same:
            raise ValueError(f"two samples have the barcode {'+'.join(filter(None, same[0]))}")
        if len({bool(barcode.second) for barcode in self.barcodes}) > 1:
            raise ValueError("either all barcodes have one for second reads, or none has")
        if self.is_dual and self.read == "second":
            raise ValueError("barcodes in both reads: leave 'read' at first")
        shortest = min(len(text) for each in self.barcodes for text in (each.sequence, each.second) if text)
        if self.mismatches >= shortest:
            raise ValueError("as many mismatches as a barcode has letters are allowed; it would be found anywhere")
        return self

    @property
    def is_dual(self) -> bool:
        """Whether both reads of a pair have to have a barcode."""
        return bool(self.barcodes[0].second)

    def names(self) -> tuple[str, ...]:
        """The samples, in order."""
        return tuple(barcode.name for barcode in self.barcodes)


class Demultiplexer(NativeStage[DemultiplexParameters]):
    """Says which sample each read belongs to, in `ReadBatch.samples`.

    Statistics: ``samples``, reads or pairs of each, and ``ambiguous``, those that two barcodes suit as well.
    """

    def __init__(self, parameters: DemultiplexParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        first = [each.sequence for each in parameters.barcodes]
        second = [each.second for each in parameters.barcodes]
        if parameters.read == "second":
            first, second = second, first
        self._codes, self._widths = _coded(first)
        self._mate_codes, self._mate_widths = _coded(second)
        self._words = self._packed([*first, *second])
        self._table = read_codes(wildcards=False)
        self._names = (*parameters.names(), UNKNOWN)

    def _packed(self, sequences: Sequence[str]) -> npt.NDArray[np.uint64]:
        """Barcodes as the kernel likes them best, if all of them can be had so."""
        if any(len(sequence) > WORD_BASES or not set(sequence) <= set("ACGT") for sequence in sequences):
            return np.zeros((2, 0), np.uint64)
        at_end = self.parameters.end == "3' end"
        own = packed_barcodes(self._codes, self._widths, at_end=at_end)
        return np.stack([own, packed_barcodes(self._mate_codes, self._mate_widths, at_end=at_end)])

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        if mate is None and self._mate_widths.any():
            raise MatesMissingError("The barcodes stand in second reads, and these reads have none.")
        samples, is_tied = self._matches(batch, batch if mate is None else mate)
        if self.parameters.ambiguous == "unknown":
            samples[is_tied] = -1
        self._count(batch, samples, is_tied)
        if self.parameters.cut:
            batch = self._cut(batch, samples, self._widths)
            mate = None if mate is None else self._cut(mate, samples, self._mate_widths)
        batch = replace(batch, mate=mate, samples=samples)
        if self.parameters.unknown == "keep":
            return batch
        failing = [(Reason.NO_BARCODE, samples < 0)]
        return with_failures(batch, failing, failing if mate is not None else [], "either")

    def _matches(self, batch: ReadBatch, mate: ReadBatch) -> tuple[Column, npt.NDArray[np.bool_]]:
        (samples,) = columns(batch, 1)
        is_tied = np.empty(len(batch), np.uint8)
        barcode_matches(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            self._codes,
            self._widths,
            mate.buffer,
            mate.sequence_starts,
            mate.lengths,
            self._mate_codes,
            self._mate_widths,
            self._table,
            self.parameters.mismatches,
            self.parameters.end == "3' end",
            samples,
            is_tied,
            self._words,
        )
        return samples, is_tied.view(np.bool_)

    def _cut(self, batch: ReadBatch, samples: Column, widths: Column) -> ReadBatch:
        away = np.where(samples >= 0, widths[samples], np.int32(0)).astype(np.int32)
        if self.parameters.end == "3' end":
            return cut(batch, None, batch.lengths - away)
        return cut(batch, away, None)

    def _count(self, batch: ReadBatch, samples: Column, is_tied: npt.NDArray[np.bool_]) -> None:
        here = np.ones(len(batch), np.bool_) if batch.dropped is None else batch.dropped == 0
        if batch.mate is not None:
            here |= True if batch.mate.dropped is None else batch.mate.dropped == 0
        counts = np.bincount(samples[here] % len(self._names), minlength=len(self._names))
        self.statistics.add("samples", {name: int(count) for name, count in zip(self._names, counts, strict=True)})
        self.statistics.add("ambiguous", {"reads": int(np.count_nonzero(is_tied & here))})


def _coded(sequences: Sequence[str]) -> tuple[npt.NDArray[np.uint8], Column]:
    """Codes and widths of barcodes for the kernel."""
    codes = np.zeros((len(sequences), max(map(len, sequences))), np.uint8)
    for row, sequence in enumerate(sequences):
        codes[row, : len(sequence)] = pattern_codes(sequence)
    return codes, np.array([len(sequence) for sequence in sequences], np.int32)
