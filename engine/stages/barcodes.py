"""What can be set for telling samples apart by barcodes."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from engine.stages.base import StageParameters
from kernels.base_codes import IUPAC

UNKNOWN = "unknown"
"""What reads without a barcode belong to; no sample can have this name."""

MOST_BARCODES = 1536

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Barcode(BaseModel):
    """What the reads of one sample begin or end with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(title="Sample", description="Part of the names of its files.", max_length=64)
    sequence: str = Field(title="Barcode", description="IUPAC letters, as the read has them.", min_length=1)
    second: str = Field(
        default="", title="In second reads", description="The barcode that the mates have to have besides; empty: none."
    )

    @field_validator("name", mode="after")
    @classmethod
    def _is_fit_for_files(cls, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError("letters A to Z, digits, '.', '_' and '-' make a sample's name, a letter or digit first")
        return name

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
    place: Literal["reads", "header"] = Field(
        default="reads",
        title="Where",
        description="In the reads, or in the header line as instruments write it: 1:N:0:ACGTACGT, or "
        "1:N:0:ACGTACGT+TTGGCCAA with the barcode of second reads behind.",
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
        if self.place == "header" and self.read == "second":
            raise ValueError("pairs share a header: leave 'read' at first")
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
