"""Whether a definition can be used, and everything that is wrong with it, at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from engine.pipeline.containment import containment_faults
from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition
from engine.pipeline.faults import Fault, InvalidPipelineError, Location, shown, translated
from engine.pipeline.json_values import fit_for_json
from engine.pipeline.resolving import Pipelines, Plugins
from engine.pipeline.stage_rules import Surroundings, stage_faults

_FIELDS = {
    "pipeline": tuple(PipelineDefinition.model_fields),
    "stages": tuple(StageDefinition.model_fields),
    "on_failure": tuple(FailurePolicy.model_fields),
}
_ORDER = {name: index for index, name in enumerate(dict.fromkeys((*_FIELDS["pipeline"], *_FIELDS["stages"])))}
_TYPES = ("document", "query", "result")


def checked(
    data: Mapping[str, Any] | PipelineDefinition,
    *,
    plugins: Plugins | None = None,
    pipelines: Pipelines | None = None,
    where: str = "",
) -> PipelineDefinition:
    """The definition, if nothing is wrong with it.

    Args:
        data: as it was read from a file or a request, or a definition.
        plugins: those that stages may name; ``None``: their names and parameters are not checked.
        pipelines: those that composite stages may name; ``None``: their names are not checked.
        where: what to call the definition in an error; empty: by its name.

    Raises:
        InvalidPipelineError: with everything that is wrong.
    """
    raw = _raw(data)
    faults = faults_of(raw, plugins=plugins, pipelines=pipelines)
    if faults:
        name = raw.get("name")
        known_as = where or (f"The pipeline {shown(name)}" if isinstance(name, str) and name else "The pipeline")
        raise InvalidPipelineError(known_as, faults)
    return data if isinstance(data, PipelineDefinition) else PipelineDefinition.model_validate(raw)


def faults_of(
    data: Mapping[str, Any] | PipelineDefinition, *, plugins: Plugins | None = None, pipelines: Pipelines | None = None
) -> tuple[Fault, ...]:
    """Everything that is wrong with a definition, by place; arguments as for `checked`."""
    faults: list[Fault] = []
    raw = fit_for_json(_raw(data), (), faults)
    faults += _field_faults(raw)
    type_ = raw.get("type", "document")
    around = Surroundings(type_ if type_ in _TYPES else None, plugins, pipelines)
    faults += _all_stage_faults(raw.get("stages"), ("stages",), around)
    faults += containment_faults(raw, pipelines)
    # What is wrong at a place in itself says enough about it.
    first = {fault.location: fault for fault in reversed(faults)}
    return tuple(sorted(first.values(), key=lambda fault: _place(fault.location)))


def _raw(data: Mapping[str, Any] | PipelineDefinition) -> dict[str, Any]:
    return data.model_dump(mode="json") if isinstance(data, PipelineDefinition) else dict(data)


def _place(location: Location) -> tuple[tuple[int, int, str], ...]:
    """Sorts by the order of fields and stages."""
    return tuple(
        (step, 0, "") if isinstance(step, int) else (_ORDER.get(step, len(_ORDER)), 1, step) for step in location
    )


def _field_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with fields by themselves: missing, unknown, of the wrong type, out of range."""
    try:
        # As JSON, since strictness about Python's own types would refuse lists for tuples.
        PipelineDefinition.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        return translated(error, (), _fields_beside)
    return []


def _fields_beside(location: Location) -> tuple[str, ...]:
    owners = [step for step in location[:-1] if step in _FIELDS]
    return _FIELDS[str(owners[-1])] if owners else _FIELDS["pipeline"]


def _all_stage_faults(stages: object, location: Location, around: Surroundings) -> list[Fault]:
    if not isinstance(stages, (list, tuple)):
        return []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for index, stage in enumerate(stages):
        here = (*location, index)
        if not isinstance(stage, Mapping):
            continue
        name = stage.get("name")
        if isinstance(name, str) and first.setdefault(name, index) != index:
            earlier = Fault((*location, first[name]), "").path
            faults.append(Fault((*here, "name"), f"{shown(name)} is the name of {earlier} already"))
        faults += stage_faults(stage, here, around)
        faults += _all_stage_faults(stage.get("stages"), (*here, "stages"), around)
    return faults
