"""Whether a pipeline keeps mates together."""

from __future__ import annotations

from engine.pipeline.plan import CompositePlan, NativePlan, ResolvedPipeline, StagePlan


def drops_single_mates(pipeline: ResolvedPipeline) -> bool:
    """Whether one of Lanescope's own stages may drop a read of a pair and keep the other one; of plugins, who knows."""
    return _is_such(pipeline.root)


def _is_such(plan: StagePlan) -> bool:
    if isinstance(plan, NativePlan):
        return getattr(plan.parameters, "pairs", "") == "each"
    return isinstance(plan, CompositePlan) and any(map(_is_such, plan.stages))
