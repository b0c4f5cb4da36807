"""Sliding windows as fastp cuts by them, to the base."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from engine.batch import ReadBatch
from engine.stages.base import BASES, PHRED, Trimmer, TrimParameters, columns, cut
from kernels.qualities import OFFSET
from kernels.stages.trim_fastp import fastp_cuts

_Bases = Annotated[int, Field(ge=0, le=10_000, json_schema_extra=BASES)]
_Quality = Annotated[int, Field(ge=1, le=93, description="Below it a window is bad.", json_schema_extra=PHRED)]


class FastpWindowParameters(TrimParameters):
    """What can be set for windows as fastp has them."""

    five_prime: _Bases = Field(
        default=0, title="Cut from 5' end", description="Before windows are looked at; --trim_front1."
    )
    three_prime: _Bases = Field(default=0, title="Cut from 3' end", description="Likewise; --trim_tail1.")
    front_window: _Bases = Field(
        default=0, title="Window at 5' end", description="Bad ones are dropped from there; 0: none; --cut_front."
    )
    front_quality: _Quality = Field(default=20, title="Mean quality at 5' end")
    right_window: _Bases = Field(
        default=0, title="Window from 5' end", description="The read ends at the first bad one; 0: none; --cut_right."
    )
    right_quality: _Quality = Field(default=20, title="Mean quality from 5' end")
    tail_window: _Bases = Field(
        default=0, title="Window at 3' end", description="Bad ones are dropped from there; 0: none; --cut_tail."
    )
    tail_quality: _Quality = Field(default=20, title="Mean quality at 3' end")


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
