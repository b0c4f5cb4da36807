"""Command lines of other programs as pipelines: ``lanescope pipeline translate``."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from engine.cli.console import WrongUse, printable


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("--name", metavar="NAME", default="translated", help="of the pipeline (default: translated)")
    parser.add_argument(
        "--to", metavar="FILE", type=Path, help="write the pipeline here instead of printing it; an older file stays"
    )
    parser.add_argument(
        "words",
        metavar="COMMAND",
        nargs=argparse.REMAINDER,
        help="cutadapt or fastp and its options, as they stand in a shell, or all between quotes",
    )


def translate(arguments: argparse.Namespace) -> int:
    """Prints or writes the pipeline that a command comes to; on the error stream, how to run it and what differs.

    Returns:
        0.

    Raises:
        LanescopeError: there is none.
    """
    from pydantic import ValidationError

    from engine.pipeline.commands import UnknownCommandError, from_command, words_in
    from engine.pipeline.keeping.files import to_toml, write_pipeline
    from engine.pipeline.validation import checked

    words = arguments.words[1:] if arguments.words[:1] == ["--"] else arguments.words
    try:
        made = from_command(words_in(words[0]) if len(words) == 1 else words)
    except UnknownCommandError:
        raise WrongUse(
            "Write the command behind it: lanescope pipeline translate cutadapt -a ACGTACGT -m 20 in.fastq"
        ) from None
    try:
        definition = made.definition(arguments.name)
    except ValidationError:
        raise WrongUse("A pipeline's name has small letters, digits, - and _.") from None
    checked(definition.model_dump(mode="json"))
    if arguments.to is None:
        print("\n".join(printable(line) for line in to_toml(definition).split("\n")), end="")
    else:
        print(printable(str(write_pipeline(definition, arguments.to))))
    for note in made.notes:
        print(printable(f"Note: {note}"), file=sys.stderr)
    if made.inputs:
        target = f"{arguments.name}.toml" if arguments.to is None else str(arguments.to)
        print(printable(f"Run it: lanescope {shlex.join(made.command(target))}"), file=sys.stderr)
    return 0
