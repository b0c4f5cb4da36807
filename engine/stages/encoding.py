"""Qualities written in another encoding."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from engine.batch import ReadBatch
from engine.stages.base import Trimmer, TrimParameters
from engine.stages.trimming import SHIFTS, Encoding
from kernels.stages.quality_shift import shift_qualities


class EncodingParameters(TrimParameters):
    """What can be set for the encoding of qualities."""

    encoding: Encoding = Field(
        default="Phred+64",
        title="Encoding",
        description="How the file writes qualities. Phred+64 is that of Illumina's pipelines before 1.8.",
    )
    rewrite: bool = Field(
        default=True,
        title="Write as Phred+33",
        description="As all later pipelines do. If not, only scores below 0 are raised to 0.",
    )


class Encoder(Trimmer[EncodingParameters]):
    """Raises scores below 0 to 0, and writes them as Phred+33."""

    @property
    def works_in_place(self) -> bool:
        """See `NativeStage.works_in_place`."""
        return True

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        shift = SHIFTS[self.parameters.encoding]
        down = shift if self.parameters.rewrite else 0
        shift_qualities(batch.buffer, batch.quality_starts, batch.lengths, shift, down)
        return replace(batch, bounds=None)
