"""Trying the draft on the first reads of a file, beside the window."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError
from gui.models.pipelines.builder import Builder
from gui.models.pipelines.draft import Draft
from gui.models.pipelines.library import Library
from gui.models.pipelines.trial import Look, SearchStageTrial, SearchTrial, StageTrial, Trial
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.steps.cancellation import Cancellation
    from engine.run import trial as engine
    from engine.store.pipelines import PipelineKeeper


class Trials(QObject):
    """One trial at a time.

    Attributes:
        path: what is tried on, or ``None``.
        motif: what is searched for in trials of pipelines for searches.
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
        self.motif = "GATTACA"
        self.mates: Path | None = None
        self.result: Trial | SearchTrial | None = None
        self.stages: dict[int, StageTrial | SearchStageTrial] = {}
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

    @property
    def is_of_searches(self) -> bool:
        """Whether the draft is for searches, and is tried on one and not on reads."""
        return self._builder.draft.data.get("type") == "query"

    def search_for(self, motif: str) -> None:
        """Try the draft, if it is for searches, on a search for this motif."""
        self.motif = motif
        self.start()

    def start(self, path: Path | None = None, mates: Path | None = None) -> None:
        """Try the draft as it stands. Does nothing while a trial is going, or where there is nothing to try it on.

        Args:
            path: the reads; ``None``: those of the last time.
            mates: the second reads of pairs, if `path` has the first ones.
        """
        if self.is_going or (path is None and self.path is None and not self.is_of_searches):
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
            if path is None and not self.is_of_searches:
                return
            if self._builder.troubles:
                self.fault = "Mend what is marked in the pipeline, then try it."
                return
            keeper = await self._library.keeper()
            self._cancellation = await self._tasks.aside(_cancellation)
            if self._is_cancelled:
                return  # before it had begun
            # Something else may be put on the table meanwhile.
            if self.is_of_searches:
                asked = await self._tasks.aside(_ask, draft.as_data(), self.motif, keeper, self._cancellation)
                if asked is not None and self._is_still_there(draft):
                    self._note(asked, asked.stages, draft)
                return
            made = await self._tasks.aside(_trial, draft.as_data(), path, mates, keeper, self._cancellation)
            if made is not None and path is not None and self._is_still_there(draft):
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
        rejected_by = "" if made.conclusion is None else made.conclusion.rejected_by
        stages = tuple(map(_stage, made.stages))
        self._note(Trial(path.name, stages, _look(made.before), _look(made.after), rejected_by), stages, draft)

    def _is_still_there(self, draft: Draft) -> bool:
        return any(self._builder.draft.place(stage.key) is not None for stage in draft.stages)

    def _note(self, result: Trial | SearchTrial, stages: Sequence[StageTrial | SearchStageTrial], draft: Draft) -> None:
        tried = [stage.key for stage in draft.stages if stage.is_enabled]
        self.result, self.stages, self._tried = result, dict(zip(tried, stages, strict=True)), draft

    def _forget(self) -> None:
        self.result, self.stages, self._tried, self.fault = None, {}, None, ""
        self.changed.emit()


def _cancellation() -> Cancellation:
    from engine.pipeline.steps.cancellation import Cancellation

    return Cancellation()


def _trial(
    data: dict[str, Any], path: Path | None, mates: Path | None, keeper: PipelineKeeper, cancellation: Cancellation
) -> engine.Trial | None:
    """What came out; ``None`` where it was cancelled."""
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.shelf import Shelf
    from engine.pipeline.steps.cancellation import ExecutionCancelled
    from engine.run.trial import trial

    if path is None:
        return None
    try:
        definition, known = PipelineDefinition.model_validate(data), keeper.read(Shelf)
        return trial(definition, path, mates=mates, pipelines=known, cancellation=cancellation)
    except ExecutionCancelled:
        return None


def _ask(data: dict[str, Any], motif: str, keeper: PipelineKeeper, cancellation: Cancellation) -> SearchTrial | None:
    """What became of a search; ``None`` where it was cancelled."""
    from pydantic import ValidationError

    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.documents.query_trial import changes, try_query
    from engine.pipeline.keeping.shelf import Shelf
    from engine.pipeline.steps.cancellation import ExecutionCancelled
    from engine.search.request import SearchRequest, SearchRequestError

    try:
        request = SearchRequest(motif=motif.strip())
    except ValidationError as error:
        raise SearchRequestError(error.errors()[0]["msg"].removeprefix("Value error, ") + ".") from error
    try:
        definition, known = PipelineDefinition.model_validate(data), keeper.read(Shelf)
        tried = try_query(definition, request, pipelines=known, cancellation=cancellation)
    except ExecutionCancelled:
        return None
    stages = tuple(SearchStageTrial(each.name, each.changes, each.trouble) for each in tried)
    return SearchTrial(stages, changes(request, tried[-1].after) if tried else ())


def _stage(made: engine.StageTrial) -> StageTrial:
    summary = made.summary
    judged = summary.counters.get("documents", {})
    verdict = "Rejects the numbers" if "rejected" in judged else "Lets the numbers pass" if judged else ""
    return StageTrial(
        name=summary.name,
        before=_look(made.before),
        after=_look(made.after),
        drops=summary.drops,
        trimmed=summary.reads_cut,
        errors=summary.errors,
        verdict=verdict,
    )


def _look(made: engine.Look) -> Look:
    return Look(made.reads, made.bases, made.quality)
