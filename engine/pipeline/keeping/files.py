"""Pipelines as TOML files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from engine.errors import LanescopeError
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.resolving import Pipelines, Plugins
from engine.pipeline.validation import checked
from engine.toml_text import load_toml
from engine.whole_file import PUBLIC, reason_of, write_whole

ENDING = ".toml"
MOST_BYTES = 1 << 20
"""Size of the largest file that is read."""

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class PipelineFileError(LanescopeError):
    """A file with a pipeline cannot be read or written.

    Attributes:
        path: the file.
        line: where it is not TOML, from 1; ``None``: not at a line.
        column: the character of the line, from 1.
    """

    title = "This file of a pipeline cannot be used"
    is_refusal = True
    hint = "Mend the file, or choose another one."

    def __init__(
        self, message: str, *, path: Path, line: int | None = None, column: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line
        self.column = column


def read_pipeline(
    path: Path, *, plugins: Plugins | None = None, pipelines: Pipelines | None = None
) -> PipelineDefinition:
    """The pipeline in a file; arguments as for `engine.pipeline.validation.checked`.

    Raises:
        PipelineFileError: it cannot be read, or is not TOML.
        InvalidPipelineError: with everything that is wrong with the pipeline.
    """
    return checked(load_file(path), plugins=plugins, pipelines=pipelines, where=path.name)


def load_file(path: Path) -> dict[str, Any]:
    """The tables in a TOML file, whatever they mean.

    Raises:
        PipelineFileError: it cannot be read, or is not TOML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _failed(path, "read", reason_of(error)) from error
    return parse_toml(content, path)


def parse_toml(content: bytes, path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Args:
        content: what is in it.
        path: for errors alone.

    Raises:
        PipelineFileError: it is not TOML, with the line, or too large.
    """
    if len(content) > MOST_BYTES:
        raise PipelineFileError(f"{path.name} is larger than {MOST_BYTES >> 20} MiB.", path=path)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PipelineFileError(f"{path.name}, line {line}: this is not UTF-8 text.", path=path, line=line) from error
    try:
        return load_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(text, path, str(error)) from error
    except ValueError as error:  # nested too deep, or a number of thousands of digits
        raise PipelineFileError(f"{path.name}: {error}.", path=path) from error


def to_toml(definition: PipelineDefinition) -> str:
    """The text of a file for a pipeline; what is as usual is left out."""
    values = definition.model_dump(mode="json", exclude_defaults=True)
    always = {"name": definition.name, "version": definition.version, "type": definition.type}
    return tomli_w.dumps({**always, **values})


def write_pipeline(definition: PipelineDefinition, path: Path, *, replace: bool = False) -> Path:
    """Writes a pipeline to a file, which is there whole or not at all.

    Args:
        definition: the pipeline.
        path: the file; a folder: a file in it, named after the pipeline.
        replace: an older file of that name may be replaced.

    Returns:
        The file.

    Raises:
        PipelineFileError: it cannot be written, or is there already.
    """
    target = path / f"{definition.name}{ENDING}" if path.is_dir() else path
    if not replace and target.exists():
        raise PipelineFileError(f"{target} is there already.", path=target, hint="Choose another name, or remove it.")
    write_whole(target, to_toml(definition), rights=PUBLIC, failure=lambda reason: _failed(target, "written", reason))
    return target


def _broken(text: str, path: Path, message: str) -> PipelineFileError:
    at = _AT.search(message)
    reason = message[: at.start()] if at else message
    numbers = (int(at[1]), int(at[2])) if at and at[1] else (text.count("\n") + 1, None)
    line, column = numbers
    place = f"line {line}" if column is None else f"line {line}, column {column}"
    words = f"{path.name}, {place}: {reason[:1].lower()}{reason[1:]}."
    return PipelineFileError(words, path=path, line=line, column=column)


def _failed(path: Path, done: str, reason: str) -> PipelineFileError:
    return PipelineFileError(f"{path} cannot be {done}: {reason}.", path=path, hint="Choose another file or folder.")
