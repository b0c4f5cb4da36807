"""What changed from one version of a pipeline to another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.pipeline.definition import PipelineDefinition, StageDefinition


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        mark: ``+`` for what is new, ``-`` for what is gone, ``~`` for what is another.
        place: the stage, or an empty string for the pipeline itself.
        words: what it is.
    """

    mark: str
    place: str
    words: str


def differences(before: PipelineDefinition, after: PipelineDefinition) -> tuple[Change, ...]:
    """What is another in ``after``; stages are told apart by their names, versions left aside."""
    old, new = ({stage.name: stage for stage in version.stages} for version in (before, after))
    changes = list(_changes("", _plain(before, {"stages", "version"}), _plain(after, {"stages", "version"})))
    changes += [Change("-", name, "taken out") for name in old if name not in new]
    stayed = [name for name in old if name in new]
    order = [name for name in new if name in old]
    for name, stage in new.items():
        if name not in old:
            changes.append(Change("+", name, f"added: {_kind(stage)}"))
            continue
        changes += _changes(name, _plain(old[name], {"name"}), _plain(stage, {"name"}))
        if stayed.index(name) != order.index(name):
            changes.append(Change("~", name, f"stands at {list(new).index(name) + 1}, was {list(old).index(name) + 1}"))
    return tuple(changes)


def _plain(model: PipelineDefinition | StageDefinition, left_out: set[str]) -> dict[str, Any]:
    return dict(_flat(model.model_dump(mode="json", exclude_defaults=True, exclude=left_out)))


def _flat(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}".removeprefix("parameters."), value


def _changes(place: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield Change("~", place, f"{key}: {_words(old)} → {_words(new)}")


def _words(value: object) -> str:
    return "default" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(stage: StageDefinition) -> str:
    return stage.stage or stage.udf_name or stage.pipeline or stage.type
