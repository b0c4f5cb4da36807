"""Stages that drop reads by their names."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.batch import ReadBatch
from engine.flow.turnstile import TurnstileAborted
from engine.reasons import Reason
from engine.stages.base import Filter, FilterParameters, Mask
from engine.stages.name_patterns import NamePattern, compiled
from kernels.names import casava_failed


class NameFilterParameters(FilterParameters):
    """What can be set for the filter on names."""

    text: str = Field(title="Text", description="What to look for in the header line, without its @.", min_length=1)
    match: Literal["contains", "begins with", "ends with", "regular expression"] = Field(
        default="contains", title="Match", description="How to look for it."
    )
    keep: bool = Field(default=False, title="Keep", description="Keep the reads that match and drop all others.")

    @model_validator(mode="after")
    def _is_a_pattern(self) -> Self:
        if self.match == "regular expression":
            try:
                compiled(self.text.encode())
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return self

    def pattern(self) -> bytes:
        """The expression that is searched in each name."""
        text = self.text.encode()
        if self.match != "regular expression":
            text = re.escape(text)
        return {"begins with": rb"\A%s", "ends with": rb"%s\Z"}.get(self.match, b"%s") % text


class NameFilter(Filter[NameFilterParameters]):
    """Drops or keeps reads by their names."""

    def __init__(self, parameters: NameFilterParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        self._pattern = NamePattern(parameters.pattern())
        self._is_called_off = False

    def abort(self) -> None:
        """See `NativeStage.abort`."""
        self._is_called_off = True

    def _go_on(self) -> None:
        if self._is_called_off:
            raise TurnstileAborted

    def _failing(self, batch: ReadBatch) -> list[tuple[Reason, Mask]]:
        matches = self._pattern.found_in(names_of(batch), self._go_on)
        return [(Reason.NAME, matches ^ self.parameters.keep)]


class CasavaFilterParameters(FilterParameters):
    """What can be set for the filter on the instrument's mark: nothing more."""


class CasavaFilter(Filter[CasavaFilterParameters]):
    """Drops reads that the instrument marked as failed."""

    def _failing(self, batch: ReadBatch) -> list[tuple[Reason, Mask]]:
        failed = np.empty(len(batch), np.uint8)
        buffer = batch.buffer if batch.name_buffer is None else batch.name_buffer
        casava_failed(buffer, batch.name_starts, batch.name_lengths, failed)
        return [(Reason.CASAVA, failed != 0)]


def names_of(batch: ReadBatch) -> list[bytes]:
    """Copies of the names."""
    text = (batch.buffer if batch.name_buffer is None else batch.name_buffer).data
    starts = batch.name_starts.tolist()
    lengths = batch.name_lengths.tolist()
    return [bytes(text[start : start + length]) for start, length in zip(starts, lengths, strict=True)]
