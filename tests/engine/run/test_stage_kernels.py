"""Kernels of a pipeline are known before its first batch, and made ready."""

from __future__ import annotations

import pytest

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.plan import resolve
from engine.run.stage_kernels import kernel_modules
from engine.run.warmup import WarmUpUnwanted, warm_up_modules
from kernels import jit


def modules_of(*stages: str) -> frozenset[str]:
    inner = [{"name": name, "stage": name} for name in stages]
    outer = [{"name": "outer", "type": "composite", "stages": inner}]
    return kernel_modules(resolve(PipelineDefinition.model_validate({"name": "tried", "stages": outer})))


def test_only_those_of_its_stages() -> None:
    assert "kernels.trim_mask" in modules_of("mask")
    assert "kernels.align" not in modules_of("mask")
    assert {"kernels.hashes", "kernels.trim_mask"} <= modules_of("deduplicate", "mask")


def test_they_are_made_ready_unless_nobody_wants_them() -> None:
    if not jit.COMPILES:  # there is nothing to make ready
        return
    with pytest.raises(WarmUpUnwanted):
        warm_up_modules({"kernels.trim_mask"}, is_wanted=lambda: False)
    warm_up_modules({"kernels.trim_mask"})
    from kernels.trim_mask import mask_low_qualities

    assert mask_low_qualities.signatures  # type: ignore[attr-defined] # a dispatcher of Numba's
