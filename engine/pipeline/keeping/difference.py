"""What differs between two versions of a pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from engine.pipeline.definition import PipelineDefinition, StageDefinition


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: a stage ``added``, ``removed`` or ``moved`` among those that both have, or a value ``changed``.
        stage: names of the stage and those around it, the outermost first; empty: the pipeline itself.
        field: what was changed, as ``parameters.minimum`` or ``on_failure.action``; empty unless ``changed``.
        before: the value before, as JSON has it, or the place from 1 before; ``None``: not set, or not there.
        after: likewise, after.
    """

    kind: Literal["added", "removed", "moved", "changed"]
    stage: tuple[str, ...]
    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"{' / '.join([*self.stage, self.field])}: {_shown(self.before)} → {_shown(self.after)}"
        words = {
            "added": f"added as number {self.after}",
            "removed": f"removed from number {self.before}",
            "moved": f"moved from number {self.before} to {self.after}",
        }
        return f"{' / '.join(self.stage)}: {words[self.kind]}"


def differences(before: PipelineDefinition, after: PipelineDefinition) -> tuple[Difference, ...]:
    """What differs, the pipeline's own fields first, then stage by stage; names and versions are left out.

    Stages with the same name are the same stage: one that was renamed is told as removed and added.
    """
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    own = [
        difference
        for field in ("description", "type", "timeout", "on_failure")
        for difference in _changes((), field, old[field], new[field])
    ]
    return (*own, *_stage_differences((), before.stages, after.stages))


def _stage_differences(
    around: tuple[str, ...], before: Sequence[StageDefinition], after: Sequence[StageDefinition]
) -> Iterator[Difference]:
    old, new = {stage.name: stage for stage in before}, {stage.name: stage for stage in after}
    old_places = {name: index for index, name in enumerate(old, 1)}
    new_places = {name: index for index, name in enumerate(new, 1)}
    for name in old:
        if name not in new:
            yield Difference("removed", (*around, name), "", old_places[name], None)
    moved = _moved([name for name in old if name in new], [name for name in new if name in old])
    for name, stage in new.items():
        here = (*around, name)
        if name not in old:
            yield Difference("added", here, "", None, new_places[name])
            continue
        if name in moved:
            yield Difference("moved", here, "", old_places[name], new_places[name])
        yield from _inside(here, old[name], stage)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The names that are not where they were among the others: as few as there are."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _inside(here: tuple[str, ...], before: StageDefinition, after: StageDefinition) -> Iterator[Difference]:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    for field in old:
        if field not in {"name", "stages"}:
            yield from _changes(here, field, old[field], new[field])
    yield from _stage_differences(here, before.stages, after.stages)


def _changes(here: tuple[str, ...], field: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _changes(here, f"{field}.{name}", before.get(name), after.get(name))
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield Difference("changed", here, field, before, after)


def _shown(value: Any) -> str:
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)
