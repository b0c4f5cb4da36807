"""Pipelines of type ``query``: a search goes through them before it begins."""

from __future__ import annotations

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.documents.stages import DocumentRun
from engine.pipeline.plan import resolve
from engine.pipeline.resolving import Pipelines
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import PipelineSummary
from engine.search.request import SearchRequest, SearchRequestError


class QueryPipeline:
    """A pipeline that rewrites searches, by stages of Lanescope's and by plugins over documents.

    Args:
        definition: of type ``query``.
        pipelines: those that composite stages may name.

    Raises:
        InvalidPipelineError: with everything that is wrong.
        MissingPipelineError: it is not for searches, or a composite stage names a pipeline that is not there.
        PluginError: a plugin cannot be used.
    """

    def __init__(self, definition: PipelineDefinition, pipelines: Pipelines | None = None) -> None:
        self.definition = definition
        self._run = DocumentRun(resolve(definition, pipelines=pipelines, purpose="query"))

    def rewrite(self, request: SearchRequest) -> SearchRequest:
        """The request after all stages.

        Raises:
            SearchRequestError: what a stage made of it makes no sense, or a stage rejects it.
            DocumentStageFailed: a stage failed, and the pipeline is not to go on without it.
            ExecutionCancelled: it was called off.
        """
        concluded = self._run.process(request.model_dump(mode="json"))
        if concluded.rejected_by:
            raise SearchRequestError(
                f"The stage {concluded.rejected_by} of the query pipeline {self.definition.name} rejects this search."
            )
        return SearchRequest.model_validate(concluded.document)

    def cancel(self) -> None:
        """Ends its work, for good."""
        self._run.cancel()

    def statistics(self) -> StepStatistics:
        """A copy of what has been done so far."""
        return self._run.statistics()

    def summary(self) -> PipelineSummary:
        """The same, for people."""
        return self._run.summary()
