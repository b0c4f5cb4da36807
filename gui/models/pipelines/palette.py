"""The stages that pipelines can be built of, as the palette shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gui.models.pipelines.fields import Field, fields_of
from gui.models.run_list import folded

GROUPS: Mapping[str, str] = {
    "trim": "Trim",
    "filter": "Filter",
    "change": "Change",
    "plugin": "Plugins",
}
"""What a stage is for, in the order of the palette."""

_OF_PAIRS = {"mates", "pairs"}


@dataclass(frozen=True, slots=True)
class StageNote:
    """What is known of a kind of stage without running it.

    Attributes:
        key: unique in the palette: its name in definitions, after its type.
        type: ``native``, ``wasm`` or ``python``.
        name: what definitions call it, as ``stage`` or ``udf_name``.
        title: what people call it.
        help: what it does.
        source: where its definition comes from.
        group: a key of `GROUPS`.
        fields: what can be set.
    """

    key: str
    type: str
    name: str
    title: str
    help: str
    source: str = ""
    group: str = "plugin"
    fields: tuple[Field, ...] = ()

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

    def note(self, key: str) -> StageNote | None:
        """The kind of this key."""
        return self._notes.get(key)

    def groups(self, searched: str = "") -> list[tuple[str, list[StageNote]]]:
        """Title of each group and the kinds in it that have all words of a search; groups without any are left out."""
        words = folded(searched).split()
        found = [note for note in self._notes.values() if all(word in note.searched for word in words)]
        grouped = [(title, [note for note in found if note.group == group]) for group, title in GROUPS.items()]
        return [(title, notes) for title, notes in grouped if notes]


def native_notes() -> list[StageNote]:
    """All stages of the engine. Imports Numba the first time: not for the thread of the window."""
    from engine.stages.catalogue import KINDS

    return [
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
        )
        for kind in KINDS.values()
    ]
