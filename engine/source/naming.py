"""Which files are one sample, told by their names. Nothing here looks at a disk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from engine.source.file_names import FileName, read_name

_INDEX_HINT = "Choose the files with R1 and R2 in their names."
_PAIR_HINT = "Choose both files of every pair, or the files with R1 alone."


@dataclass(frozen=True, slots=True)
class Dataset:
    """The files of one sample.

    Attributes:
        name: the sample, as far as the names of the files tell; unique among those found together.
        files: for every lane or chunk, in order, its reads, or its first and second mates.
    """

    name: str
    files: tuple[tuple[Path, ...], ...]

    @property
    def is_paired(self) -> bool:
        """Whether the reads are mates in two files."""
        return len(self.files[0]) == 2


@dataclass(frozen=True, slots=True)
class Datasets:
    """What `find_datasets` found, in the order in which the first file of each was given."""

    datasets: tuple[Dataset, ...]
    refused: tuple[InputError, ...]


class _Refusal(Exception):
    """Why the files of a sample cannot be put together, with a hint."""


def find_datasets(paths: Iterable[Path]) -> Datasets:
    """Puts files together that are one sample: mates, lanes, chunks.

    Known are the names that bcl2fastq and BCL Convert (``_S1_L001_R1_001``), MinKNOW and Guppy give,
    and ``_R1``/``_R2``, ``_1``/``_2``, ``.1``/``.2`` with or without a lane (``_L001``) and other words in
    between. A number at the end means a mate only if the same name stands there with 1 and with 2,
    and with no other number. Lanes may stand in folders of their own.

    Files that cannot be put together without a guess are refused: second mates without first
    ones, a lane that lacks one, two files for the same mates of a lane, index reads.
    """
    names = _settle_guesses([read_name(path) for path in dict.fromkeys(paths)])
    datasets: list[tuple[FileName, tuple[tuple[Path, ...], ...]]] = []
    refused = [
        InputError(f"{name.path.name} holds index reads, not reads of a sample.", path=name.path, hint=_INDEX_HINT)
        for name in names
        if name.is_index
    ]
    for group in _samples([name for name in names if not name.is_index]):
        try:
            datasets.append((group[0], _arranged(group)))
        except _Refusal as reason:
            refused += [InputError(f"{name.path.name}: {reason}", path=name.path, hint=_PAIR_HINT) for name in group]
    labels = _labels([first for first, _ in datasets])
    return Datasets(
        tuple(Dataset(label, files) for label, (_, files) in zip(labels, datasets, strict=True)), tuple(refused)
    )


def _settle_guesses(names: list[FileName]) -> list[FileName]:
    """Takes a number at the end for a mate's where both mates, and nothing else, bear one."""
    numbers: defaultdict[tuple[Path, str, int], list[int]] = defaultdict(list)
    for name in names:
        if name.is_guess:
            numbers[name.path.parent, name.sample, name.lane].append(name.read)
    return [
        name if sorted(numbers[name.path.parent, name.sample, name.lane]) == [1, 2] else name.without_guess
        for name in names
    ]


def _samples(names: Iterable[FileName]) -> list[list[FileName]]:
    """Files of one sample each; those of several folders together only if none takes another's place."""
    samples: defaultdict[tuple[str, bool], defaultdict[Path, list[FileName]]] = defaultdict(lambda: defaultdict(list))
    for name in names:
        samples[name.full_sample, name.read > 0][name.path.parent].append(name)
    groups: list[list[FileName]] = []
    for folders in samples.values():
        together = [name for group in folders.values() for name in group]
        places = Counter((name.lane, name.chunk, name.read) for name in together)
        groups += [together] if max(places.values()) == 1 else list(folders.values())
    return groups


def _arranged(group: Sequence[FileName]) -> tuple[tuple[Path, ...], ...]:
    """The files of a sample, mates side by side, lanes and chunks in order.

    Raises:
        _Refusal: a place is taken twice, or mates are missing.
    """
    places: defaultdict[tuple[int, tuple[int, ...]], dict[int, FileName]] = defaultdict(dict)
    for name in group:
        mates = places[name.lane, name.chunk]
        if name.read in mates:
            raise _Refusal(f"{mates[name.read].path.name} and {name.path.name} claim to be the same reads.")
        mates[name.read] = name
    reads = {name.read for name in group}
    if reads <= {0} or reads == {1}:
        return tuple((next(iter(places[place].values())).path,) for place in sorted(places))
    if reads == {2}:
        raise _Refusal("these are second mates (R2), and the first ones (R1) are missing.")
    if not reads <= {1, 2}:
        raise _Refusal(f"there are {len(reads)} files of reads for each molecule, and Lanescope takes one or two.")
    for (lane, _), mates in sorted(places.items()):
        if len(mates) < 2:
            only = next(iter(mates.values()))
            where = f" of lane {lane}" if lane else ""
            raise _Refusal(f"the pair{where} is incomplete: {only.path.name} has no mate.")
    return tuple((places[place][1].path, places[place][2].path) for place in sorted(places))


def _labels(firsts: Sequence[FileName]) -> list[str]:
    """A name for each sample, as short as can be without two being the same."""
    choices = [
        (
            name.sample or name.path.name,
            name.full_sample,
            name.path.name,
            f"{name.path.parent.name}/{name.full_sample}",
            str(name.path),
        )
        for name in firsts
    ]
    labels = [names[0] for names in choices]
    for longer in range(1, 5):
        counts = Counter(labels)
        labels = [names[longer] if counts[label] > 1 else label for label, names in zip(labels, choices, strict=True)]
    return labels
