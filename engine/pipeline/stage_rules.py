"""What a stage's fields have to mean together: each type of stage has its own rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from engine.pipeline.faults import Fault, Location, nearest, shown, translated
from engine.pipeline.resolving import Pipelines, Plugins
from engine.search.query_stages import QUERY_KINDS

Raw = Mapping[str, Any]
"""A stage or pipeline as it was written, right or wrong."""

_SCALARS = {"string_type", "int_type", "int_from_float", "float_type", "bool_type"}
_BELONGS = {"stage": "native", "udf_name": "wasm and python", "pipeline": "composite", "stages": "composite"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around the stages that are checked.

    Attributes:
        type: of the pipeline; ``None`` where that is wrong itself.
        plugins: those there are; ``None``: not known, and not checked.
        pipelines: those that composites may name; ``None``: not known, and not checked.
    """

    type: str | None
    plugins: Plugins | None
    pipelines: Pipelines | None


def stage_faults(stage: Raw, location: Location, around: Surroundings) -> Iterator[Fault]:
    """What is wrong with one stage, those inside of it left out."""
    kind = stage.get("type", "native")
    if kind == "native":
        yield from _strangers(stage, location, ("stage",), kind)
        yield from _native_faults(stage, location, around)
    elif kind in ("wasm", "python"):
        yield from _strangers(stage, location, ("udf_name",), kind)
        yield from _plugin_faults(stage, location, around)
    elif kind == "composite":
        yield from _strangers(stage, location, ("pipeline", "stages"), kind)
        yield from _composite_faults(stage, location, around)


def _strangers(stage: Raw, location: Location, own: tuple[str, ...], kind: str) -> Iterator[Fault]:
    for field, owner in _BELONGS.items():
        if field not in own and stage.get(field) not in (None, (), []):
            yield Fault((*location, field), f"belongs to stages of type {owner}, and this one is {kind}")


def _native_faults(stage: Raw, location: Location, around: Surroundings) -> Iterator[Fault]:
    # Here, because it brings the kernels along, and definitions are read where nothing is run.
    from engine.stages.catalogue import KINDS

    name = stage.get("stage")
    if name is None:
        yield Fault((*location, "stage"), "is missing: a native stage says which one it is")
        return
    if not isinstance(name, str):
        return
    kind = KINDS.get(name) or QUERY_KINDS.get(name)
    if kind is None:
        known: Iterable[str] = QUERY_KINDS if around.type == "query" else KINDS
        yield Fault((*location, "stage"), f"there is no stage {shown(name)}{nearest(name, known)}")
        return
    if around.type is not None and around.type not in kind.works_on:
        works = " and ".join(kind.works_on)
        yield Fault((*location, "stage"), f"{name} cannot work in a {around.type} pipeline, only in {works} ones")
    yield from parameter_faults(stage.get("parameters", {}), kind.parameters, (*location, "parameters"))


def _plugin_faults(stage: Raw, location: Location, around: Surroundings) -> Iterator[Fault]:
    name = stage.get("udf_name")
    if not name:
        words = f"is missing: a stage of type {stage['type']} names its plugin"
        yield Fault((*location, "udf_name"), words)
        return
    if not isinstance(name, str) or around.plugins is None:
        return
    model = around.plugins.model(name)
    if model is None:
        words = f"there is no plugin {shown(name)} that works{nearest(name, around.plugins.names())}"
        yield Fault((*location, "udf_name"), words)
        return
    types = around.plugins.works_on(name)
    if around.type is not None and around.type not in types:
        works = " and ".join(types)
        yield Fault((*location, "udf_name"), f"{name} cannot work in a {around.type} pipeline, only in {works} ones")
    yield from parameter_faults(stage.get("parameters", {}), model, (*location, "parameters"))


def _composite_faults(stage: Raw, location: Location, around: Surroundings) -> Iterator[Fault]:
    if stage.get("parameters"):
        yield Fault((*location, "parameters"), "a composite stage has none of its own; set those of its stages")
    reference, has_stages = stage.get("pipeline"), bool(stage.get("stages"))
    if reference is None and not has_stages:
        yield Fault(location, "a composite stage needs stages, or a pipeline that has them")
    if reference is not None and has_stages:
        yield Fault(location, "a composite stage has either stages or a pipeline, not both")
    if not isinstance(reference, str) or around.pipelines is None:
        return
    there = around.pipelines.find(reference)
    if there is None:
        names = around.pipelines.names()
        name, _, version = reference.partition("@")
        hint = f" in version {version}" if name in names else nearest(name, names)
        yield Fault((*location, "pipeline"), f"there is no pipeline {shown(name)}{hint}")
    elif around.type is not None and there.type != around.type:
        words = f"{reference} is a {there.type} pipeline and cannot be part of a {around.type} one"
        yield Fault((*location, "pipeline"), words)


def parameter_faults(given: object, model: type[BaseModel], location: Location) -> Iterator[Fault]:
    """What is wrong with the parameters of one stage.

    Args:
        given: names and values, right or wrong.
        model: what can be set.
        location: where they stand.
    """
    if not isinstance(given, Mapping):
        return
    values = {name: value for name, value in given.items() if value is not None}
    try:
        model.model_validate(values)
    except ValidationError as error:
        yield from translated(error, location, lambda place: model.model_fields if len(place) == 1 else ())
    try:
        model.model_validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        # A model takes "20" for 20, which a file should not say so. The rest of its strictness is about Python's types.
        yield from translated(error, location, only=_SCALARS)
