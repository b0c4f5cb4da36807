"""Pipelines of stages that tests make themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from engine.batch import ReadBatch
from engine.pipeline.definition import FailurePolicy, PipelineDefinition
from engine.pipeline.plan import CompositePlan, NativePlan, ResolvedPipeline, StagePlan
from engine.pipeline.policies import NEVER, Rules
from engine.stages.base import NativeStage, NoParameters
from engine.stages.catalogue import KINDS, StageKind
from tests.naive_parser import Read
from tests.strategies import batch_of as read_only_batch_of

Work = Callable[[ReadBatch], ReadBatch]


def kind_of(work: Work, *, in_place: bool = False) -> StageKind:
    """A kind of stage that does what a function does."""

    class Worked(NativeStage[NoParameters]):
        @property
        def works_in_place(self) -> bool:
            return in_place

        def _work(self, batch: ReadBatch) -> ReadBatch:
            return work(batch)

    return StageKind("worked", "Worked", "", "", "change", NoParameters, Worked)


def stage(
    work: Work | str,
    policy: FailurePolicy | None = None,
    *,
    name: str = "worked",
    timeout: float = NEVER,
    in_place: bool = False,
    spares: bool = True,
    **parameters: Any,
) -> NativePlan:
    """A stage of a function, or of the catalogue."""
    kind = KINDS[work] if isinstance(work, str) else kind_of(work, in_place=in_place)
    rules = Rules(name, name, kind.name, policy or FailurePolicy(), timeout)
    return NativePlan(rules, kind, kind.parameters.model_validate(parameters), spares)


def composite(
    stages: Sequence[StagePlan], policy: FailurePolicy | None = None, *, name: str = "inner", timeout: float = NEVER
) -> CompositePlan:
    """Stages as one; its policy holds for failures inside where it is given."""
    rules = Rules(name, name, "composite", policy or FailurePolicy(), timeout, passes_failures=policy is None)
    return CompositePlan(rules, tuple(stages))


def pipeline(*stages: StagePlan, policy: FailurePolicy | None = None, timeout: float = NEVER) -> ResolvedPipeline:
    """A pipeline of these stages."""
    rules = Rules("tried", "tried", "pipeline", policy or FailurePolicy(), timeout, passes_failures=True)
    return ResolvedPipeline(PipelineDefinition(name="tried"), CompositePlan(rules, stages))


def batch_of(count: int = 3, number: int = 0, first_record: int = 0) -> ReadBatch:
    """Reads ``r0``, ``r1``.. of 10 bases, over a buffer that stages may change."""
    reads = [Read(b"r%d" % (first_record + i), b"ACGTACGTAC", b"I" * 5 + b"#" * 5) for i in range(count)]
    batch = read_only_batch_of(reads)
    return replace(batch, buffer=batch.buffer.copy(), number=number, first_record=first_record)
