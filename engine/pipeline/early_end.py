"""Behind which read of the input no stage lets another one pass."""

from __future__ import annotations

from engine.pipeline.plan import NativePlan, ResolvedPipeline
from engine.stages.sampling import FirstReadsParameters


def most_reads(pipeline: ResolvedPipeline) -> int | None:
    """How many reads, or pairs, of the input matter, counted from its beginning; ``None``: all may.

    A stage that may be passed by where something fails, see `FailurePolicy`, does not count.
    """
    counts = [
        stage.parameters.count
        for stage in pipeline.stages()
        if isinstance(stage, NativePlan) and isinstance(stage.parameters, FirstReadsParameters) and not stage.spares
    ]
    return min(counts, default=None)
