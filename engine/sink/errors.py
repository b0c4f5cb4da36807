"""Why reads cannot be written."""

from __future__ import annotations

from pathlib import Path

from engine.errors import LanescopeError


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


class NoSpaceError(OutputError):
    """The disk is full, or about to be."""

    title = "There is no room for the output"
    hint = "Make room on that disk, or choose another one, and run again."
