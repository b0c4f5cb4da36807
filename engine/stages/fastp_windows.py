"""Sliding windows as fastp cuts by them, to the base."""

from __future__ import annotations

import numpy as np
from pydantic import Field
from pydantic.fields import FieldInfo

from engine.batch import ReadBatch
from engine.stages.base import BASES, PHRED, Trimmer, TrimParameters, columns, cut
from kernels.qualities import OFFSET
from kernels.stages.trim_fastp import fastp_cuts


def _bases(title: str, description: str) -> FieldInfo:
    made: FieldInfo = Field(default=0, title=title, description=description, ge=0, le=10_000, json_schema_extra=BASES)
    return made


def _quality(title: str) -> FieldInfo:
    made: FieldInfo = Field(
        default=20, title=title, description="Below it a window is bad.", ge=1, le=93, json_schema_extra=PHRED
    )
    return made


class FastpWindowParameters(TrimParameters):
    """What can be set for windows as fastp has them."""

    five_prime: int = _bases("Cut from 5' end", "Before windows are looked at; --trim_front1.")
    three_prime: int = _bases("Cut from 3' end", "Likewise; --trim_tail1.")
    front_window: int = _bases("Window at 5' end", "Bad ones are dropped from there; 0: none; --cut_front.")
    front_quality: int = _quality("Mean quality at 5' end")
    right_window: int = _bases("Window from 5' end", "The read ends at the first bad one; 0: none; --cut_right.")
    right_quality: int = _quality("Mean quality from 5' end")
    tail_window: int = _bases("Window at 3' end", "Bad ones are dropped from there; 0: none; --cut_tail.")
    tail_quality: int = _quality("Mean quality at 3' end")


class FastpWindowTrimmer(Trimmer[FastpWindowParameters]):
    """Trims by windows as fastp does, where it does otherwise than its documentation says, too."""

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        chosen = self.parameters
        settings = np.array(
            [
                chosen.five_prime,
                chosen.three_prime,
                chosen.front_window,
                chosen.front_quality + OFFSET,
                chosen.right_window,
                chosen.right_quality + OFFSET,
                chosen.tail_window,
                chosen.tail_quality + OFFSET,
            ],
            np.int64,
        )
        begins, ends = columns(batch, 2)
        fastp_cuts(batch.buffer, batch.sequence_starts, batch.quality_starts, batch.lengths, settings, begins, ends)
        return cut(batch, begins, ends)
