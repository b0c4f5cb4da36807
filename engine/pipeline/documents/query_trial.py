"""What a pipeline for searches would make of a search; nothing is searched."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import LanescopeError
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.resolving import Pipelines
from engine.pipeline.steps.cancellation import Cancellation
from engine.search.request import SearchRequest


@dataclass(frozen=True, slots=True)
class QueryStageTrial:
    """One stage of a trial.

    Attributes:
        name: the stage's.
        before: the search that came to it.
        after: the search after it; the same where it failed or rejected it.
        trouble: why it failed or rejected it; empty: it did neither.
    """

    name: str
    before: SearchRequest
    after: SearchRequest
    trouble: str = ""

    @property
    def changes(self) -> tuple[str, ...]:
        """What it changed, a line each."""
        return changes(self.before, self.after)


def changes(before: SearchRequest, after: SearchRequest) -> tuple[str, ...]:
    """What differs between two searches, a line each."""
    old, new = before.model_dump(), after.model_dump()
    return tuple(
        f"{field.replace('_', ' ')}: {_shown(old[field])} → {_shown(new[field])}"
        for field in old
        if old[field] != new[field]
    )


def try_query(
    definition: PipelineDefinition,
    request: SearchRequest,
    *,
    pipelines: Pipelines | None = None,
    cancellation: Cancellation | None = None,
) -> tuple[QueryStageTrial, ...]:
    """Takes a search through a pipeline, stage by stage; one that fails lets it pass, whatever its policy says.

    Args:
        definition: of type ``query``; stages that are switched off are left out.
        request: the search.
        pipelines: those that composite stages may name.
        cancellation: ends the trial from another thread.

    Raises:
        InvalidPipelineError: with everything that is wrong with the definition.
        PluginError: a plugin cannot be used.
        ExecutionCancelled: it was called off.
    """
    cancellation = cancellation or Cancellation()
    # All of it first: what is wrong is told with its place in the whole.
    QueryPipeline(definition, pipelines)
    tried: list[QueryStageTrial] = []
    for stage in (stage for stage in definition.stages if stage.enabled):
        cancellation.check()
        alone = QueryPipeline(definition.model_copy(update={"stages": (stage,)}), pipelines)
        cancellation.on_cancel(alone.cancel)
        after, trouble = request, ""
        try:
            after = alone.rewrite(request)
        except LanescopeError as error:
            trouble = str(error)
        else:
            trouble = " ".join(alone.summary().stages[0].errors)
        tried.append(QueryStageTrial(stage.name, request, after, trouble))
        request = after
    return tuple(tried)


def _shown(value: object) -> str:
    words = {True: "yes", False: "no"}
    if isinstance(value, bool):
        return words[value]
    return f"{value:,}" if isinstance(value, int) else "not set" if value in (None, "") else f"{value}"
