"""The pipelines of the runs of a queue: looked up when they begin, and counted at their end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.pipeline.keeping.lasting import LastingTallies
from engine.run.run import Run
from engine.run.state import RunState
from engine.run.warmup import warm_up_modules
from engine.run.work import Work
from engine.store.store import Store

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.plan import ResolvedPipeline

_log = logging.getLogger(__name__)


class RunPipelines:
    """Looks pipelines up, and keeps what they have done.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def resolved(self, definition: PipelineDefinition) -> ResolvedPipeline:
        """The pipeline, with the pipelines and plugins that it names.

        Raises:
            LanescopeError: one of them cannot be used.
        """
        # Imported where it is needed: the kernels of stages are made ready for those who have a pipeline.
        from engine.pipeline.keeping.shelf import Shelf
        from engine.pipeline.plan import resolve

        return resolve(definition, pipelines=self._store.pipelines.read(Shelf))

    def of(self, work: Work, is_wanted: Callable[[], bool]) -> Callable[[], ResolvedPipeline] | None:
        """What gives the pipeline of a run when it begins, with its kernels ready; ``None``: it has none.

        Args:
            work: of the run.
            is_wanted: whether the kernels still are.
        """
        definition = work.pipeline
        if definition is None:
            return None

        def resolved() -> ResolvedPipeline:
            from engine.run.stage_kernels import kernel_modules

            pipeline = work.resolved or self.resolved(definition)
            warm_up_modules(kernel_modules(pipeline), is_wanted=is_wanted)
            return pipeline

        return resolved

    def count(self, run: Run) -> None:
        """Adds what the pipeline of a run that has ended has done to what it has done in all others."""
        pipeline, steps = run.snapshot.pipeline, run.steps
        if pipeline is None or steps is None:
            return
        is_failed = run.snapshot.state is RunState.FAILED
        try:
            LastingTallies(self._store.pipelines).add(pipeline.name, pipeline.version, steps, is_failed=is_failed)
        except Exception:  # no count is worth the runs that wait
            _log.exception("what pipeline %s has done could not be kept", pipeline.name)
