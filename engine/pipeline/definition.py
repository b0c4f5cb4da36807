"""What a pipeline is, as data: the same in files, in the store, in the window and for the executor.

These models hold each field to its own rules. What fields mean together, such as parameters that suit
their stage, is for `engine.pipeline.validation`; nothing is run that has not been through it.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from engine.pipeline.keeping.versions import LONGEST, PATTERN

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
"""Fit for a file's name and a part of a URL on every system."""

REFERENCE_PATTERN = NAME_PATTERN.removesuffix("$") + f"(@{PATTERN[1:-1]})?$"

LONGEST_NAME = 64
"""Characters of the longest name."""

MOST_STAGES = 100
"""Stages that a pipeline, or a composite stage, may have."""

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}


def _not_a_device(name: str) -> str:
    if name in _DEVICES:
        raise ValueError(f"{name} cannot be the name of a file on every system; choose another one")
    return name


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=LONGEST_NAME), AfterValidator(_not_a_device)]
Version = Annotated[str, StringConstraints(pattern=PATTERN, max_length=LONGEST)]
Reference = Annotated[str, StringConstraints(pattern=REFERENCE_PATTERN, max_length=LONGEST_NAME + 1 + LONGEST)]
"""``name`` for the latest version of a pipeline, ``name@1.2.0`` for that one."""

Seconds = Annotated[float, Field(gt=0, le=7 * 24 * 3600, allow_inf_nan=False)]

PipelineType = Literal["document", "query", "result"]
"""What goes through a pipeline: reads as they stream, a read search before it runs, or what came out after."""

StageType = Literal["native", "wasm", "python", "composite"]
"""How a stage is made: by Lanescope, by a plugin's module, by a plugin in Python, or of other stages."""


def _fit_for_files(value: JsonValue) -> JsonValue:
    """The value without what TOML cannot hold: nothing where something may be set means that it is not set."""
    if isinstance(value, dict):
        return {_encodable(key): _fit_for_files(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        if None in value:
            raise ValueError("a list cannot hold null")
        return [_fit_for_files(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number has to be finite")
    return _encodable(value) if isinstance(value, str) else value


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half a character") from error
    return text


def _parameters(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {_encodable(name): _fit_for_files(value) for name, value in values.items() if value is not None}


Parameters = Annotated[dict[str, JsonValue], AfterValidator(_parameters)]
Words = Annotated[str, AfterValidator(_encodable)]


class FailurePolicy(BaseModel):
    """What happens when a stage fails on a batch.

    Attributes:
        action: ``continue``: the batch passes as if the stage were not there, and is counted; ``abort``: the run
            fails; ``retry``: the stage tries again.
        attempts: how often a stage that retries tries in all, the first time included.
        backoff: seconds to wait before the second attempt; each further wait is twice as long.
        jitter: by which share of itself a wait is made longer or shorter at random, 0 to 1.
        then: what happens when no attempt is left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["continue", "abort", "retry"] = "abort"
    attempts: int = Field(default=3, ge=1, le=100)
    backoff: float = Field(default=0.1, ge=0, le=600, allow_inf_nan=False)
    jitter: float = Field(default=0.1, ge=0, le=1, allow_inf_nan=False)
    then: Literal["continue", "abort"] = "abort"


class StageDefinition(BaseModel):
    """One step of a pipeline.

    Attributes:
        name: unique among the stages beside it.
        type: how it is made.
        stage: of a native stage: its name in `engine.stages.catalogue.KINDS`.
        udf_name: of a stage of type ``wasm`` or ``python``: the plugin's name.
        pipeline: of a composite stage: the pipeline whose stages it runs, unless `stages` has them.
        stages: of a composite stage: its stages, unless `pipeline` names them.
        parameters: what is set for it; the rest is as its model says. One that is ``None`` counts as not set.
        enabled: ``False`` leaves it out of runs.
        timeout: seconds for one batch; ``None``: as long as it takes.
        on_failure: ``None``: as the pipeline says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    type: StageType = "native"
    stage: str | None = Field(default=None, max_length=LONGEST_NAME)
    udf_name: str | None = Field(default=None, max_length=LONGEST_NAME)
    pipeline: Reference | None = None
    stages: tuple[StageDefinition, ...] = Field(default=(), max_length=MOST_STAGES)
    parameters: Parameters = Field(default_factory=dict)
    enabled: bool = True
    timeout: Seconds | None = None
    on_failure: FailurePolicy | None = None


class PipelineDefinition(BaseModel):
    """Stages in order, and what holds for all of them.

    Attributes:
        name: what people and programs call it.
        version: semantic, such as ``1.0.0``; what was registered under a version never changes.
        description: what it is for, in a sentence or some.
        type: what goes through it.
        stages: its steps, in order.
        timeout: seconds for one batch through all stages; ``None``: as long as it takes.
        on_failure: for stages that do not say otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    version: Version = "1.0.0"
    description: Words = Field(default="", max_length=4000)
    type: PipelineType = "document"
    stages: tuple[StageDefinition, ...] = Field(default=(), max_length=MOST_STAGES)
    timeout: Seconds | None = None
    on_failure: FailurePolicy = FailurePolicy()

    @property
    def reference(self) -> str:
        """The name and version, as a composite stage may name it."""
        return f"{self.name}@{self.version}"
