"""Masking bases of low quality."""

from __future__ import annotations

from pydantic import Field

from engine.batch import ReadBatch
from engine.stages.base import PHRED, Trimmer, TrimParameters, columns, is_dropped
from kernels.stages.trim_mask import mask_low_qualities


class QualityMaskParameters(TrimParameters):
    """What can be set for masking."""

    quality: int = Field(
        default=10, title="Quality", description="Bases below it become N.", ge=1, le=93, json_schema_extra=PHRED
    )


class QualityMasker(Trimmer[QualityMaskParameters]):
    """Writes N over bases of low quality; qualities stay. Counts them as ``masked bases``."""

    @property
    def works_in_place(self) -> bool:
        """See `NativeStage.works_in_place`."""
        return True

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        (counts,) = columns(batch, 1)
        starts, qualities = batch.sequence_starts, batch.quality_starts
        mask_low_qualities(batch.buffer, starts, qualities, batch.lengths, self.parameters.quality, counts)
        self.statistics.add("masked bases", {"N": int(counts[~is_dropped(batch)].sum(dtype="int64"))})
        return batch
