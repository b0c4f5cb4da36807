"""What is searched for."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.errors import LanescopeError

LONGEST_NAME = 1000
"""Characters of the longest name or pattern that is searched."""

LONGEST_MOTIF = 500
"""Letters of the longest motif, as `kernels.search.motifs` has it."""

_IUPAC = "ACGTURYSWKMBDHVN"


class SearchRequestError(LanescopeError):
    """A search that cannot be made."""

    title = "This search cannot be made"
    is_refusal = True
    hint = "Change what is searched for, then search again."


def reasons(error: ValidationError) -> str:
    """Why fields make no `SearchRequest`, a sentence each, with the names of the fields."""
    return " ".join(
        f"{'.'.join(map(str, each['loc']))}: {each['msg'].removeprefix('Value error, ')}.".removeprefix(": ")
        for each in error.errors(include_url=False, include_input=False)
    )


def _is_motif(motif: str) -> str:
    letters = motif.upper()
    if wrong := "".join(sorted(set(letters) - set(_IUPAC))):
        raise ValueError(f"{wrong!r} stands for no base; the IUPAC letters are {' '.join(_IUPAC)}")
    return letters


Motif = Annotated[str, AfterValidator(_is_motif)]


class SearchRequest(BaseModel):
    """Which reads are wanted: those that meet every condition that is set.

    Attributes:
        name: what to look for in the header line, without its ``@``; empty: any name will do.
        name_match: ``contains``: the name has the text in it; ``exact``: it is the text, or is it up to the first
            space or tab after it; ``pattern``: a regular expression is found in it.
        motif: IUPAC letters, either case; empty: any bases will do. N alone stands for whatever is in a read.
        mismatches: bases that may differ from the motif.
        both_strands: whether its reverse complement will do too.
        minimum_length: bases that a read has to have.
        maximum_length: bases that it may have; ``None``: any number.
        minimum_quality: mean quality that it has to have, Phred, from the mean of the chances of an error.
        limit: reads after which the search ends; ``None``: when all have been looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="", max_length=LONGEST_NAME)
    name_match: Literal["contains", "exact", "pattern"] = "contains"
    motif: Motif = Field(default="", max_length=LONGEST_MOTIF)
    mismatches: int = Field(default=0, ge=0, le=20)
    both_strands: bool = True
    minimum_length: int = Field(default=0, ge=0, le=2**31 - 1)
    maximum_length: int | None = Field(default=None, ge=0, le=2**31 - 1)
    minimum_quality: float = Field(default=0.0, ge=0, le=93, allow_inf_nan=False)
    limit: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.motif and self.mismatches >= len(self.motif):
            raise ValueError("a motif needs more letters than mismatches: this one is found everywhere")
        if self.mismatches and not self.motif:
            raise ValueError("mismatches without a motif")
        if self.maximum_length is not None and self.maximum_length < self.minimum_length:
            raise ValueError("the greatest length is below the least: no read has both")
        if self.name_match == "pattern":
            # Here, since what it needs takes a while to import, and --help does not.
            from engine.stages.name_patterns import compiled

            try:
                compiled(self.name.encode())
            except re.error as error:
                raise ValueError(f"the name's pattern is no regular expression: {error}") from error
        return self
