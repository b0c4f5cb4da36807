"""A run with a pipeline as two: what is reported of reads as they came, and of those that were kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.report.mates import sample_path
from engine.report.names import stem
from engine.run.snapshot import RunSnapshot


def before_and_after(run: RunSnapshot) -> tuple[RunSnapshot, ...]:
    """The run, and after it, where there was a pipeline, the same run as if it had read what the pipeline kept."""
    if run.results_after is None:
        return (run,)
    after = replace(
        run,
        name=f"{run.name}, after {run.pipeline.name if run.pipeline else 'the pipeline'}",
        path=_after(sample_path(run)),
        inputs=tuple(tuple(map(_after, files)) for files in run.inputs),
        results=run.results_after,
        results_after=None,
        # How near a sample is was measured on the reads as they came.
        sampling=None if run.sampling is None else replace(run.sampling, margins=None),
    )
    return run, after


def kept_by(run: RunSnapshot) -> str:
    """The name of the pipeline that kept the reads that this is about; empty where they are as they came."""
    return run.pipeline.name if run.pipeline is not None and run.results_after is None else ""


def _after(path: Path) -> Path:
    """``reads_after.fastq.gz`` for ``reads.fastq.gz``."""
    beginning = stem(path.name)
    return path.with_name(f"{beginning}_after{path.name[len(beginning) :]}")
