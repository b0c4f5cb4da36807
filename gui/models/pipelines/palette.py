"""The stages that pipelines can be built of, as the palette shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.models.pipelines.fields import Field, fields_of
from gui.models.run_list import folded

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition

GROUPS: Mapping[str, str] = {
    "trim": "Trim",
    "filter": "Filter",
    "change": "Change",
    "search": "Searches",
    "plugin": "Plugins",
    "pipeline": "Whole pipelines",
}
"""What a stage is for, in the order of the palette."""

_OF_PAIRS = {"mates", "pairs"}


@dataclass(frozen=True, slots=True)
class StageNote:
    """What is known of a kind of stage without running it.

    Attributes:
        key: unique in the palette: its name in definitions, after its type.
        type: ``native``, ``wasm``, ``python`` or ``composite``.
        name: what definitions call it, as ``stage``, ``udf_name`` or ``pipeline``.
        title: what people call it.
        help: what it does.
        source: where its definition comes from.
        group: a key of `GROUPS`.
        fields: what can be set.
        works_on: the types of pipelines that it can be a stage of.
    """

    key: str
    type: str
    name: str
    title: str
    help: str
    source: str = ""
    group: str = "plugin"
    fields: tuple[Field, ...] = ()
    works_on: tuple[str, ...] = ("document", "result")

    @property
    def origin(self) -> str:
        """Whose it is, or what it was made after, in words; empty where there is nothing to tell."""
        if self.type in {"wasm", "python"}:
            return f"By {self.source}" if self.source else ""
        source = self.source.removeprefix("Lanescope.").removeprefix("Lanescope; ")
        return f"After {source}" if source else ""

    @property
    def searched(self) -> str:
        """What a search looks at."""
        return folded(f"{self.title} {self.name} {self.help} {GROUPS[self.group]}")


def key_of(stage_type: str, name: str) -> str:
    """The key of a stage in the palette."""
    return f"{stage_type}:{name}"


class Palette:
    """All kinds of stages there are."""

    def __init__(self, notes: Iterable[StageNote] = ()) -> None:
        self._notes = {note.key: note for note in notes}

    def __len__(self) -> int:
        return len(self._notes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Palette) and self._notes == other._notes

    def __hash__(self) -> int:
        return hash(tuple(self._notes))

    def note(self, key: str) -> StageNote | None:
        """The kind of this key."""
        return self._notes.get(key)

    def groups(self, searched: str = "", pipeline_type: str = "document") -> list[tuple[str, list[StageNote]]]:
        """Title of each group, and the kinds in it for a type of pipelines that have all words of a search.

        Groups without any are left out.
        """
        words = folded(searched).split()
        fit = (note for note in self._notes.values() if pipeline_type in note.works_on)
        found = [note for note in fit if all(word in note.searched for word in words)]
        grouped = [(title, [note for note in found if note.group == group]) for group, title in GROUPS.items()]
        return [(title, notes) for title, notes in grouped if notes]


def pipeline_notes(definitions: Iterable[PipelineDefinition]) -> list[StageNote]:
    """Pipelines as stages of others, each in its latest version."""
    return [
        StageNote(
            key=key_of("composite", definition.name),
            type="composite",
            name=definition.name,
            title=definition.name,
            help=definition.description or "All of its stages, as one.",
            group="pipeline",
            works_on=(definition.type,),
        )
        for definition in definitions
    ]


def native_notes() -> list[StageNote]:
    """All stages of the engine. Imports Numba the first time: not for the thread of the window."""
    from engine.search.query_stages import QUERY_KINDS
    from engine.stages.catalogue import KINDS

    searches = [
        StageNote(
            key=key_of("native", query.name),
            type="native",
            name=query.name,
            title=query.title,
            help=query.help,
            group="search",
            fields=fields_of(query.parameters.model_json_schema()),
            works_on=query.works_on,
        )
        for query in QUERY_KINDS.values()
    ]
    return searches + [
        StageNote(
            key=key_of("native", kind.name),
            type="native",
            name=kind.name,
            title=kind.title,
            help=kind.help,
            source=kind.source,
            group=kind.group,
            # What every stage asks for comes after what only this one does.
            fields=tuple(
                sorted(fields_of(kind.parameters.model_json_schema()), key=lambda field: field.key in _OF_PAIRS)
            ),
            works_on=kind.works_on,
        )
        for kind in KINDS.values()
    ]
