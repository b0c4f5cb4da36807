"""Cutting as many bases from every read, and keeping them in the header."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from pydantic import Field, field_validator

from engine.batch import Column, ReadBatch
from engine.stages.base import BASES, Trimmer, TrimParameters, cut
from engine.stages.naming import Pieces, check_template
from engine.stages.templates import NAME_FIELDS, Fill, filled

_OF_CUTS = ("cut_prefix", "cut_suffix")
TEMPLATE_FIELDS: Final = (*NAME_FIELDS, *_OF_CUTS, *(f"{read}.{name}" for read in ("r1", "r2") for name in _OF_CUTS))
"""What `FixedCutParameters.rename` may hold; ``r1.`` and ``r2.`` are of the first or second read, in both headers."""


class FixedCutParameters(TrimParameters):
    """What can be set for fixed cuts."""

    five_prime: int = Field(
        default=0, title="From the 5' end", description="Bases to cut.", ge=0, json_schema_extra=BASES
    )
    three_prime: int = Field(
        default=0, title="From the 3' end", description="Bases to cut.", ge=0, json_schema_extra=BASES
    )
    rename: str = Field(
        default="",
        title="New headers",
        description="A template; empty: headers stay. {header} is the old one, {id} and {comment} what stands before "
        "and after its first space, {rn} 1 or 2, {cut_prefix} and {cut_suffix} the bases that were cut, "
        "{r1.cut_prefix} and so on those of the first or second read.",
    )

    @field_validator("rename", mode="after")
    @classmethod
    def _is_a_template(cls, template: str) -> str:
        return check_template(template, TEMPLATE_FIELDS)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The reads of one side of the pairs before they are cut, from ``begins`` to ``ends``: int32 [n_reads]."""

    batch: ReadBatch
    begins: Column
    ends: Column

    def fill_prefix(self, pieces: Pieces, *, source: int) -> None:
        """Adds the bases that are cut from the 5' end."""
        pieces.add_part(self.batch.sequence_starts, self.begins, source)

    def fill_suffix(self, pieces: Pieces, *, source: int) -> None:
        """Adds the bases that are cut from the 3' end."""
        pieces.add_part(self.batch.sequence_starts + self.ends, self.batch.lengths - self.ends, source)


class FixedCutter(Trimmer[FixedCutParameters]):
    """Cuts as many bases from each read."""

    def _work(self, batch: ReadBatch) -> ReadBatch:
        if not self.parameters.rename:
            return super()._work(batch)
        mate, mates = batch.mate, self.parameters.mates
        sides = [self._side(batch, is_cut=mates != "second")]
        sides += [] if mate is None else [self._side(mate, is_cut=mates != "first")]
        first, *others = (
            cut(named, side.begins, side.ends)
            for named, side in zip(_renamed(sides, self.parameters.rename), sides, strict=True)
        )
        return replace(first, mate=others[0]) if others else first

    def _trim(self, batch: ReadBatch, *, is_second: bool) -> ReadBatch:
        del is_second
        side = self._side(batch, is_cut=True)
        return cut(batch, side.begins, side.ends)

    def _side(self, batch: ReadBatch, *, is_cut: bool) -> _Side:
        front, back = (self.parameters.five_prime, self.parameters.three_prime) if is_cut else (0, 0)
        begins = np.minimum(batch.lengths, front).astype(np.int32)
        ends = np.maximum(batch.lengths.astype(np.int64) - back, begins).astype(np.int32)
        return _Side(batch, begins, ends)


def _renamed(sides: list[_Side], template: str) -> list[ReadBatch]:
    sources = sides[0].batch.buffer, sides[1].batch.buffer if len(sides) > 1 else None
    shared: dict[str, Fill] = {}
    for number in (0, 1):  # of single reads, both are the read itself
        shared |= _fills(sides, f"r{number + 1}.", min(number, len(sides) - 1))
    return [
        filled(side.batch, template, shared | _fills(sides, "", number), sources, is_second=number == 1)
        for number, side in enumerate(sides)
    ]


def _fills(sides: list[_Side], prefix: str, number: int) -> dict[str, Fill]:
    source = Pieces.SECOND if number else Pieces.FIRST
    return {
        f"{prefix}cut_prefix": partial(sides[number].fill_prefix, source=source),
        f"{prefix}cut_suffix": partial(sides[number].fill_suffix, source=source),
    }
