"""Files of reports, which are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from engine import whole_file
from engine.errors import LanescopeError


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file of a report.

    Raises:
        LanescopeError: it cannot be written; an older file of that name is untouched.
    """

    def failure(reason: str) -> LanescopeError:
        return LanescopeError(f"{path} cannot be written: {reason}.", hint="Choose another folder, or make room there.")

    whole_file.write_whole(path, content, failure=failure)
