"""Sequences that are looked for in reads: adapters and contaminants."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from engine.errors import LanescopeError


class SequenceListError(LanescopeError):
    """A list of sequences cannot be used."""

    title = "This list of sequences cannot be used"
    hint = (
        "Each line holds a name, a tab and a sequence of A, C, G and T; the first line is 'name', a tab and 'sequence'."
    )


@dataclass(frozen=True, slots=True)
class KnownSequence:
    """A sequence with a name; ``bases`` are A, C, G and T."""

    name: str
    bases: str


@cache
def default_adapters() -> tuple[KnownSequence, ...]:
    """The adapters that FastQC 0.12.1 looks for, by a probe of 12 bases each."""
    return _parse(files("resources").joinpath("qc", "adapters.tsv").read_text("utf-8"), "adapters.tsv")


@cache
def default_contaminants() -> tuple[KnownSequence, ...]:
    """The sequences that FastQC 0.12.1 names as possible sources; the first of equally good ones is named."""
    return _parse(files("resources").joinpath("qc", "contaminants.tsv").read_text("utf-8"), "contaminants.tsv")


def read_sequences(path: Path) -> tuple[KnownSequence, ...]:
    """Sequences from a file of the user's.

    Raises:
        SequenceListError: it cannot be read, or a line of it makes no sense.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SequenceListError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SequenceListError(f"{path} is not text.") from error
    return _parse(text, path.name)


def _parse(text: str, name: str) -> tuple[KnownSequence, ...]:
    """Lines that are blank or begin with ``#`` are passed over; the heading is optional."""
    found: list[KnownSequence] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t") if field.strip()]
        if not found and len(fields) == 2 and fields[1].lower() in {"sequence", "probe"}:
            continue
        if len(fields) != 2:
            raise SequenceListError(f"{name}, line {number}: there have to be a name and a sequence.")
        bases = fields[1].upper()
        if set(bases) - set("ACGT"):
            raise SequenceListError(f"{name}, line {number}: the sequence may hold A, C, G and T only.")
        found.append(KnownSequence(fields[0], bases))
    if not found:
        raise SequenceListError(f"{name} holds no sequence.")
    return tuple(found)
