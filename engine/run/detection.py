"""Adapters that the first reads of an input show, for pipelines that ask for them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, suppress

from engine.batch import ReadBatch
from engine.errors import InputError
from engine.pipeline.detecting import detects, with_found
from engine.pipeline.plan import ResolvedPipeline
from engine.run.first_reads import first_reads
from engine.run.reading import Reading, Watch
from engine.run.snapshot import RunSnapshot
from engine.run.warmup import Wanted, warm_up_modules
from engine.source.pipe import is_pipe

READS = 50_000
"""Reads, or pairs, that are looked at, whatever the size of batches."""

NOT_IN_A_STREAM = "Adapters are detected in files that are there as a whole: here, only those named are looked for."


def with_detected(
    pipeline: ResolvedPipeline, run: RunSnapshot, *, grows: bool, skips: bool, is_wanted: Wanted
) -> tuple[ResolvedPipeline, tuple[str, ...]]:
    """A pipeline with the adapters that the first reads of a run show, where it asks for them.

    Args:
        pipeline: as it was resolved.
        run: what reads.
        grows: the input is followed. What its first reads are would depend on when they are looked at.
        skips: see `Reading`.
        is_wanted: asked from time to time.

    Returns:
        The pipeline, and what its user should know.
    """
    if not detects(pipeline):
        return pipeline, ()
    paths = [path for files in run.inputs or ((run.path,),) for path in files]
    if grows or any(map(is_pipe, paths)):
        return with_found(pipeline, ()), (NOT_IN_A_STREAM,)
    return with_shown(pipeline, Reading.of(run, skips=skips), is_wanted=is_wanted), ()


def with_shown(
    pipeline: ResolvedPipeline,
    reading: Reading,
    watch: Watch = lambda source: source,
    *,
    is_wanted: Wanted = lambda: True,
) -> ResolvedPipeline:
    """The same for any input.

    Args:
        pipeline: one that asks for adapters, or does not.
        reading: the input, not opened yet.
        watch: see `Reading.batches`.
        is_wanted: asked from time to time.
    """
    if not detects(pipeline):
        return pipeline
    from engine.stages.detection import detected

    warm_up_modules(["kernels.stages.detect"], is_wanted=is_wanted)
    with closing(_valid(reading, watch)) as batches:
        return with_found(pipeline, detected(batch for batch in batches if is_wanted()))


def _valid(reading: Reading, watch: Watch) -> Generator[ReadBatch]:
    # What is wrong with the input tells the run, after it has counted what comes before.
    with suppress(InputError, OSError):
        yield from first_reads(reading, READS, watch)
