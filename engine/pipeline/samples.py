"""Which samples a pipeline tells apart."""

from __future__ import annotations

from engine.pipeline.plan import CompositePlan, NativePlan, ResolvedPipeline, StagePlan
from engine.stages.barcodes import DemultiplexParameters


def samples_of(pipeline: ResolvedPipeline) -> tuple[str, ...]:
    """The samples that `ReadBatch.samples` counts after the pipeline; empty: it tells none apart."""
    return _samples(pipeline.root)


def _samples(plan: StagePlan) -> tuple[str, ...]:
    if isinstance(plan, NativePlan) and isinstance(plan.parameters, DemultiplexParameters):
        return plan.parameters.names()
    # Where two stages tell samples apart, the last one says.
    inner = [_samples(stage) for stage in plan.stages] if isinstance(plan, CompositePlan) else []
    return next((names for names in reversed(inner) if names), ())
