"""Which kernels the stages of a pipeline call."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from engine.pipeline.plan import CompositePlan, NativePlan, ResolvedPipeline, StagePlan

_PLUGIN_MODULES = frozenset({"kernels.wasm.flags", "kernels.wasm.spans"})
"""What carries reads into plugins and back; imported where it is called."""


def kernel_modules(pipeline: ResolvedPipeline) -> frozenset[str]:
    """The modules of kernels that a pipeline needs, by what the modules of its stages import."""
    found: set[str] = set()
    waiting = list(_stage_modules(pipeline.root))
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imported(module)
    return frozenset(module for module in found if module.startswith("kernels."))


def _stage_modules(plan: StagePlan) -> Iterator[str]:
    if isinstance(plan, CompositePlan):
        for stage in plan.stages:
            yield from _stage_modules(stage)
    elif isinstance(plan, NativePlan):
        yield plan.stage.stage.__module__
    else:
        yield from _PLUGIN_MODULES


def _imported(module: str) -> set[str]:
    values = vars(sys.modules[module]).values() if module in sys.modules else ()
    homes = {str(getattr(value, "__module__", "")) for value in values}
    return {home for home in homes if home.startswith(("kernels.", "engine.stages."))}
