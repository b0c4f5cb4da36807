"""Sequences that are looked for in reads: adapters and contaminants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class KnownSequence:
    """A sequence with a name; ``bases`` are A, C, G and T."""

    name: str
    bases: str


@cache
def default_adapters() -> tuple[KnownSequence, ...]:
    """The adapters that FastQC 0.12.1 looks for, by a probe of 12 bases each."""
    return _listed("adapters.tsv")


@cache
def default_contaminants() -> tuple[KnownSequence, ...]:
    """The sequences that FastQC 0.12.1 names as possible sources; the first of equally good ones is named."""
    return _listed("contaminants.tsv")


def _listed(name: str) -> tuple[KnownSequence, ...]:
    """What a list that comes along holds: a heading, then a name, a tab and bases in each line."""
    _, *lines = files("resources").joinpath("qc", name).read_text("utf-8").splitlines()
    return tuple(KnownSequence(*line.split("\t")) for line in lines)
