"""The pipelines that are kept, fetched and changed beside the window."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from engine.home import Home
from engine.store.store import Store
from gui.models.pipelines.builder import Check
from gui.models.pipelines.palette import Palette, StageNote, native_notes, pipeline_notes
from gui.models.pipelines.shelf import ShelfModel
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.registry import ListedPipeline, PipelineRegistry
    from engine.store.pipelines import PipelineKeeper


class Library(QObject):
    """Everything that is asked of the registry. What touches the disk, or brings kernels along, is done aside.

    Attributes:
        shelf: the pipelines as a list.
    """

    def __init__(self, store: Callable[[], Awaitable[Store]], tasks: Tasks, home: Home, parent: QObject) -> None:
        super().__init__(parent)
        self.shelf = ShelfModel(self)
        self._store = store
        self._tasks = tasks
        self._home = home
        self._registry: PipelineRegistry | None = None
        self._making = asyncio.Lock()

    async def palette(self) -> Palette:
        """All stages that there are, plugins and pipelines too."""
        pipelines = pipeline_notes(entry.definition for entry in self.shelf.entries)
        return await self._tasks.aside(make_palette, self._home, pipelines)

    async def check(self) -> Check:
        """What finds the faults of a draft, with the pipelines and plugins that there are now."""
        registry = await self.registry()
        known = {listed.definition.name: listed.definition for listed in await self._tasks.aside(registry.list)}
        return await self._tasks.aside(make_check, self._home, known)

    async def claimed(self) -> frozenset[Path]:
        """Files, links followed, that runs are going to write which have not ended, in whatever process."""
        store = await self._store()
        return await self._tasks.aside(store.claimed)

    async def refresh(self) -> None:
        """Fetch the list of pipelines."""
        registry = await self.registry()
        listed: tuple[ListedPipeline, ...] = await self._tasks.aside(registry.list)
        self.shelf.set_pipelines(
            [each.definition for each in listed if not each.is_shipped],
            [each.definition for each in listed if each.is_shipped],
        )

    async def save(self, data: dict[str, Any]) -> PipelineDefinition:
        """Keep a pipeline, as a new version where there is one of its name; what was kept.

        Raises:
            LanescopeError: it cannot be kept, and why.
        """
        saved = await self._tasks.aside((await self.registry()).save, data)
        await self.refresh()
        return saved

    async def versions(self, name: str) -> tuple[PipelineDefinition, ...]:
        """All versions of a pipeline, the latest last.

        Raises:
            LanescopeError: there is no such pipeline, or it cannot be read.
        """
        registry = await self.registry()

        def fetch() -> tuple[PipelineDefinition, ...]:
            return tuple(registry.get(name, version) for version in registry.versions(name))

        return await self._tasks.aside(fetch)

    async def delete(self, name: str) -> None:
        """Remove a pipeline in all its versions.

        Raises:
            LanescopeError: it is in use, or cannot be removed.
        """
        await self._tasks.aside((await self.registry()).unregister, name)
        await self.refresh()

    async def import_file(self, path: Path) -> PipelineDefinition:
        """Keep the pipeline in a file.

        Raises:
            LanescopeError: it cannot be read or kept, with everything that is wrong.
        """
        imported = await self._tasks.aside((await self.registry()).import_file, path)
        await self.refresh()
        return imported

    async def export(self, data: dict[str, Any], path: Path) -> Path:
        """Write a pipeline to a file, which the user has agreed to replace.

        Raises:
            LanescopeError: it cannot be written.
        """
        return await self._tasks.aside(_export, data, path)

    async def keeper(self) -> PipelineKeeper:
        """Where pipelines are kept."""
        return (await self._store()).pipelines

    async def registry(self) -> PipelineRegistry:
        """The registry, made on the first call."""
        store = await self._store()
        async with self._making:
            if self._registry is None:
                self._registry = await self._tasks.aside(_registry, store, self._home)
            return self._registry


def _registry(store: Store, home: Home) -> PipelineRegistry:
    from engine.pipeline.keeping.registry import PipelineRegistry
    from gui.models.pipelines.plugins import UserPlugins

    return PipelineRegistry(store.pipelines, plugins=UserPlugins(home))


def make_palette(home: Home, pipelines: Iterable[StageNote] = ()) -> Palette:
    """All stages of the engine, all plugins, and pipelines.

    Imports Numba the first time: not for the thread of the window.
    """
    from gui.models.pipelines.plugins import UserPlugins

    return Palette([*native_notes(), *UserPlugins(home).notes(), *pipelines])


def _export(data: dict[str, Any], path: Path) -> Path:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.files import write_pipeline

    return write_pipeline(PipelineDefinition.model_validate(data), path, replace=True)


class _Known:
    """The pipelines that composite stages may name, in their latest versions."""

    def __init__(self, definitions: dict[str, PipelineDefinition]) -> None:
        self._definitions = definitions

    def names(self) -> list[str]:
        return list(self._definitions)

    def find(self, reference: str) -> PipelineDefinition | None:
        return self._definitions.get(reference.partition("@")[0])


def make_check(home: Home, known: dict[str, PipelineDefinition]) -> Check:
    """What finds the faults of a draft. Imports Numba the first time: not for the thread of the window.

    Args:
        home: where the plugins are.
        known: the pipelines that composite stages may name.
    """
    from engine.pipeline.validation import faults_of
    from gui.models.pipelines.plugins import UserPlugins

    plugins, pipelines = UserPlugins(home), _Known(known)
    faults_of({"name": "warm-up", "stages": [{"name": "cut", "stage": "cut"}]})  # brings what it needs along

    def check(data: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
        return [(fault.location, fault.message) for fault in faults_of(data, plugins=plugins, pipelines=pipelines)]

    return check
