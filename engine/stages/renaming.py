"""The stage that changes the headers of reads by what they hold themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field, field_validator

from engine.batch import ReadBatch
from engine.stages.base import NativeStage, StageParameters
from engine.stages.header_edits import with_lengths, without_suffix
from engine.stages.naming import check_template
from engine.stages.templates import NAME_FIELDS, Fill, filled


class RenameParameters(StageParameters):
    """What can be set for renaming."""

    template: str = Field(
        default="{header}",
        title="Template",
        description="The new header, without its @. {header} is the old one, {id} and {comment} what stands "
        "before and after its first space, {number} the number of the read or pair from 1, {length} its bases, "
        "{rn} 1 or, of second reads, 2.",
        min_length=1,
    )

    length_tag: str = Field(
        default="",
        title="Length after",
        description="Text in headers, such as length=, behind which the read's number of bases is put in place of the "
        "one that stands there; before all else.",
        pattern=r"^[!-~]*$",
    )
    strip: tuple[Annotated[str, Field(title="Suffix", min_length=1, pattern=r"^[\t -~]*$")], ...] = Field(
        default=(),
        title="Suffixes to take off",
        description="Of headers that end so, one after the other, before the template.",
    )

    @field_validator("template")
    @classmethod
    def _is_a_template(cls, template: str) -> str:
        return check_template(template, (*NAME_FIELDS, "number", "length"))


class Renamer(NativeStage[RenameParameters]):
    """Gives each read a name made from a template; both reads of a pair by the same one."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        first, mate = batch.first_record, batch.mate
        mate = None if mate is None else self._renamed(mate, first, is_second=True)
        return replace(self._renamed(batch, first, is_second=False), mate=mate)

    def _renamed(self, batch: ReadBatch, first: int, *, is_second: bool) -> ReadBatch:
        parameters = self.parameters
        if parameters.length_tag:
            batch = with_lengths(batch, parameters.length_tag.encode())
        for suffix in parameters.strip:
            batch = without_suffix(batch, suffix.encode())
        return batch if parameters.template == "{header}" else self._by_template(batch, first, is_second=is_second)

    def _by_template(self, batch: ReadBatch, first: int, *, is_second: bool) -> ReadBatch:
        fills: dict[str, Fill] = {
            "number": lambda pieces: pieces.add_numbers(np.arange(first + 1, first + len(batch) + 1)),
            "length": lambda pieces: pieces.add_numbers(batch.lengths),
        }
        return filled(batch, self.parameters.template, fills, is_second=is_second)
