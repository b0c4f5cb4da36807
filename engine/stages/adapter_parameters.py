"""What can be set for trimming adapters."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from engine.stages.adapter_models import Adapter, Front, told
from engine.stages.adapter_set import AdapterSpec
from engine.stages.base import BASES, FilterParameters, TrimParameters
from engine.stages.known_adapters import KNOWN
from engine.stages.naming import check_template, is_plain
from engine.stages.templates import NAME_FIELDS
from kernels.base_codes import literal_codes

_OF_ADAPTERS = ("adapter_name", "match_sequence")
TEMPLATE_FIELDS = (
    *NAME_FIELDS, "rc", *_OF_ADAPTERS, *(f"{read}.{name}" for read in ("r1", "r2") for name in _OF_ADAPTERS)
)  # fmt: skip
"""What `AdapterParameters.rename` may hold; ``r1.`` and ``r2.`` are of the first or second read, in both headers."""

_LEAVES = frozenset({"retain", "crop"})


class AdapterParameters(TrimParameters, FilterParameters):
    """What can be set for trimming adapters."""

    adapters: tuple[Annotated[Adapter, BeforeValidator(told)], ...] = Field(
        default=(), title="Adapters", description="The best match of all of them is removed."
    )
    second: tuple[Annotated[Adapter, BeforeValidator(told)], ...] = Field(
        default=(),
        title="In second reads",
        description="Looked for in the second reads of pairs; without any, the same ones as in the first reads.",
    )
    together: bool = Field(
        default=False,
        title="In pairs",
        description="Each adapter belongs to the one at its place for second reads: the two are removed together, from "
        "pairs that have both, or not at all. Single reads stay as they are.",
    )
    known: bool = Field(
        default=False,
        title="Common adapters",
        description="Look for the adapters of FastQC's list as well, as 3' adapters.",
    )
    detect: bool = Field(
        default=False,
        title="Detect",
        description="Look also for the adapters of library kits that one in a thousand or more of the input's first "
        "50,000 reads show. Pipes, and inputs that still grow, are not looked at.",
    )
    errors: float = Field(
        default=0.1,
        title="Errors",
        description="Mismatches, insertions and deletions allowed: below 1 for each aligned base of the adapter, "
        "from 1 on in the whole adapter.",
        ge=0,
        allow_inf_nan=False,
    )
    minimum_overlap: int = Field(
        default=3, title="Minimum overlap", description="Shorter matches stay.", ge=1, json_schema_extra=BASES
    )
    indels: bool = Field(default=True, title="Insertions and deletions", description="Allow them as errors.")
    read_wildcards: bool = Field(
        default=False, title="Wildcards in reads", description="Let N and other IUPAC letters in reads match."
    )
    wildcards: bool = Field(
        default=True,
        title="Wildcards in adapters",
        description="Let N and other IUPAC letters in adapters match what they stand for; if not, each matches itself.",
    )
    times: int = Field(
        default=1, title="Times", description="Look again, so often in all, in what is left.", ge=1, le=100
    )
    revcomp: bool = Field(
        default=False,
        title="Both orientations",
        description="Look in the reverse complement of each read too, and go on with it where adapters suit better. "
        "The reads of a pair change places instead.",
    )
    mark: str = Field(
        default=" rc",
        title="Mark",
        description="Put behind the names of reads that were turned, or have changed places.",
        json_schema_extra={"shown_for": ["revcomp", ""]},
        pattern=r"^[ -~]*$",
    )
    rename: str = Field(
        default="",
        title="New headers",
        description="A template in place of the mark; empty: headers stay. {header} is the old one, {id} and {comment} "
        "what stands before and after its first space, {rn} 1 or 2, {adapter_name} and {match_sequence} the last "
        "adapter found and the bases that it was found in, {r1.adapter_name} and so on those of the first or second "
        "read, {rc} the word rc where a read was turned.",
    )
    action: Literal["trim", "retain", "crop", "mask", "lowercase", "none"] = Field(
        default="trim",
        title="Action",
        description="What becomes of the adapter and what goes with it: cut off; cut off but for the adapter itself; "
        "the adapter alone stays; N instead; lower case; nothing.",
    )
    discard: Literal["none", "trimmed", "untrimmed"] = Field(
        default="none",
        title="Discard",
        description="Drop reads in which an adapter was found, or those in which none was.",
    )

    @field_validator("rename", mode="after")
    @classmethod
    def _is_a_template(cls, template: str) -> str:
        return check_template(template, TEMPLATE_FIELDS)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.rename and not all(is_plain(adapter.title) for adapter in (*self.adapters, *self.second)):
            raise ValueError("names of adapters that go into headers are plain ASCII, in one line")
        if self.times > 1 and self.action in _LEAVES:
            raise ValueError(f"'{self.action}' works with one adapter a read: set times to 1")
        if self.action == "crop" and any(adapter.front for adapter in (*self.adapters, *self.second)):
            raise ValueError("'crop' leaves one adapter alone, and linked ones are two: take 'retain'")
        if self.together:
            self._check_pairs()
        if self.second and self.mates != "both":
            raise ValueError("second reads have adapters of their own: let 'mates' be 'both'")
        sides = self.specs(), self.specs(of_second=True)
        specs = [named for side in sides for named in side]
        for name, spec in specs:
            if spec.rate >= 1 or (spec.front and spec.front.rate >= 1):
                raise ValueError(f"{name}: as many errors as it has bases are allowed; it would be found anywhere")
        if not self.wildcards:
            letters = "".join(part.sequence for _, spec in specs for part in (spec, spec.front) if part)
            literal_codes(letters, are_read=not self.read_wildcards)
        if not self.together and any(len({spec.rightmost for _, spec in side}) > 1 for side in sides):
            raise ValueError("'rightmost' holds for all adapters of a stage, or none: take two stages")
        return self

    def _check_pairs(self) -> None:
        if self.second and len(self.second) != len(self.adapters):
            raise ValueError("adapters in pairs: as many for second reads as for first reads")
        if self.detect:
            raise ValueError("adapters in pairs: what is detected belongs to no other one; switch detecting off")
        if self.mates != "both" or self.times > 1 or self.revcomp or self.action == "crop":
            raise ValueError(
                "adapters in pairs are looked for in both reads, once, in one orientation; and not cropped"
            )

    def specs(self, *, of_second: bool = False) -> tuple[tuple[str, AdapterSpec], ...]:
        """Name and specification of each adapter of first or second reads, the common ones last."""
        adapters = list(self.second if of_second and self.second else self.adapters)
        if self.known:
            adapters += [Adapter(name=name, sequence=sequence) for name, sequence in KNOWN.items()]
        return tuple((adapter.title, self._spec(adapter)) for adapter in adapters)

    def _spec(self, adapter: Adapter) -> AdapterSpec:
        front, back = adapter.front, self._part(adapter)
        if front is None:
            return back
        needs_front, needs_back = adapter.needs
        return replace(back, front=self._part(front), needs_front=needs_front, needs_back=needs_back)

    def _part(self, part: Adapter | Front) -> AdapterSpec:
        return AdapterSpec(
            part.sequence,
            part.place,
            self.errors if part.errors is None else part.errors,
            self.minimum_overlap if part.minimum_overlap is None else part.minimum_overlap,
            self.indels if part.indels == "as for all" else part.indels == "allowed",
            rightmost=isinstance(part, Adapter) and part.rightmost,
            anywhere=isinstance(part, Adapter) and part.anywhere,
        )
