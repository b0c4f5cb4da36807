"""Composite stages that run other pipelines: none may contain itself, nor grow without bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.pipeline.definition import StageDefinition
from engine.pipeline.faults import Fault, Location, shown
from engine.pipeline.resolving import Pipelines

MOST_STAGES_IN_ALL = 1000
"""Stages of a pipeline, those of composites counted."""


def containment_faults(raw: Mapping[str, Any], pipelines: Pipelines | None) -> list[Fault]:
    """Where a definition contains itself, by itself or through others, or too much.

    Args:
        raw: the definition, right or wrong.
        pipelines: where others are looked up; ``None``: only what the definition itself says is known.
    """
    own = raw.get("name")
    faults: list[Fault] = []
    total = 0
    sizes: dict[str, int] = {}
    for location, reference in _references(raw.get("stages"), ("stages",)):
        way = _way_back(own, reference, pipelines) if isinstance(own, str) else None
        if way is not None:
            through = f", through {', '.join(map(shown, way))}" if way else ""
            faults.append(Fault(location, f"{shown(str(own))} would contain itself{through}"))
        elif pipelines is not None:
            total += _size(reference, pipelines, sizes)
    total += _own_stages(raw.get("stages"))
    if total > MOST_STAGES_IN_ALL:
        words = f"with those of its composites these are {total:,}; at most {MOST_STAGES_IN_ALL:,} can be run"
        faults.append(Fault(("stages",), words))
    return faults


def _references(stages: object, location: Location) -> Iterator[tuple[Location, str]]:
    for index, stage in enumerate(stages if isinstance(stages, (list, tuple)) else ()):
        if isinstance(stage, Mapping):
            if isinstance(stage.get("pipeline"), str):
                yield (*location, index, "pipeline"), stage["pipeline"]
            yield from _references(stage.get("stages"), (*location, index, "stages"))


def references_in(stages: Iterable[StageDefinition]) -> Iterator[str]:
    """Every pipeline that stages, or stages inside of them, name."""
    for stage in stages:
        if stage.pipeline is not None:
            yield stage.pipeline
        yield from references_in(stage.stages)


def _way_back(own: str, reference: str, pipelines: Pipelines | None) -> list[str] | None:
    """The pipelines on a way from a reference to the pipeline itself; ``None``: there is no such way.

    A pipeline is the same in all its versions here: which one the latest is will change.
    """
    ways: list[tuple[str, list[str]]] = [(reference, [])]
    seen: set[str] = set()
    while ways:
        reference, way = ways.pop()
        name = reference.partition("@")[0]
        if name == own:
            return way
        if reference in seen or pipelines is None:
            continue
        seen.add(reference)
        there = pipelines.find(reference)
        if there is not None:
            ways += [(inner, [*way, name]) for inner in references_in(there.stages)]
    return None


def _size(reference: str, pipelines: Pipelines, sizes: dict[str, int]) -> int:
    """Stages of a pipeline, those of composites counted; remembers what it has counted."""
    if reference not in sizes:
        sizes[reference] = 0  # a circle among others is told where it was made
        there = pipelines.find(reference)
        if there is not None:
            inner = sum(_size(each, pipelines, sizes) for each in references_in(there.stages))
            sizes[reference] = inner + _own_stages([stage.model_dump() for stage in there.stages])
    return sizes[reference]


def _own_stages(stages: object) -> int:
    if not isinstance(stages, (list, tuple)):
        return 0
    return sum(1 + _own_stages(stage.get("stages")) for stage in stages if isinstance(stage, Mapping))
