"""A run of pairs as its two mates: what is made of each file is made of each mate."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from engine.collectors.results import QcResults
from engine.report.names import stem
from engine.run.snapshot import RunSnapshot

_SIDES = ("R1", "R2")
_SEPARATORS = re.compile(r"[/\\]")


def mates(run: RunSnapshot) -> tuple[RunSnapshot, ...]:
    """The run as if each mate had been run alone, under its file's name; of single reads, the run itself."""
    second = run.results.mate
    if second is None:
        return (run,)
    first = run.results.model_copy(update={"mate": None, "pairs": None})
    found = zip(_paths(run), (first, second), _after(run), run.inputs or ((), ()), strict=True)
    return tuple(
        replace(
            run,
            name=path.name,
            path=path,
            results=results,
            results_after=after,
            inputs=(lanes,) if len(lanes) > 1 else (),
        )
        for path, results, after, lanes in found
    )


def _after(run: RunSnapshot) -> tuple[QcResults | None, QcResults | None]:
    """What a pipeline kept of each mate; of second ones that it joined to the first, nothing."""
    after = run.results_after
    if after is None:
        return None, None
    return after.model_copy(update={"mate": None, "pairs": None}), after.mate or QcResults()


def _paths(run: RunSnapshot) -> tuple[Path, Path]:
    """The files of the mates, or what could be their names where they share one or have several."""
    if len(run.inputs) == len(_SIDES) and all(len(lanes) == 1 for lanes in run.inputs):
        first, second = run.inputs[0][0], run.inputs[1][0]
        if first != second:
            return first, second
    path = sample_path(run)
    # In front of all endings: reads.fastq.gz becomes reads_R1.fastq.gz.
    name, endings = stem(path.name), path.name[len(stem(path.name)) :]
    first, second = (path.with_name(f"{name}_{side}{endings}") for side in _SIDES)
    return first, second


def files_told(run: RunSnapshot) -> str:
    """The files that a run, or one of its mates, was read from, for people."""
    lanes = run.inputs[0] if len(run.inputs) == 1 else ()
    return "; ".join(map(str, lanes)) or str(run.path)


def sample_path(run: RunSnapshot) -> Path:
    """What the files about a run are named after: its file or, of several lanes, its sample."""
    if not run.inputs or len(run.inputs[0]) == 1 or run.path != run.inputs[0][0]:
        return run.path  # which the reads after a pipeline, and mates, have of their own
    sample = _SEPARATORS.sub("_", run.name)
    return run.path.with_name(f"{sample}{run.path.name[len(stem(run.path.name)) :]}")
