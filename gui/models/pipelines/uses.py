"""Which datasets use which pipelines: set, seen, taken away and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError
from gui.models.run_page import short_path
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineType
    from engine.pipeline.keeping.associations import Association, Associations, DatasetKind
    from engine.store.pipelines import PipelineKeeper

KINDS: Mapping[DatasetKind, str] = {"folder": "Folder", "watched": "Watched folder", "sample": "Sample"}
"""Kinds of datasets, in words."""

TYPES: Mapping[PipelineType, str] = {"document": "Its reads", "query": "Searches in it", "result": "What they find"}
"""What goes through a pipeline of each type."""

_MOST_STEPS = 50


class FolderMissingError(LanescopeError):
    """A folder that shall use a pipeline is not there."""

    title = "There is no such folder"
    hint = "Choose a folder that is there, or make it first."


@dataclass(frozen=True, slots=True)
class Use:
    """A dataset with all that it uses.

    Attributes:
        kind: what it is.
        place: a folder's path, or a sample's name.
        pipelines: the reference of its pipeline of each type that it has one of.
        is_there: whether a folder is there; ``True`` for a sample.
    """

    kind: DatasetKind
    place: str
    pipelines: Mapping[PipelineType, str] = field(default_factory=dict)
    is_there: bool = True

    @property
    def key(self) -> tuple[DatasetKind, str]:
        """What tells it apart."""
        return self.kind, self.place

    @property
    def title(self) -> str:
        """What to call it in one word or some."""
        return self.place if self.kind == "sample" else Path(self.place).name or self.place

    @property
    def note(self) -> str:
        """What it is, and where; that it is gone, where it is."""
        if self.kind == "sample":
            return KINDS[self.kind]
        return f"{KINDS[self.kind]} {short_path(Path(self.place))}{'' if self.is_there else ' · is not there'}"

    @property
    def words(self) -> str:
        """What it uses, in one line."""
        return ", ".join(self.pipelines[kind] for kind in TYPES if kind in self.pipelines) or "no pipeline"

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return f"{self.title}, {self.note}, uses {self.words}"


@dataclass(frozen=True, slots=True)
class _Step:
    """One change: the references of a dataset's pipelines as they were, by type; ``None``: it had none."""

    text: str
    key: tuple[DatasetKind, str]
    before: Mapping[PipelineType, str | None]


class Uses(QObject):
    """The datasets that use pipelines, as they were fetched last.

    Attributes:
        entries: by kind and place.

    Signals:
        changed: the entries, or what can be taken back, are others.
    """

    changed = Signal()

    def __init__(
        self, keeper: Callable[[], Awaitable[PipelineKeeper]], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.entries: tuple[Use, ...] = ()
        self._keeper = keeper
        self._tasks = tasks
        self._steps: list[_Step] = []

    @property
    def undo_text(self) -> str:
        """What was done last and can be taken back, or an empty string."""
        return self._steps[-1].text if self._steps else ""

    def entry(self, key: tuple[DatasetKind, str]) -> Use | None:
        """What a dataset uses; ``None``: nothing."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def users(self, name: str) -> tuple[Use, ...]:
        """The datasets that use a pipeline, in whatever version."""
        return tuple(
            entry
            for entry in self.entries
            if any(reference.partition("@")[0] == name for reference in entry.pipelines.values())
        )

    async def refresh(self) -> None:
        """Fetch them."""
        self._take(await self._tasks.aside(_fetch, await self._keeper()))

    async def set(self, kind: DatasetKind, place: str, reference: str) -> Use:
        """Let a dataset use a pipeline, in place of another one of its type.

        Returns:
            The dataset as it is then, a folder by its whole path.

        Raises:
            FolderMissingError: it is a folder that is not there.
            LanescopeError: there is no such pipeline, or it cannot be kept.
        """
        keeper = await self._keeper()
        key, pipeline_type, before = await self._tasks.aside(_set, keeper, kind, place, reference)
        await self.refresh()
        entry = self.entry(key) or Use(*key)
        if before != reference:
            self._remember(_Step(f"{entry.title} uses {reference}", key, {pipeline_type: before}))
        return entry

    async def remove(self, key: tuple[DatasetKind, str], types: Iterable[PipelineType] = tuple(TYPES)) -> None:
        """Let a dataset use no pipeline of some types any more.

        Raises:
            LanescopeError: that cannot be kept.
        """
        entry = self.entry(key)
        held = {} if entry is None else {each: entry.pipelines[each] for each in types if each in entry.pipelines}
        if entry is None or not held:
            return
        await self._tasks.aside(_restore, await self._keeper(), key, dict.fromkeys(held))
        await self.refresh()
        self._remember(_Step(f"{entry.title} no longer uses {', '.join(held.values())}", key, dict(held)))

    async def undo(self) -> None:
        """Take the last change back.

        Raises:
            LanescopeError: the pipeline is gone, or it cannot be kept.
        """
        if not self._steps:
            return
        step = self._steps.pop()
        await self._tasks.aside(_restore, await self._keeper(), step.key, step.before)
        await self.refresh()

    def _remember(self, step: _Step) -> None:
        self._steps = [*self._steps, step][-_MOST_STEPS:]
        self.changed.emit()

    def _take(self, entries: tuple[Use, ...]) -> None:
        self.entries = entries
        self.changed.emit()


def _associations(keeper: PipelineKeeper) -> Associations:
    from engine.pipeline.keeping.associations import Associations

    return Associations(keeper)


def _fetch(keeper: PipelineKeeper) -> tuple[Use, ...]:
    found: dict[tuple[DatasetKind, str], dict[PipelineType, str]] = {}
    for each in _associations(keeper).list():
        found.setdefault((each.dataset.kind, each.dataset.place), {})[each.type] = each.reference
    return tuple(
        Use(kind, place, pipelines, is_there=kind == "sample" or Path(place).is_dir())
        for (kind, place), pipelines in found.items()
    )


def _set(
    keeper: PipelineKeeper, kind: DatasetKind, place: str, reference: str
) -> tuple[tuple[DatasetKind, str], PipelineType, str | None]:
    """Sets it; gives the dataset's key, the pipeline's type, and what it used before."""
    from engine.pipeline.keeping.associations import Dataset

    if kind == "sample":
        dataset = Dataset(kind, place.strip())
    else:
        if not Path(place).expanduser().is_dir():
            raise FolderMissingError(f"{place} is not there, or is no folder.")
        dataset = Dataset.of_folder(Path(place), kind)
    associations = _associations(keeper)
    before = {each.type: each.reference for each in associations.list() if each.dataset == dataset}
    made: Association = associations.associate(dataset, reference)
    return (dataset.kind, dataset.place), made.type, before.get(made.type)


def _restore(keeper: PipelineKeeper, key: tuple[DatasetKind, str], wanted: Mapping[PipelineType, str | None]) -> None:
    from engine.pipeline.keeping.associations import Dataset

    associations, dataset = _associations(keeper), Dataset(*key)
    for pipeline_type, reference in wanted.items():
        if reference is None:
            associations.dissociate(dataset, pipeline_type)
        else:
            associations.associate(dataset, reference)
