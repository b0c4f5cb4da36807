"""Pipelines of type ``query``: a search goes through them before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition
from engine.pipeline.failures import MissingPipelineError
from engine.pipeline.resolving import Pipelines
from engine.pipeline.validation import checked
from engine.search.query_stages import QUERY_KINDS
from engine.search.request import SearchRequest, SearchRequestError


@dataclass(frozen=True, slots=True)
class QueryPipeline:
    """A pipeline that rewrites searches. Takes no time worth measuring, so that its time limits never matter.

    Attributes:
        definition: of type ``query``.
        pipelines: those that composite stages may name.
    """

    definition: PipelineDefinition
    pipelines: Pipelines | None = None

    def __post_init__(self) -> None:
        """Checks it.

        Raises:
            InvalidPipelineError: with everything that is wrong.
            MissingPipelineError: it is not for searches.
        """
        checked(self.definition, pipelines=self.pipelines)
        if self.definition.type != "query":
            raise MissingPipelineError(
                f"{self.definition.name} is a {self.definition.type} pipeline; searches go through query pipelines.",
                hint="Choose a pipeline for searches.",
            )

    def rewrite(self, request: SearchRequest) -> SearchRequest:
        """The request after all stages.

        Raises:
            SearchRequestError: a stage failed, and the pipeline is not to go on without it.
            MissingPipelineError: a composite stage names a pipeline that is gone.
        """
        return self._through(self.definition.stages, request, self.definition.on_failure)

    def _through(
        self, stages: Sequence[StageDefinition], request: SearchRequest, default: FailurePolicy
    ) -> SearchRequest:
        for stage in stages:
            if stage.enabled:
                request = self._stage(stage, request, stage.on_failure or default)
        return request

    def _stage(self, stage: StageDefinition, request: SearchRequest, policy: FailurePolicy) -> SearchRequest:
        try:
            if stage.type == "composite":
                inner, default = self._inside(stage, policy)
                return self._through(inner, request, default)
            parameters = {name: value for name, value in stage.parameters.items() if value is not None}
            return QUERY_KINDS[stage.stage or ""].parameters.model_validate(parameters).rewrite(request)
        except SearchRequestError:
            # What failed once fails again: nothing here depends on the time, and there is nothing to try again.
            if "continue" in (policy.action, policy.then if policy.action == "retry" else ""):
                return request
            raise

    def _inside(self, stage: StageDefinition, policy: FailurePolicy) -> tuple[Sequence[StageDefinition], FailurePolicy]:
        if stage.pipeline is None:
            return stage.stages, policy
        found = None if self.pipelines is None else self.pipelines.find(stage.pipeline)
        if found is None:
            raise MissingPipelineError(f"{stage.name}: there is no pipeline {stage.pipeline}.")
        return found.stages, found.on_failure
