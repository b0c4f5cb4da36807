from __future__ import annotations

from engine.pipeline.definition import PipelineDefinition
from gui.models.pipelines.difference import Change, differences


def _pipeline(*stages: dict[str, object], **more: object) -> PipelineDefinition:
    return PipelineDefinition.model_validate({"name": "mine", "stages": list(stages), **more})


def test_what_changed_between_versions() -> None:
    cut: dict[str, object] = {"name": "cut", "stage": "cut", "parameters": {"five_prime": 3}}
    length: dict[str, object] = {"name": "length", "stage": "length"}
    before = _pipeline(cut, length, {"name": "n", "stage": "max_n"})
    after = _pipeline(
        length,
        {**cut, "parameters": {"three_prime": 2}, "on_failure": {"action": "continue"}},
        {"name": "gc", "stage": "gc"},
        version="1.1.0",
        description="Better",
    )

    assert differences(before, after) == (
        Change("~", "", "description: default → Better"),
        Change("-", "n", "taken out"),
        Change("~", "length", "stands at 1, was 2"),
        Change("~", "cut", "five_prime: 3 → default"),
        Change("~", "cut", "three_prime: default → 2"),
        Change("~", "cut", "on_failure.action: default → continue"),
        Change("~", "cut", "stands at 2, was 1"),
        Change("+", "gc", "added: gc"),
    )
    assert differences(before, before) == ()
