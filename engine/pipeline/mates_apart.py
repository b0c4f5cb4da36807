"""Whether a pipeline keeps mates together."""

from __future__ import annotations

from engine.pipeline.plan import NativePlan, PluginPlan, ResolvedPipeline, StagePlan

_MERGES = "merge"


def drops_single_mates(pipeline: ResolvedPipeline) -> bool:
    """Whether a stage may drop a read of a pair and keep the other one, or drop what a pair was merged into.

    Plugins that drop reads may: they see the first and the second reads apart.
    """
    stages = list(pipeline.stages())
    merges = [at for at, stage in enumerate(stages) if isinstance(stage, NativePlan) and stage.stage.name == _MERGES]
    return any(map(_is_such, stages)) or bool(merges and merges[0] < len(stages) - 1)


def _is_such(plan: StagePlan) -> bool:
    if isinstance(plan, NativePlan):
        return getattr(plan.parameters, "pairs", "") == "each"
    return isinstance(plan, PluginPlan) and "keep" in plan.plugin.manifest.changes
