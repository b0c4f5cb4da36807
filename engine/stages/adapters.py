"""Trimming adapters."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from engine.batch import Column, ReadBatch
from engine.stages.adapter_set import AdapterSet, AdapterSpec, Place
from engine.stages.base import (
    BASES,
    FilterParameters,
    NativeStage,
    TrimParameters,
    columns,
    cut,
    is_dropped,
    with_failures,
)
from engine.stages.known_adapters import KNOWN
from engine.stages.reasons import Reason
from kernels.adapters import HISTOGRAM, Leave, adapter_ends
from kernels.base_codes import IUPAC
from kernels.trim_mask import lower_outside, mask_outside

_LEAVES = {"retain": Leave.ADAPTER, "crop": Leave.ONLY_ADAPTER}


class Adapter(BaseModel):
    """One adapter. Text alone stands for a 3' adapter of that sequence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: str = Field(title="Sequence", description="IUPAC letters, as the read has them.", min_length=1)
    name: str = Field(default="", title="Name", description="For the statistics; empty: the sequence.")
    place: Place = Field(
        default=Place.END,
        title="Place",
        description="3': the adapter, whole or begun at the read's end, and all after it goes. 5': the adapter and all "
        "before it goes. Anchored: whole, right at that end. End: not inside the read. Either: 5' where "
        "it covers the first base, else 3'.",
    )
    errors: float | None = Field(
        default=None, title="Errors", description="As for all, if not given.", ge=0, allow_inf_nan=False
    )
    minimum_overlap: int | None = Field(
        default=None, title="Minimum overlap", description="As for all, if not given.", ge=1, json_schema_extra=BASES
    )

    @field_validator("sequence", mode="after")
    @classmethod
    def _is_iupac(cls, sequence: str) -> str:
        sequence = sequence.upper().replace("U", "T").replace("I", "N")
        wrong = sorted(set(sequence) - set(IUPAC))
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not IUPAC letters for bases")
        if set(sequence) <= set("NX"):
            raise ValueError("an adapter has at least one base that is known")
        return sequence


def _adapter(value: Any) -> Any:
    return {"sequence": value} if isinstance(value, str) else value


class AdapterParameters(TrimParameters, FilterParameters):
    """What can be set for trimming adapters."""

    adapters: tuple[Annotated[Adapter, BeforeValidator(_adapter)], ...] = Field(
        default=(), title="Adapters", description="The best match of all of them is removed."
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
    times: int = Field(
        default=1, title="Times", description="Look again, so often in all, in what is left.", ge=1, le=100
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

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.times > 1 and self.action in _LEAVES:
            raise ValueError(f"'{self.action}' works with one adapter a read: set times to 1")
        for name, spec in self.specs():
            if spec.rate >= 1:
                raise ValueError(f"{name}: as many errors as it has bases are allowed; it would be found anywhere")
        return self

    def specs(self) -> tuple[tuple[str, AdapterSpec], ...]:
        """Name and specification of each adapter, the common ones last."""
        adapters = list(self.adapters)
        if self.known:
            adapters += [Adapter(name=name, sequence=sequence) for name, sequence in KNOWN.items()]
        return tuple((adapter.name or adapter.sequence, self._spec(adapter)) for adapter in adapters)

    def _spec(self, adapter: Adapter) -> AdapterSpec:
        return AdapterSpec(
            adapter.sequence,
            adapter.place,
            self.errors if adapter.errors is None else adapter.errors,
            self.minimum_overlap if adapter.minimum_overlap is None else adapter.minimum_overlap,
            self.indels,
        )


class AdapterTrimmer(NativeStage[AdapterParameters]):
    """Removes adapters as cutadapt does.

    Statistics: for each adapter a counter of the reads by bases removed, `HISTOGRAM` - 1 standing for all above.
    """

    def __init__(self, parameters: AdapterParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        specs = parameters.specs()
        self._names = [name for name, _ in specs]
        self._set = AdapterSet([spec for _, spec in specs], read_wildcards=parameters.read_wildcards) if specs else None

    @property
    def works_in_place(self) -> bool:
        """See `NativeStage.works_in_place`."""
        return self.parameters.action in {"mask", "lowercase"}

    def _work(self, batch: ReadBatch) -> ReadBatch:
        if self._set is None:
            return batch
        mates, discard = self.parameters.mates, self.parameters.discard
        mate = batch.mate
        found = np.full(len(batch), -1, np.int32)
        found_mate = found
        if mates != "second":
            batch, found = self._trim(batch, self._set)
        if mate is not None and mates != "first":
            mate, found_mate = self._trim(mate, self._set)
        batch = replace(batch, mate=mate)
        if discard == "none":
            return batch
        reason = Reason.TRIMMED if discard == "trimmed" else Reason.UNTRIMMED
        fails, fails_mate = ((adapter >= 0) == (discard == "trimmed") for adapter in (found, found_mate))
        if discard == "untrimmed" and mates != "both":  # where one read was not looked at, the other one decides
            is_each = self.parameters.pairs == "each"
            if mates == "first":
                fails_mate = fails & (not is_each)
            else:
                fails = fails_mate & (mate is not None and not is_each)
        second = [(reason, fails_mate)] if mate is not None else []
        return with_failures(batch, [(reason, fails)], second, self.parameters.pairs)

    def _trim(self, batch: ReadBatch, adapters: AdapterSet) -> tuple[ReadBatch, Column]:
        action = self.parameters.action
        if batch.dropped is not None:  # nothing is found in them, nor counted
            batch = replace(batch, lengths=np.where(is_dropped(batch), np.int32(0), batch.lengths))
        begins, ends, which = columns(batch, 3)
        histogram = np.zeros((len(self._names), HISTOGRAM), np.int64)
        adapter_ends(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            adapters.texts,
            adapters.traits,
            adapters.rates,
            adapters.unknowns,
            adapters.words,
            adapters.letters,
            adapters.classes,
            adapters.is_plain,
            adapters.table,
            self.parameters.times,
            int(_LEAVES.get(action, Leave.REST)),
            begins,
            ends,
            which,
            histogram,
        )
        for name, counts in zip(self._names, histogram, strict=True):
            lengths = np.flatnonzero(counts)
            self.statistics.add(name, dict(zip(lengths.tolist(), counts[lengths].tolist(), strict=True)))
        if action == "mask":
            mask_outside(batch.buffer, batch.sequence_starts, batch.lengths, begins, ends)
        elif action == "lowercase":
            lower_outside(batch.buffer, batch.sequence_starts, batch.lengths, begins, ends)
        elif action != "none":
            batch = cut(batch, begins, ends)
        return batch, which
