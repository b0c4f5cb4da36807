"""A pipeline while it is being built: what it says may still be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition, StageDefinition

Path = tuple[str | int, ...]
"""Keys and places, one inside the other, such as ``("parameters", "adapters", 0, "sequence")``."""

_keys = count(1)


@dataclass(frozen=True, slots=True)
class DraftStage:
    """One stage of a draft.

    Attributes:
        key: what tells it from all other stages, whatever happens to it.
        data: as in a definition; only what is set.
    """

    key: int
    data: Mapping[str, Any]

    @classmethod
    def of(cls, definition: StageDefinition) -> DraftStage:
        """A stage that is as ``definition`` says."""
        return cls(next(_keys), definition.model_dump(mode="json", exclude_defaults=True))

    @classmethod
    def make(cls, data: Mapping[str, Any]) -> DraftStage:
        """A new stage."""
        return cls(next(_keys), data)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.data.get("name", ""))

    @property
    def type(self) -> str:
        """How it is made."""
        return str(self.data.get("type", "native"))

    @property
    def kind(self) -> str:
        """Which stage of its type it is."""
        named = {"native": "stage", "composite": "pipeline"}.get(self.type, "udf_name")
        return str(self.data.get(named) or "")

    @property
    def is_enabled(self) -> bool:
        """Whether it takes part in runs."""
        return bool(self.data.get("enabled", True))

    def with_value(self, path: Path, value: JsonValue) -> DraftStage:
        """The same stage with another value at ``path``; ``None`` takes away what is set there."""
        return replace(self, data=changed(self.data, path, value))


@dataclass(frozen=True, slots=True)
class Draft:
    """A pipeline as it stands on the table.

    Attributes:
        data: all but the stages and the version, as in a definition.
        stages: in order.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    stages: tuple[DraftStage, ...] = ()

    @classmethod
    def of(cls, definition: PipelineDefinition) -> Draft:
        """A draft that is as ``definition`` says."""
        data = definition.model_dump(mode="json", exclude_defaults=True, exclude={"stages", "version"})
        return cls(data, tuple(map(DraftStage.of, definition.stages)))

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.data.get("name", ""))

    def as_data(self) -> dict[str, Any]:
        """The whole, as a definition has it."""
        return {**self.data, "stages": [dict(stage.data) for stage in self.stages]}

    def says_the_same(self, other: Draft) -> bool:
        """Whether both would be the same definition."""
        return self.as_data() == other.as_data()

    def place(self, key: int | None) -> int | None:
        """Where the stage of this key stands."""
        return next((place for place, stage in enumerate(self.stages) if stage.key == key), None)

    def stage(self, key: int | None) -> DraftStage | None:
        """The stage of this key."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def with_stage(self, stage: DraftStage) -> Draft:
        """The same draft with ``stage`` in the place of the one with its key."""
        return replace(self, stages=tuple(stage if old.key == stage.key else old for old in self.stages))

    def free_name(self, wanted: str) -> str:
        """``wanted``, or the same with the first number behind it that no stage has yet."""
        taken = {stage.name for stage in self.stages}
        if wanted not in taken:
            return wanted
        return next(name for number in count(2) if (name := f"{wanted}-{number}") not in taken)


def changed(data: Mapping[str, Any], path: Path, value: JsonValue) -> dict[str, Any]:
    """A copy of ``data`` with ``value`` at ``path``; ``None`` takes away what stands there.

    Tables on the way are made; a table that is left empty goes too. In lists, the place just past the end adds.
    """
    key = str(path[0])
    inner = value if len(path) == 1 else _changed_within(data.get(key), path[1:], value)
    if inner is None or inner == {}:
        return {name: kept for name, kept in data.items() if name != key}
    return {**data, key: inner}


def _changed_within(old: object, path: Path, value: JsonValue) -> Any:
    if not isinstance(path[0], int):
        return changed(old if isinstance(old, Mapping) else {}, path, value)
    entries = list(old) if isinstance(old, list | tuple) else []
    place = path[0]
    if len(path) == 1:
        entries[place : place + 1] = [] if value is None else [value]
    else:
        inside = entries[place] if place < len(entries) else {}
        entries[place : place + 1] = [_changed_within(inside, path[1:], value)]
    return entries


def value_at(data: object, path: Path) -> Any:
    """What stands at ``path``, or ``None``."""
    for key in path:
        if isinstance(data, Mapping):
            data = data.get(str(key))
        elif isinstance(data, list | tuple) and isinstance(key, int) and 0 <= key < len(data):
            data = data[key]
        else:
            return None
    return data
