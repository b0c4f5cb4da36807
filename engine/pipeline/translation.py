"""Pipelines made of the command lines of other programs."""

from __future__ import annotations

import argparse
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from pathlib import Path
from typing import Any, NoReturn

from engine.errors import LanescopeError
from engine.pipeline.definition import PipelineDefinition

_MOST_BYTES = 1 << 20
"""Of a file of adapters."""


class TranslationError(LanescopeError):
    """A command line asks for what Lanescope does not do, or for nothing that is known."""

    title = "This command cannot be translated"
    is_refusal = True
    hint = "Leave that out, and see which stages come nearest: lanescope pipeline stages"


@dataclass(slots=True)
class Translation:
    """What a command line comes to.

    Attributes:
        program: whose it is.
        stages: in order, as definitions have them.
        inputs: the files that it reads.
        outputs: the files of reads that it writes: first and second reads, or both in turn.
        dropped: files for reads that are dropped: the reason, or nothing for all, and the file for single or first
            reads, or both in turn, and that for second reads or nothing.
        tells_reasons: in these, names have the reasons behind them.
        split_reads: reads or pairs that one file takes; 0: all.
        singletons: the file for reads whose mate was dropped.
        is_interleaved: mates take turns in the input.
        interleaves: they do so in the output.
        merge: what is set for merging pairs, where they are merged.
        notes: what is not as with that program, in sentences.
    """

    program: str
    stages: list[dict[str, Any]] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)
    tells_reasons: bool = False
    split_reads: int = 0
    singletons: str = ""
    is_interleaved: bool = False
    interleaves: bool = False
    merge: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, stage: str, **parameters: Any) -> None:
        """Adds a stage; what is ``None`` is not set."""
        taken = {each["name"] for each in self.stages}
        plain = stage.replace("_", "-")
        names = [plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3))]
        chosen = {key: value for key, value in parameters.items() if value is not None}
        name = next(name for name in names if name not in taken)
        self.stages.append({"name": name, "stage": stage} | ({"parameters": chosen} if chosen else {}))

    def definition(self, name: str) -> PipelineDefinition:
        """The pipeline, under this name.

        Raises:
            pydantic.ValidationError: it cannot be called so.
        """
        return PipelineDefinition.model_validate(
            {"name": name, "description": f"Made from a command of {self.program}.", "stages": self.stages}
        )

    def command(self, pipeline: str) -> list[str]:
        """The words that run it on the same files: what follows ``lanescope``."""
        words = ["run", "--pipeline", pipeline]
        pairs = "interleaved" if self.is_interleaved else "given" if len(self.inputs) == 2 else ""
        words += ["--pairs", pairs] if pairs else []
        words += self.inputs
        words += ["--interleaved"] if self.interleaves else []
        for option, path in zip(("-o", "--out2"), self.outputs, strict=False):
            words += [option, path]
        words += ["--split-reads", str(self.split_reads)] if self.split_reads else []
        words += ["--singletons", self.singletons] if self.singletons else []
        for reason, *paths in self.dropped:
            for option, path in zip(("--dropped", "--dropped2"), paths, strict=True):
                words += [option, f"{reason}={path}" if reason else path] if path else []
        return words + (["--dropped-reasons"] if self.tells_reasons else [])


class WordParser(argparse.ArgumentParser):
    """Reads the options of another program; what is wrong with them is an error, and ends nothing."""

    def __init__(self, program: str) -> None:
        super().__init__(prog=program, add_help=False, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """The call of argparse.

        Raises:
            TranslationError: always.
        """
        raise TranslationError(f"{self.prog}: {message}.", hint="Write the options as that program has them.")

    def flags(self, *names: str) -> None:
        """Adds switches, each by its names with spaces between."""
        for each in names:
            self.add_argument(*each.split(), action="store_true")

    def values(self, *names: str, type: type = str) -> None:  # noqa: A002 - argparse's own word
        """Adds options with a value, each by its names with spaces between."""
        for each in names:
            self.add_argument(*each.split(), type=type)


def by_mates(first: Any, second: Any, paired: bool) -> list[tuple[Any, str | None]]:
    """What is set for the reads, and for which mates: one stage, or two where the mates of pairs differ."""
    return [(first, None)] if not paired or first == second else [(first, "first"), (second, "second")]


def finite(text: str) -> float:
    """The number that a word stands for, for options that take one.

    Raises:
        argparse.ArgumentTypeError: it is none, or none that can be compared and kept.
    """
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not isfinite(number):
        raise argparse.ArgumentTypeError(f"{text} is no number")
    return number


def sequences_in(path: str) -> Iterator[tuple[str, str]]:
    """Names, to the first white space, and sequences in a FASTA file, which may be gzipped.

    Raises:
        TranslationError: it cannot be read, or is none.
    """
    name, letters = "", ""
    for line in _lines(Path(path)):
        if line.startswith(">"):
            if letters:
                yield name, letters
            name, letters = (line[1:].split() or [""])[0], ""
        elif letters or name or not line:
            letters += line.replace(" ", "")
        else:
            raise TranslationError(f"{path} is no FASTA: it does not begin with >.", hint="Name a FASTA file.")
    if letters:
        yield name, letters


def _lines(path: Path) -> Sequence[str]:
    try:
        if not path.is_file():  # a pipe, or a device, may never end
            raise OSError("there is no such file")
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if is_packed else path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise OSError(f"it is larger than {_MOST_BYTES >> 20} MiB")
        return [line.strip() for line in content.decode().splitlines()]
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise TranslationError(f"{path} cannot be read: {error}.", hint="Name a FASTA file of adapters.") from error
