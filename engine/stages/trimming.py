"""Stages that shorten reads by position, quality, or base."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from engine.batch import Column, ReadBatch
from engine.stages.base import BASES, PHRED, Trimmer, TrimParameters, columns, cut
from engine.stages.bounds import BoundsSearch, BoundsTrimmer
from kernels.stages.trim_ends import n_ends, run_lengths, tail_lengths
from kernels.stages.trim_fastp import any_run_lengths
from kernels.stages.trim_quality import quality_ends, two_colour_ends
from kernels.stages.trim_windows import window_begins, window_ends, window_stops

Encoding = Literal["Phred+33", "Phred+64"]

SHIFTS: dict[str, int] = {"Phred+33": 0, "Phred+64": 31}
"""What a score is counted too high where its text is taken for Phred+33."""

ENCODING: Any = Field(
    default="Phred+33",
    title="Qualities",
    description="How the file writes them. Phred+64 is that of Illumina's pipelines before 1.8; what is written stays.",
)


class QualityTrimParameters(TrimParameters):
    """What can be set for quality trimming."""

    three_prime: int = Field(
        default=20, title="3' cutoff", description="0 leaves this end alone.", ge=0, le=93, json_schema_extra=PHRED
    )
    five_prime: int = Field(
        default=0, title="5' cutoff", description="0 leaves this end alone.", ge=0, le=93, json_schema_extra=PHRED
    )

    encoding: Encoding = ENCODING


class QualityTrimmer(BoundsTrimmer[QualityTrimParameters]):
    """Trims ends of low quality, by cutadapt's and BWA's running sum."""

    @classmethod
    def search(cls, parameters: QualityTrimParameters) -> BoundsSearch:
        """See `BoundsTrimmer.search`."""
        shift = SHIFTS[parameters.encoding]
        return BoundsSearch(quality_ends, (parameters.five_prime + shift, parameters.three_prime + shift), 2)

    def _cut(self, batch: ReadBatch, *bounds: Column) -> ReadBatch:
        begins, ends = bounds
        return cut(batch, begins, ends)


class TwoColourTrimParameters(TrimParameters):
    """What can be set for quality trimming of two-colour reads."""

    cutoff: int = Field(
        default=20,
        title="3' cutoff",
        description="Every G counts as just below it.",
        ge=0,
        le=93,
        json_schema_extra=PHRED,
    )
    encoding: Encoding = ENCODING


class TwoColourTrimmer(BoundsTrimmer[TwoColourTrimParameters]):
    """Trims 3' ends of low quality where G may be a dark cycle."""

    @classmethod
    def search(cls, parameters: TwoColourTrimParameters) -> BoundsSearch:
        """See `BoundsTrimmer.search`."""
        cutoff = parameters.cutoff + SHIFTS[parameters.encoding]
        return BoundsSearch(two_colour_ends, (cutoff,), 1, by_bases=True)

    def _cut(self, batch: ReadBatch, *bounds: Column) -> ReadBatch:
        (ends,) = bounds
        return cut(batch, None, ends)


class WindowTrimParameters(TrimParameters):
    """What can be set for trimming by sliding windows."""

    direction: Literal["3' end", "5' end", "from 5'"] = Field(
        default="3' end",
        title="Direction",
        description="3' end: windows are dropped from that end while they are bad. 5' end: likewise. "
        "From 5': the read ends at the first bad window.",
    )
    window: int = Field(
        default=4, title="Window", description="Bases in a window.", ge=1, le=1000, json_schema_extra=BASES
    )
    quality: int = Field(
        default=20, title="Mean quality", description="Below it a window is bad.", ge=1, le=93, json_schema_extra=PHRED
    )


class WindowTrimmer(BoundsTrimmer[WindowTrimParameters]):
    """Trims by the mean quality of windows, as fastp and Trimmomatic do."""

    @classmethod
    def search(cls, parameters: WindowTrimParameters) -> BoundsSearch:
        """See `BoundsTrimmer.search`."""
        kernel = {"3' end": window_ends, "5' end": window_begins, "from 5'": window_stops}[parameters.direction]
        return BoundsSearch(kernel, (parameters.window, parameters.quality), 1)

    def _cut(self, batch: ReadBatch, *bounds: Column) -> ReadBatch:
        (found,) = bounds
        return cut(batch, found, None) if self.parameters.direction == "5' end" else cut(batch, None, found)


class ShortenParameters(TrimParameters):
    """What can be set for shortening to a length."""

    length: int = Field(default=100, title="Length", description="Longest that stays.", ge=0, json_schema_extra=BASES)
    keep: Literal["5' end", "3' end"] = Field(
        default="5' end", title="Keep", description="Which end of the read stays."
    )


class Shortener(Trimmer[ShortenParameters]):
    """Shortens longer reads to one length."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        lengths = np.minimum(batch.lengths, self.parameters.length).astype(np.int32)
        if self.parameters.keep == "5' end":
            return cut(batch, None, lengths)
        return cut(batch, batch.lengths - lengths, None)


class NTrimParameters(TrimParameters):
    """What can be set for trimming N: nothing more."""


class NTrimmer(Trimmer[NTrimParameters]):
    """Trims Ns from both ends."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        begins, ends = columns(batch, 2)
        n_ends(batch.buffer, batch.sequence_starts, batch.lengths, begins, ends)
        return cut(batch, begins, ends)


class PolyATrimParameters(TrimParameters):
    """What can be set for trimming poly-A: nothing more."""


class PolyATrimmer(Trimmer[PolyATrimParameters]):
    """Trims poly-A tails, and poly-T heads from second reads."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        (tails,) = columns(batch, 1)
        base = ord("T" if is_second else "A")
        tail_lengths(batch.buffer, batch.sequence_starts, batch.lengths, base, is_second, tails)
        return cut(batch, tails, None) if is_second else cut(batch, None, batch.lengths - tails)


class PolyXTrimParameters(TrimParameters):
    """What can be set for trimming runs of one base."""

    bases: Literal["G", "A", "C", "T", "ACGT"] = Field(
        default="G", title="Base", description="G for two-colour instruments; ACGT for a run of any of them."
    )
    least: int = Field(
        default=10, title="Shortest run", description="Shorter runs stay.", ge=1, le=1000, json_schema_extra=BASES
    )


class PolyXTrimmer(Trimmer[PolyXTrimParameters]):
    """Trims runs of one base from 3' ends, as fastp does."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        bases, least = self.parameters.bases, self.parameters.least
        (tails,) = columns(batch, 1)
        if len(bases) > 1:
            any_run_lengths(batch.buffer, batch.sequence_starts, batch.lengths, least, tails)
        else:
            run_lengths(batch.buffer, batch.sequence_starts, batch.lengths, ord(bases), least, tails)
        return cut(batch, None, batch.lengths - tails)
