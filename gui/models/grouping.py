"""Which files are read together: each by itself, pairs and lanes of a sample, or files in which mates take turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import InputError
from engine.run.snapshot import RunSnapshot
from engine.source.naming import Dataset, find_datasets
from gui.models.format import plural

_MOST_NAMED = 6


class Grouping(StrEnum):
    """How files become runs; the values are those of ``--pairs`` on the command line."""

    EACH = "never"
    PAIRS = "auto"
    INTERLEAVED = "interleaved"


TITLES = {
    Grouping.EACH: "Each file by itself",
    Grouping.PAIRS: "Pairs and lanes together",
    Grouping.INTERLEAVED: "Interleaved pairs",
}
NOTES = {
    Grouping.EACH: "Every file is a run of its own.",
    Grouping.PAIRS: "R1 and R2, lanes and chunks of a sample are one run, told by the names of the files.",
    Grouping.INTERLEAVED: "Mates take turns in every file: first R1, then R2 of the same molecule.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, each a run of its own.

    Attributes:
        datasets: the files of each run.
        interleaved: whether mates take turns in them.
        refused: files that cannot be grouped without a guess, with the reason.
    """

    datasets: tuple[Dataset, ...]
    interleaved: bool = False
    refused: tuple[InputError, ...] = ()

    @property
    def words(self) -> str:
        """``2 runs of 6 files``."""
        files = sum(len(mates) for dataset in self.datasets for mates in dataset.files)
        return f"{plural(len(self.datasets), 'run')} of {plural(files, 'file')}"


def plan(files: Sequence[Path], grouping: Grouping) -> Plan:
    """How ``files`` become runs."""
    if grouping is Grouping.PAIRS and len(files) > 1:
        found = find_datasets(files)
        return Plan(found.datasets, refused=found.refused)
    alone = tuple(Dataset(path.name, ((path,),)) for path in files)
    return Plan(alone, interleaved=grouping is Grouping.INTERLEAVED)


def is_worth_asking(files: Sequence[Path], grouping: Grouping) -> bool:
    """Whether there is more than one way to read ``files``, so that a person should see how before they are read."""
    if grouping is Grouping.INTERLEAVED:
        return True
    found = plan(files, Grouping.PAIRS)
    return bool(found.refused) or any(len(dataset.files) > 1 or dataset.is_paired for dataset in found.datasets)


def again(snapshot: RunSnapshot) -> Plan:
    """What it takes to run the input of a run once more, as it was."""
    inputs = snapshot.inputs
    if not inputs:
        return Plan((Dataset(snapshot.name, ((snapshot.path,),)),))
    interleaved = len(inputs) == 2 and inputs[0] == inputs[1]
    files = inputs[:1] if interleaved else inputs
    return Plan((Dataset(snapshot.name, tuple(zip(*files, strict=True))),), interleaved=interleaved)


def reasons(refused: Sequence[InputError]) -> list[str]:
    """Why files cannot be grouped, each reason once, with what to do."""
    said = (f"{str(error).removeprefix(f'{error.path.name}: ')} {error.hint}" for error in refused)
    return [f"{words[0].upper()}{words[1:]}" for words in dict.fromkeys(said)]


def shape(dataset: Dataset, *, interleaved: bool = False) -> str:
    """``pair``, ``2 lanes, R1 and R2``, ``mates in turn``, ``1 file``."""
    parts = len(dataset.files)
    if interleaved:
        return "mates in turn"
    if dataset.is_paired:
        return "R1 and R2" if parts == 1 else f"R1 and R2 of {plural(parts, 'lane or chunk', 'lanes or chunks')}"
    return "1 file" if parts == 1 else plural(parts, "lane or chunk", "lanes or chunks")


def listed(dataset: Dataset) -> list[str]:
    """The names of its files, a line each: mates side by side, lanes in order; of very many the first."""
    lines = [" + ".join(path.name for path in mates) for mates in dataset.files]
    return (
        lines if len(lines) <= _MOST_NAMED else [*lines[: _MOST_NAMED - 1], f"and {len(lines) - _MOST_NAMED + 1} more"]
    )
