"""Definitions of pipelines, right and wrong."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition

NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True).filter(
    lambda name: name not in {"con", "prn", "aux", "nul"} and not name.startswith(("com", "lpt"))
)
VERSIONS = st.builds("{}.{}.{}".format, *[st.integers(0, 999)] * 3) | st.sampled_from(["1.0.0-beta.2", "0.1.0-rc"])
SECONDS = st.none() | st.floats(0.001, 1000)
SHORT_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.booleans() | st.integers(-(1 << 60), 1 << 60) | st.floats(allow_nan=False, allow_infinity=False) | SHORT_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SHORT_TEXT, inner, max_size=3),
    max_leaves=6,
)
POLICIES = st.builds(
    FailurePolicy,
    action=st.sampled_from(["continue", "abort", "retry"]),
    attempts=st.integers(1, 100),
    backoff=st.floats(0, 600),
    jitter=st.floats(0, 1),
    then=st.sampled_from(["continue", "abort"]),
)


def stages(inner: st.SearchStrategy[tuple[StageDefinition, ...]]) -> st.SearchStrategy[StageDefinition]:
    """Stages whose fields are each right, whatever they mean together."""
    return st.builds(
        StageDefinition,
        name=NAMES,
        type=st.sampled_from(["native", "wasm", "python", "composite"]),
        stage=st.none() | SHORT_TEXT,
        udf_name=st.none() | SHORT_TEXT,
        pipeline=st.none() | NAMES | st.builds("{}@{}".format, NAMES, VERSIONS),
        stages=inner,
        parameters=st.dictionaries(SHORT_TEXT, JSON, max_size=3),
        enabled=st.booleans(),
        timeout=SECONDS,
        on_failure=st.none() | POLICIES,
    )


STAGES = stages(st.just(()) | st.lists(stages(st.just(())), max_size=2).map(tuple))
DEFINITIONS = st.builds(
    PipelineDefinition,
    name=NAMES,
    version=VERSIONS,
    description=SHORT_TEXT,
    type=st.sampled_from(["document", "query", "result"]),
    stages=st.lists(STAGES, max_size=3).map(tuple),
    timeout=SECONDS,
    on_failure=POLICIES,
)


def native(name: str, stage: str, **parameters: Any) -> dict[str, Any]:
    """A native stage, as a file has it."""
    return {"name": name, "stage": stage, "parameters": parameters}


def composite(name: str, pipeline: str) -> dict[str, Any]:
    """A composite stage that runs another pipeline, as a file has it."""
    return {"name": name, "type": "composite", "pipeline": pipeline}


def pipeline(name: str, *stages: dict[str, Any], **fields: Any) -> PipelineDefinition:
    """A pipeline of such stages."""
    return PipelineDefinition.model_validate({"name": name, "stages": stages, **fields})
