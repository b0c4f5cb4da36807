"""Why reads cannot be written."""

from __future__ import annotations

from pathlib import Path

from engine.errors import LanescopeError


class SinkAborted(Exception):
    """The sink was aborted, before or while waiting."""


class OutputError(LanescopeError):
    """An output cannot be written; nothing is left of it.

    Attributes:
        path: the file, as the user named it.
    """

    title = "The reads cannot be written"
    hint = "Choose another place for the output."

    def __init__(self, message: str, *, path: Path, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class OutputIsInputError(OutputError):
    """The output would destroy an input."""

    hint = "Choose another name for the output: the input would be lost."


class OutputTakenError(OutputError):
    """Another run that has not ended is going to write the file.

    Attributes:
        run_id: that run.
    """

    def __init__(self, path: Path, run_id: int, name: str) -> None:
        super().__init__(
            f"{path} is to be written by run {run_id} ({name}), which has not ended.",
            path=path,
            hint="Choose another name, or wait until that run has ended, or cancel it.",
        )
        self.run_id = run_id


class NoSpaceError(OutputError):
    """The disk is full, or about to be."""

    title = "There is no room for the output"
    hint = "Make room on that disk, or choose another one, and run again."
