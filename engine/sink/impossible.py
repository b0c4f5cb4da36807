"""Outputs that cannot be written, told before a run starts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.sink.errors import OutputError, OutputIsInputError
from engine.sink.names import is_written_directly
from engine.sink.plan import OutputPlan


def refuse_impossible(plan: OutputPlan, inputs: Iterable[Path]) -> None:
    """Refuses what can be seen to fail; the run looks again when it opens its files.

    Args:
        plan: which files.
        inputs: files that must not be written to.

    Raises:
        OutputIsInputError: a file is one of the inputs, under whatever name.
        OutputError: it is there already and may not be replaced, is a folder, or its folder is missing or takes no
            files.
    """
    known = list(inputs)
    for path in (file for stream in plan.paths() for file in plan.files(stream)):
        try:
            _refuse(path, known, replace=plan.replace)
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}.", path=path) from error


def _refuse(path: Path, inputs: list[Path], *, replace: bool) -> None:
    for other in inputs:
        if path.resolve() == other.resolve() or (path.exists() and other.exists() and path.samefile(other)):
            raise OutputIsInputError(f"{path} is the input {other}.", path=path)
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", path=path)
    if is_written_directly(path):
        return
    if path.is_file() and not replace:
        raise OutputError(
            f"{path} is there already.",
            path=path,
            hint="Choose another name, or allow it to be replaced (on the command line with --force).",
        )
    folder = path.resolve().parent
    if not folder.is_dir():
        raise OutputError(f"There is no folder {path.parent}.", path=path, hint="Make it, or choose another place.")
    try:
        # What may be written is not to be told from permissions alone: a drive may be read-only, or its users mapped.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"Nothing can be written into the folder {path.parent}: {error.strerror or error}.",
            path=path,
            hint="Choose another folder, or have its permissions changed.",
        ) from error
