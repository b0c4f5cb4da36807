"""Pipelines that look for the adapters which the reads themselves show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.errors import LanescopeError
from engine.pipeline.plan import CompositePlan, NativePlan, ResolvedPipeline, StagePlan
from engine.stages.adapter_models import Adapter
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.detection import with_adapters


class NothingToDetectInError(LanescopeError):
    """A stage asks for the adapters that the first reads show, and there is no file to look at beforehand."""

    title = "Adapters cannot be detected here"
    hint = "Name the adapters in the stage, and switch its detection off."

    def __init__(self) -> None:
        super().__init__("The pipeline asks for the adapters that the first reads of a file show.")


def told_all(pipeline: ResolvedPipeline) -> ResolvedPipeline:
    """A pipeline as it is, for where nothing can be detected.

    Raises:
        NothingToDetectInError: a stage asks for it.
    """
    if detects(pipeline):
        raise NothingToDetectInError
    return pipeline


def detects(pipeline: ResolvedPipeline) -> bool:
    """Whether a stage asks for the adapters that the first reads show."""
    return _detects(pipeline.root)


def with_found(pipeline: ResolvedPipeline, found: Sequence[Adapter]) -> ResolvedPipeline:
    """The pipeline with adapters that reads show, in all stages that ask for them."""
    return replace(pipeline, root=_root(pipeline.root, found))


def _detects(plan: StagePlan) -> bool:
    if isinstance(plan, CompositePlan):
        return any(map(_detects, plan.stages))
    return isinstance(plan, NativePlan) and isinstance(plan.parameters, AdapterParameters) and plan.parameters.detect


def _root(plan: CompositePlan, found: Sequence[Adapter]) -> CompositePlan:
    return replace(plan, stages=tuple(_told(stage, found) for stage in plan.stages))


def _told(plan: StagePlan, found: Sequence[Adapter]) -> StagePlan:
    if isinstance(plan, CompositePlan):
        return _root(plan, found)
    if isinstance(plan, NativePlan) and isinstance(plan.parameters, AdapterParameters) and plan.parameters.detect:
        return replace(plan, parameters=with_adapters(plan.parameters, found))
    return plan
