"""Which stages of a pipeline cut reads as they were parsed, by bounds that can be found before it begins."""

from __future__ import annotations

from engine.pipeline.plan import NativePlan, ResolvedPipeline
from engine.stages.base import Filter, TrimParameters
from engine.stages.bounds import BoundsTrimmer, EarlyTrim

_SIDES = {"both": (0, 1), "first": (0,), "second": (1,)}


def early_trims(pipeline: ResolvedPipeline) -> tuple[EarlyTrim | None, EarlyTrim | None]:
    """Of the reads and of the mates: what cuts them first, after nothing but filters and what cuts the other side.

    ``None``: nothing does by such bounds, or something may have changed the reads before.
    """
    found: list[EarlyTrim | None] = [None, None]
    for plan in pipeline.stages():
        if not isinstance(plan, NativePlan):
            break
        kind, parameters = plan.stage.stage, plan.parameters
        if issubclass(kind, BoundsTrimmer) and isinstance(parameters, TrimParameters):
            for side in _SIDES[parameters.mates]:
                found[side] = found[side] or EarlyTrim(parameters, kind.search(parameters))
        elif not issubclass(kind, Filter):
            break
    return found[0], found[1]
