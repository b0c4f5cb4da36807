"""Errors as a run keeps them."""

from __future__ import annotations

from engine.errors import (
    AlignmentFormatError,
    CompressedStreamError,
    FastqFormatError,
    LanescopeError,
    MateError,
    shortage_of,
)
from engine.run.snapshot import RunFailure


def describe(error: Exception) -> RunFailure:
    """What to keep and show of an error; one that is not the user's says that it is ours."""
    if isinstance(error, FastqFormatError):
        return RunFailure(error.title, str(error), error.hint, error.record, error.line, error.offset)
    if isinstance(error, AlignmentFormatError):
        return RunFailure(error.title, str(error), error.hint, record=error.record, offset=error.offset)
    if isinstance(error, CompressedStreamError):
        return RunFailure(error.title, str(error), error.hint, offset=error.offset)
    if isinstance(error, LanescopeError):
        record = error.record if isinstance(error, MateError) else None
        return RunFailure(error.title, str(error), error.hint, record=record)
    if (short := shortage_of(error)) is not None:
        return RunFailure(short.title, str(short), short.hint)
    return RunFailure(
        "Lanescope has a defect",
        f"{type(error).__name__}: {error}",
        "Please report it, with the log file in Lanescope's folder. The other files are not affected.",
    )
