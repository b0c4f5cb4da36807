"""Adapters as definitions of pipelines have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from engine.stages.adapter_notation import from_notation, is_notation
from engine.stages.adapter_set import Place
from engine.stages.base import BASES
from kernels.base_codes import IUPAC

_BACKS = (Place.END, Place.END_ANCHORED, Place.END_ONLY)


def _iupac(sequence: str) -> str:
    sequence = sequence.upper().replace("U", "T").replace("I", "N")
    wrong = sorted(set(sequence) - set(IUPAC))
    if wrong:
        raise ValueError(f"{', '.join(wrong)}: not IUPAC letters for bases")
    if set(sequence) <= set("NX"):
        raise ValueError("an adapter has at least one base that is known")
    return sequence


_Sequence = Annotated[str, AfterValidator(_iupac)]
_Errors = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Overlap = Annotated[int, Field(ge=1)]
_OWN_ERRORS: Any = Field(default=None, title="Errors", description="As for all, if not given.")
_OWN_OVERLAP: Any = Field(
    default=None, title="Minimum overlap", description="As for all, if not given.", json_schema_extra=BASES
)


_Indels = Literal["as for all", "allowed", "not allowed"]
_OWN_INDELS: Any = Field(
    default="as for all", title="Insertions and deletions", description="As errors of this adapter."
)


def _read(value: Any, behind: str = "") -> Any:
    """The fields with what the text of the sequence says besides letters."""
    text = value.get("sequence") if isinstance(value, Mapping) else None
    if not isinstance(text, str) or not is_notation(text, ends="place" not in value):
        return value
    told = from_notation(text + behind)
    for key, said in told.items():
        if key != "sequence" and value.get(key, said) != said:
            raise ValueError(f"the sequence says {said} for {key}, and {key} something else")
    return {**value, **told}


class Front(BaseModel):
    """The 5' part of a linked adapter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: _Sequence = Field(
        title="Linked 5' part",
        description="For a linked adapter: what stands before the insert, and the sequence above behind it.",
        min_length=1,
    )
    place: Literal[Place.START, Place.START_ANCHORED, Place.START_ONLY] = Field(
        default=Place.START, title="Place of the 5' part", description="5', 5' anchored or 5' end."
    )
    errors: _Errors | None = _OWN_ERRORS
    minimum_overlap: _Overlap | None = _OWN_OVERLAP
    indels: _Indels = _OWN_INDELS

    @model_validator(mode="before")
    @classmethod
    def _is_read(cls, value: Any) -> Any:
        return _read(value, "...")


class Adapter(BaseModel):
    """One adapter. Text alone is read as what follows cutadapt's ``-a``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: _Sequence = Field(
        title="Sequence",
        description="IUPAC letters, as the read has them; or as cutadapt writes adapters: ^ACGT, ACGT$, ACGT...TTGA.",
        min_length=1,
    )
    name: str = Field(default="", title="Name", description="For the statistics; empty: the sequence.")
    place: Place = Field(
        default=Place.END,
        title="Place",
        description="3': the adapter, whole or begun at the read's end, and all after it goes. 5': the adapter and all "
        "before it goes. Anchored: whole, right at that end. End: not inside the read. Either: 5' where "
        "it covers the first base, else 3'.",
    )
    errors: _Errors | None = _OWN_ERRORS
    minimum_overlap: _Overlap | None = _OWN_OVERLAP
    indels: _Indels = _OWN_INDELS
    rightmost: bool = Field(
        default=False, title="Rightmost", description="Of several places, take the one furthest to the right."
    )
    anywhere: bool = Field(
        default=False,
        title="Begun at either end",
        description="A part of the adapter may be at either end of the read, as of one whose place is either; what "
        "goes with it is told by its place all the same.",
    )
    front: Front | None = Field(default=None, title="5' part", description="Of a linked adapter, this one its 3' part.")
    required: Literal["anchored", "both", "5' part", "3' part", "none"] = Field(
        default="anchored",
        title="Required of linked adapters",
        description="Parts without which nothing is trimmed: those whose place is anchored or an end, as with "
        "cutadapt's -a; both, as with its -g; just one; or none.",
        json_schema_extra={"shown_for": ["front", ""]},
    )

    @model_validator(mode="before")
    @classmethod
    def _is_read(cls, value: Any) -> Any:
        return _read(value)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if (self.rightmost or self.anywhere) and (self.front or self.place not in (Place.END, Place.START)):
            raise ValueError(
                "'rightmost' and 'anywhere' are for adapters whose place is 3' or 5', and not for linked ones"
            )
        if self.front is None:
            return self
        if self.place not in _BACKS:
            raise ValueError("what follows the 5' part of a linked adapter is a 3' adapter: let its place be so")
        return self

    @property
    def title(self) -> str:
        """What statistics call it."""
        letters = self.sequence if self.front is None else f"{self.front.sequence}...{self.sequence}"
        return self.name or letters

    @property
    def needs(self) -> tuple[bool, bool]:
        """Whether a read has to have the 5' part of a linked adapter, and the 3' part."""
        if self.required == "anchored":
            return self.front is not None and self.front.place is not Place.START, self.place is not Place.END
        return self.required in {"both", "5' part"}, self.required in {"both", "3' part"}


def told(value: Any) -> Any:
    """The fields of an adapter, where a text alone stands for its sequence."""
    return {"sequence": value} if isinstance(value, str) else value
