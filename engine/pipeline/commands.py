"""Commands of other programs, as pipelines."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePath

from engine.pipeline.from_cutadapt import from_cutadapt
from engine.pipeline.from_fastp import from_fastp
from engine.pipeline.translation import Translation, TranslationError

_PROGRAMS = {"cutadapt": from_cutadapt, "fastp": from_fastp}


class UnknownCommandError(TranslationError):
    """A command that is none of cutadapt or fastp."""

    hint = ""


def words_in(text: str) -> list[str]:
    """The words of a command as a shell reads it; lines that end with a backslash go on.

    Raises:
        TranslationError: a quotation mark is not closed.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise TranslationError(f"{error}.", hint="Close each quotation mark.") from error


def from_command(words: Sequence[str]) -> Translation:
    """What a command comes to; what stands before the program, such as its environment, is passed over.

    Raises:
        UnknownCommandError: it is of no program that is known.
        TranslationError: it asks for what Lanescope does not do, or cannot be read.
    """
    for at, word in enumerate(words):
        translate = _PROGRAMS.get(PurePath(word).name.removesuffix(".exe"))
        if translate is not None:
            return translate(words[at + 1 :])
    raise UnknownCommandError("Begin with cutadapt or fastp, as in: cutadapt -a ACGTACGT -m 20 in.fastq")
