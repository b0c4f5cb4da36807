from __future__ import annotations

from hypothesis import given, settings

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.keeping.difference import Difference, differences
from tests.engine.pipeline.definitions import DEFINITIONS, native, pipeline


def test_what_differs_is_told_stage_by_stage() -> None:
    before = pipeline(
        "p",
        native("quality", "quality", three_prime=20),
        native("adapters", "adapters", adapters=["ACGT"]),
        native("n", "max_n"),
        native("length", "length", minimum=20),
        timeout=5,
    )
    after = pipeline(
        "p",
        native("adapters", "adapters", adapters=["ACGT", "GGGG"]),
        native("length", "length", minimum=20, maximum=100) | {"enabled": False},
        native("quality", "quality", three_prime=20) | {"on_failure": {"action": "continue"}},
        native("gc", "gc"),
        version="2.0.0",
        description="new",
    )
    found = differences(before, after)
    policy = {"action": "continue", "attempts": 3, "backoff": 0.1, "jitter": 0.1, "then": "abort"}
    assert found == (
        Difference("changed", (), "description", "", "new"),
        Difference("changed", (), "timeout", 5, None),
        Difference("removed", ("n",), "", 3, None),
        Difference("changed", ("adapters",), "parameters.adapters", ["ACGT"], ["ACGT", "GGGG"]),
        Difference("changed", ("length",), "parameters.maximum", None, 100),
        Difference("changed", ("length",), "enabled", True, False),
        Difference("moved", ("quality",), "", 1, 3),
        Difference("changed", ("quality",), "on_failure", None, policy),
        Difference("added", ("gc",), "", None, 4),
    )
    assert [str(each) for each in found][1:7] == [
        "timeout: 5.0 → not set",
        "n: removed from number 3",
        'adapters / parameters.adapters: ["ACGT"] → ["ACGT", "GGGG"]',
        "length / parameters.maximum: not set → 100",
        "length / enabled: true → false",
        "quality: moved from number 1 to 3",
    ]


def test_stages_inside_of_composites() -> None:
    def outer(least: int) -> PipelineDefinition:
        inner = [native("length", "length", minimum=least)]
        return pipeline("p", {"name": "both", "type": "composite", "stages": inner})

    assert differences(outer(20), outer(30)) == (
        Difference("changed", ("both", "length"), "parameters.minimum", 20, 30),
    )


@settings(max_examples=40)
@given(before=DEFINITIONS, after=DEFINITIONS)
def test_nothing_differs_only_where_nothing_does(before: PipelineDefinition, after: PipelineDefinition) -> None:
    assert differences(before, before) == ()
    same = after.model_copy(update={"name": before.name, "version": before.version})
    assert bool(differences(before, after)) == (same != before) or _has_twins(before) or _has_twins(after)


def _has_twins(definition: PipelineDefinition) -> bool:
    """Whether stages share a name, which validation refuses."""
    rows = [definition.stages, *[stage.stages for stage in definition.stages]]
    return any(len({stage.name for stage in row}) < len(row) for row in rows)
