"""Trying the draft on the first reads of a file, beside the window."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError
from gui.models.pipelines.builder import Builder
from gui.models.pipelines.draft import Draft
from gui.models.pipelines.library import Library
from gui.models.pipelines.trial import Look, StageTrial, Trial
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.cancellation import Cancellation
    from engine.run import trial as engine
    from engine.store.pipelines import PipelineKeeper


class Trials(QObject):
    """One trial at a time.

    Attributes:
        path: what is tried on, or ``None``.
        mates: the second reads of its pairs, or ``None``.
        result: what came out of the last trial, or ``None``.
        stages: the same by the key of each stage.
        fault: why the last trial could not be made, or an empty string.
        is_going: whether one is being made.

    Signals:
        changed: any of these is another.
    """

    changed = Signal()

    def __init__(self, builder: Builder, library: Library, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.mates: Path | None = None
        self.result: Trial | None = None
        self.stages: dict[int, StageTrial] = {}
        self.fault = ""
        self.is_going = False
        self._builder = builder
        self._library = library
        self._tasks = tasks
        self._tried: Draft | None = None
        self._is_cancelled = False
        self._cancellation: Cancellation | None = None
        builder.opened.connect(self._forget)

    @property
    def is_outdated(self) -> bool:
        """Whether the draft has changed since it was tried."""
        return self._tried is not None and not self._tried.says_the_same(self._builder.draft)

    def start(self, path: Path | None = None, mates: Path | None = None) -> None:
        """Try the draft as it stands. Does nothing while a trial is going, or where there is nothing to try it on.

        Args:
            path: the reads; ``None``: those of the last time.
            mates: the second reads of pairs, if `path` has the first ones.
        """
        if self.is_going or (path is None and self.path is None):
            return
        if path is not None:
            self.path, self.mates = path, mates
        self.is_going = True
        self._is_cancelled = False
        self.fault = ""
        self.changed.emit()
        self._tasks.start(self._try(self._builder.draft))

    def cancel(self) -> None:
        """End the trial that is going; harmless where none is."""
        self._is_cancelled = True
        if self._cancellation is not None:
            self._cancellation.cancel()

    async def _try(self, draft: Draft) -> None:
        path, mates = self.path, self.mates
        try:
            if path is None:
                return
            if self._builder.troubles:
                self.fault = "Mend what is marked in the pipeline, then try it."
                return
            keeper = await self._library.keeper()
            self._cancellation = await self._tasks.aside(_cancellation)
            if self._is_cancelled:
                return  # before it had begun
            made = await self._tasks.aside(_trial, draft.as_data(), path, mates, keeper, self._cancellation)
            # Something else may have been put on the table meanwhile.
            if made is not None and any(self._builder.draft.place(stage.key) is not None for stage in draft.stages):
                self._take(made, path, draft)
        except asyncio.CancelledError:
            self.cancel()
            raise
        except LanescopeError as error:
            self.fault = f"{error} {error.hint}".strip()
        finally:
            self._cancellation = None
            self.is_going = False
            self.changed.emit()

    def _take(self, made: engine.Trial, path: Path, draft: Draft) -> None:
        stages = tuple(map(_stage, made.stages))
        self.result = Trial(path.name, stages, _look(made.before), _look(made.after))
        tried = [stage.key for stage in draft.stages if stage.is_enabled]
        self.stages = dict(zip(tried, stages, strict=True))
        self._tried = draft

    def _forget(self) -> None:
        self.result, self.stages, self._tried, self.fault = None, {}, None, ""
        self.changed.emit()


def _cancellation() -> Cancellation:
    from engine.pipeline.cancellation import Cancellation

    return Cancellation()


def _trial(
    data: dict[str, Any], path: Path, mates: Path | None, keeper: PipelineKeeper, cancellation: Cancellation
) -> engine.Trial | None:
    """What came out; ``None`` where it was cancelled."""
    from engine.pipeline.cancellation import ExecutionCancelled
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.shelf import Shelf
    from engine.run.trial import trial

    try:
        definition, known = PipelineDefinition.model_validate(data), keeper.read(Shelf)
        return trial(definition, path, mates=mates, pipelines=known, cancellation=cancellation)
    except ExecutionCancelled:
        return None


def _stage(made: engine.StageTrial) -> StageTrial:
    summary = made.summary
    return StageTrial(
        name=summary.name,
        before=_look(made.before),
        after=_look(made.after),
        drops=summary.drops,
        trimmed=summary.reads_cut,
        errors=summary.errors,
    )


def _look(made: engine.Look) -> Look:
    return Look(made.reads, made.bases, made.quality)
