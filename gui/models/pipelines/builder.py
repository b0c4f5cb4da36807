"""The table at which a pipeline is built."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue
from PySide6.QtCore import QObject, Signal

from gui.models.pipelines.draft import Draft, DraftStage, Path, value_at
from gui.models.pipelines.history import History, Step
from gui.models.pipelines.palette import StageNote

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition

NEW_NAME = "new-pipeline"
_STAGE = re.compile(r"\bstages\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a draft that keeps it from being run.

    Attributes:
        stage: key of the stage it is in, or ``None`` for the pipeline itself.
        path: where in the stage or the pipeline.
        words: what is wrong.
    """

    stage: int | None
    path: Path
    words: str


Check = Callable[[dict[str, Any]], Sequence[tuple[Path, str]]]
"""Looks through a definition; gives the place of every fault from the top, and what is wrong."""


class Builder(QObject):
    """A draft, everything that can be done to it, and what is wrong with it.

    Attributes:
        chosen: key of the stage that is being worked on; ``None`` for the pipeline itself.
        troubles: all faults of the draft as it stands; empty until a check is there.

    Signals:
        changed: the draft, or what is wrong with it, is another.
        chosen_changed: another stage is being worked on.
        opened: another pipeline is on the table.
    """

    changed = Signal()
    chosen_changed = Signal()
    opened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(Draft({"name": NEW_NAME}))
        self._saved = self.draft
        self._version = ""
        self._check: Check | None = None
        self.chosen: int | None = None
        self.troubles: tuple[Trouble, ...] = ()

    @property
    def draft(self) -> Draft:
        """The pipeline as it stands."""
        return self._history.now.draft

    @property
    def is_dirty(self) -> bool:
        """Whether closing it would lose something."""
        return not self.draft.says_the_same(self._saved)

    @property
    def is_new(self) -> bool:
        """Whether it has never been saved."""
        return not self._version

    @property
    def can_save(self) -> bool:
        """Whether there is something to save, and nothing wrong with it."""
        return not self.troubles and (self.is_dirty or self.is_new)

    @property
    def saved_version(self) -> str:
        """The version on which the draft stands, or an empty string."""
        return self._version

    @property
    def undo_text(self) -> str:
        """What can be undone, or an empty string."""
        return self._history.undo_text

    @property
    def redo_text(self) -> str:
        """What can be done again, or an empty string."""
        return self._history.redo_text

    def set_check(self, check: Check) -> None:
        """Look for faults with ``check`` from now on."""
        self._check = check
        self._tell()

    def open(self, definition: PipelineDefinition, *, is_new: bool = False) -> None:
        """Put another pipeline on the table; what was on it is gone.

        Args:
            definition: what to put there.
            is_new: it is a copy or a template and has not been saved itself.
        """
        self._begin(Draft.of(definition), "" if is_new else definition.version)

    def begin(self, name: str = NEW_NAME) -> None:
        """Put an empty pipeline on the table."""
        self._begin(Draft({"name": name}), "")

    def take_up(self, draft: Draft, version: str) -> None:
        """Put a draft back that had not been saved; ``version`` is the one that it stands on, if any."""
        self._begin(draft, version)
        self._saved = Draft({"name": draft.name})
        self._tell()

    def mark_saved(self, draft: Draft, version: str) -> None:
        """``draft`` has been saved as ``version``; what was done before can still be undone."""
        self._saved = draft
        self._version = version
        self._history.settle()
        self._tell()

    def choose(self, key: int | None) -> None:
        """Work on another stage, or on the pipeline itself."""
        if key != self.chosen:
            self.chosen = key if self.draft.place(key) is not None else None
            self._history.settle()
            self.chosen_changed.emit()

    def add(self, note: StageNote, place: int | None = None) -> int:
        """Put a new stage into the chain, by default after the one that is chosen.

        Returns:
            Its key.
        """
        draft = self.draft
        if place is None:
            chosen = draft.place(self.chosen)
            place = len(draft.stages) if chosen is None else chosen + 1
        data: dict[str, Any] = {"name": draft.free_name(note.name)}
        named = {"native": "stage", "composite": "pipeline"}.get(note.type, "udf_name")
        data |= {named: note.name} if note.type == "native" else {"type": note.type, named: note.name}
        required = {field.key: field.empty() for field in note.fields if field.is_required}
        stage = DraftStage.make({**data, "parameters": required} if required else data)
        self._do(_inserted(draft, stage, place), f"add {stage.name}", stage.key)
        return stage.key

    def remove(self, key: int) -> None:
        """Take a stage out; the one after it, or else before it, is chosen."""
        draft, place = self.draft, self.draft.place(key)
        if place is None:
            return
        left = draft.stages[:place] + draft.stages[place + 1 :]
        name = draft.stages[place].name
        chosen = left[min(place, len(left) - 1)].key if left else None
        self._do(replace(draft, stages=left), f"delete {name}", key, choose=chosen)

    def move(self, key: int, place: int) -> None:
        """Let a stage stand at ``place``, counted without it; places past an end mean that end."""
        draft, stage = self.draft, self.draft.stage(key)
        if stage is None:
            return
        others = [other for other in draft.stages if other.key != key]
        others.insert(max(0, min(place, len(others))), stage)
        if tuple(others) != draft.stages:
            self._do(replace(draft, stages=tuple(others)), f"move {stage.name}", key)

    def duplicate(self, key: int) -> int | None:
        """Put a copy of a stage behind it.

        Returns:
            Key of the copy.
        """
        draft, stage, place = self.draft, self.draft.stage(key), self.draft.place(key)
        if stage is None or place is None:
            return None
        copy = DraftStage.make({**stage.data, "name": draft.free_name(stage.name)})
        self._do(_inserted(draft, copy, place + 1), f"duplicate {stage.name}", copy.key)
        return copy.key

    def enable(self, key: int, is_enabled: bool) -> None:
        """Let a stage take part in runs, or leave it out of them."""
        stage = self.draft.stage(key)
        if stage is not None and stage.is_enabled != is_enabled:
            word = "switch on" if is_enabled else "switch off"
            changed = stage.with_value(("enabled",), None if is_enabled else False)
            self._do(self.draft.with_stage(changed), f"{word} {stage.name}", key)

    def set(self, key: int | None, path: Path, value: JsonValue) -> None:
        """Set what stands at ``path`` of a stage, or of the pipeline for ``None``.

        Edits of the same value in a row are undone together.

        Args:
            key: which stage.
            path: where in it.
            value: anything; whether it makes sense is told by `troubles`. ``None`` goes back to the default.
        """
        if value_at(self._data(key), path) == value:
            return
        stage = self.draft.stage(key)
        if stage is not None:
            edited = self.draft.with_stage(stage.with_value(path, value))
            self._do(edited, f"change {stage.name}", key, subject=(key, path))
        elif key is None:
            edited = replace(self.draft, data=DraftStage(0, self.draft.data).with_value(path, value).data)
            self._do(edited, "change the pipeline", None, subject=(key, path))

    def value(self, key: int | None, path: Path) -> Any:
        """What is set at ``path`` of a stage, or of the pipeline for ``None``; ``None`` where nothing is."""
        return value_at(self._data(key), path)

    def undo(self) -> None:
        """Take the newest step back."""
        self._go(self._history.undo())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._go(self._history.redo())

    def troubles_of(self, key: int | None) -> tuple[Trouble, ...]:
        """What is wrong with a stage, or with the pipeline itself for ``None``."""
        return tuple(trouble for trouble in self.troubles if trouble.stage == key)

    def _data(self, key: int | None) -> object:
        stage = self.draft.stage(key)
        return self.draft.data if key is None else stage.data if stage is not None else {}

    def _begin(self, draft: Draft, version: str) -> None:
        self._history = History(draft)
        self._saved = draft
        self._version = version
        self.chosen = draft.stages[0].key if draft.stages else None
        self._tell()
        self.opened.emit()
        self.chosen_changed.emit()

    def _do(
        self, draft: Draft, text: str, key: int | None, *, choose: int | None = None, subject: object = None
    ) -> None:
        self._history.push(Step(draft, text, key, subject))
        self._show(key if draft.place(key) is not None else choose)

    def _go(self, step: Step | None) -> None:
        if step is not None:
            self._show(step.chosen if self.draft.place(step.chosen) is not None else self.chosen)

    def _show(self, chosen: int | None) -> None:
        """Tell that the draft is another, and let ``chosen`` be worked on where it is still there."""
        before = self.chosen
        self.chosen = chosen if self.draft.place(chosen) is not None else None
        self._tell()
        if self.chosen != before:
            self.chosen_changed.emit()

    def _tell(self) -> None:
        if self._check is not None:
            self.troubles = tuple(self._placed(*fault) for fault in self._check(self.draft.as_data()))
        self.changed.emit()

    def _placed(self, path: Path, words: str) -> Trouble:
        stages = self.draft.stages
        if len(path) >= 2 and path[0] == "stages" and isinstance(path[1], int) and path[1] < len(stages):
            return Trouble(stages[path[1]].key, path[2:], _counted(words))
        return Trouble(None, path, _counted(words))


def _counted(words: str) -> str:
    """``words`` with stages numbered as cards are, and not as lists in files."""
    return _STAGE.sub(lambda found: f"stage {int(found[1]) + 1}", words)


def _inserted(draft: Draft, stage: DraftStage, place: int) -> Draft:
    place = max(0, min(place, len(draft.stages)))
    return replace(draft, stages=(*draft.stages[:place], stage, *draft.stages[place:]))
