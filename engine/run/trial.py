"""What a pipeline would do to the first reads of a file; nothing is written or kept."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.batch import ReadBatch
from engine.collectors.results import QcResults
from engine.collectors.tally import Tally, tallies
from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.documents.conclusion import Conclusion
from engine.pipeline.documents.stages import DocumentRun
from engine.pipeline.plan import ResolvedPipeline, resolve
from engine.pipeline.policies import NEVER, Step
from engine.pipeline.resolving import Pipelines
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.pipeline.steps.failures import DocumentStageFailed, StageFailed
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.detection import with_shown
from engine.run.first_reads import first_reads
from engine.run.processor_part import count_kept
from engine.run.reading import Reading
from engine.run.snapshot import StageSummary
from engine.run.stage_kernels import kernel_modules
from engine.run.warmup import WarmUpUnwanted, warm_up_modules
from engine.search.numbers import numbers_of_search
from engine.search.request import SearchRequest
from engine.search.search import SearchSummary

READS = 10_000
"""Reads, or pairs, that are tried where nobody says how many."""


@dataclass(frozen=True, slots=True)
class Look:
    """Reads at one place of the pipeline, both mates of pairs counted.

    Attributes:
        reads: how many there are.
        bases: how many bases they have.
        quality: mean Phred quality of all bases; ``None`` where there are none.
        results: the QC modules over them.
    """

    reads: int
    bases: int
    quality: float | None
    results: QcResults


@dataclass(frozen=True, slots=True)
class StageTrial:
    """One stage of a trial.

    Attributes:
        summary: what it did, its name, drops and errors among it.
        before: the reads that came to it.
        after: those that it left.
    """

    summary: StageSummary
    before: Look
    after: Look


@dataclass(frozen=True, slots=True)
class Trial:
    """A whole trial.

    Attributes:
        stages: those that are not switched off, in order.
        before: the reads as they came.
        after: those that are left.
        conclusion: what the stages over documents of a pipeline for results said of the numbers; ``None`` without any.
    """

    stages: tuple[StageTrial, ...]
    before: Look
    after: Look
    conclusion: Conclusion | None = None


def trial(
    definition: PipelineDefinition,
    path: Path,
    reads: int = READS,
    *,
    mates: Path | None = None,
    pipelines: Pipelines | None = None,
    cancellation: Cancellation | None = None,
) -> Trial:
    """Takes the first reads of a file through a pipeline, in the calling thread.

    A stage that fails tells so in its summary, and lets the reads pass, whatever its policy says.

    Args:
        definition: what to try, for reads or for results, which get them as if they were hits; stages that are
            switched off are left out.
        path: a file, not a pipe.
        reads: how many reads, or pairs, at most.
        mates: the file of the second reads of pairs, `path` itself where they take turns in it.
        pipelines: those that composite stages may name.
        cancellation: ends the trial from another thread.

    Raises:
        InvalidPipelineError: with everything that is wrong with the definition.
        PluginError: a plugin cannot be used.
        InputError: the file cannot be read.
        ExecutionCancelled: it was called off.
    """
    purpose: PipelineType = "result" if definition.type == "result" else "document"
    pipeline = resolve(definition, pipelines=pipelines, purpose=purpose)
    cancellation = cancellation or Cancellation()
    lanes = ((path,) if mates is None else (path, mates),)
    _make_ready(pipeline, cancellation)
    pipeline = with_shown(pipeline, Reading(lanes), is_wanted=lambda: not cancellation.is_cancelled)
    shared: dict[int, object] = {}
    pipeline.root.share(shared)
    steps = [stage.build(shared, cancellation) for stage in pipeline.root.stages]
    looks = tallies(1, is_paired=mates is not None) + [
        look for _ in steps for look in tallies(1, is_paired=mates is not None)
    ]
    try:
        with closing(first_reads(Reading(lanes), reads)) as batches:
            for batch in batches:
                cancellation.check()
                _try(batch, steps, looks)
    finally:
        for step in steps:
            step.close()
    seen = [_look(tally) for tally in looks]
    conclusion, statistics = _concluded(pipeline, seen[0], seen[-1], cancellation)
    for done, step in zip(statistics, steps, strict=True):
        done.merge(step.statistics)
    stages = tuple(
        StageTrial(done.summary(), before, after)
        for done, before, after in zip(statistics, seen, seen[1:], strict=False)
    )
    return Trial(stages, seen[0], seen[-1], conclusion)


def _concluded(
    pipeline: ResolvedPipeline, before: Look, after: Look, cancellation: Cancellation
) -> tuple[Conclusion | None, tuple[StepStatistics, ...]]:
    """What the stages over documents made of the numbers, and what all stages counted then."""
    documents = DocumentRun(pipeline)
    cancellation.on_cancel(documents.cancel)
    numbers = SearchSummary(
        SearchRequest(), before.reads, after.reads, after.bases, is_limited=False, is_cancelled=False, written=()
    )
    conclusion = None
    with suppress(DocumentStageFailed):  # its statistics have it
        conclusion = documents.process(numbers_of_search(numbers)) if documents.takes_documents else None
    return conclusion, documents.statistics().steps


def _make_ready(pipeline: ResolvedPipeline, cancellation: Cancellation) -> None:
    try:
        warm_up_modules(kernel_modules(pipeline), is_wanted=lambda: not cancellation.is_cancelled)
    except WarmUpUnwanted:
        raise ExecutionCancelled from None


def _try(batch: ReadBatch, steps: list[Step], looks: list[Tally]) -> None:
    count_kept(batch, looks[0])
    for step, look in zip(steps, looks[1:], strict=True):
        with suppress(StageFailed):  # its statistics have it
            batch = step.process(batch, NEVER)
        count_kept(batch, look)


def _look(tally: Tally) -> Look:
    results = tally.results()
    sides = [results.basic] + ([results.mate.basic] if results.mate is not None else [])
    bases = sum(side.bases for side in sides)
    quality = sum(side.mean_quality * side.bases for side in sides if side.bases) / bases if bases else None
    return Look(sum(side.reads for side in sides), bases, quality, results)
