"""A run of pairs as its two mates: what is made of each file is made of each mate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.run.snapshot import RunSnapshot

_SIDES = ("R1", "R2")


def mates(run: RunSnapshot) -> tuple[RunSnapshot, ...]:
    """The run as if each mate had been run alone, under its file's name; of single reads, the run itself."""
    second = run.results.mate
    if second is None:
        return (run,)
    first = run.results.model_copy(update={"mate": None, "pairs": None})
    paths = _paths(run)
    return tuple(
        replace(run, name=path.name, path=path, results=results, inputs=())
        for path, results in zip(paths, (first, second), strict=True)
    )


def _paths(run: RunSnapshot) -> tuple[Path, Path]:
    """The files of the mates, or what could be their names where they share one or have several."""
    if len(run.inputs) == len(_SIDES) and all(len(lanes) == 1 for lanes in run.inputs):
        first, second = run.inputs[0][0], run.inputs[1][0]
        if first != second:
            return first, second
    # In front of all endings: reads.fastq.gz becomes reads_R1.fastq.gz.
    name, dot, endings = run.path.name.partition(".")
    first, second = (run.path.with_name(f"{name}_{side}{dot}{endings}") for side in _SIDES)
    return first, second
