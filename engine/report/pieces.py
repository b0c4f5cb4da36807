"""The files of reports, known by name before any is made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.errors import LanescopeError
from engine.report.atomic import write_whole
from engine.whole_file import reason_of


class ReportPlaceError(LanescopeError):
    """Reports cannot be written where they are to go; nothing has been."""

    title = "The reports cannot be written there"
    hint = "Choose another folder."


class Piece(NamedTuple):
    """A file of a report.

    Attributes:
        path: where to.
        make: gives what is to be in it.
    """

    path: Path
    make: Callable[[], str | bytes]


def write_pieces(pieces: Sequence[Piece], folder: Path) -> list[Path]:
    """Writes files, none where one of them can be seen to fail.

    Args:
        pieces: the files, each in ``folder`` or in a folder in that.
        folder: where to; made if missing, as those in it.

    Returns:
        The files, in their order.

    Raises:
        ReportPlaceError: one cannot be written; there is none, then.
        LanescopeError: one cannot be written after all; those before it are there.
    """
    for path in dict.fromkeys(piece.path for piece in pieces):
        if path.is_dir():
            raise ReportPlaceError(f"{path} is a folder: a report has that name.")
    ready_folders([folder, *(piece.path.parent for piece in pieces)])
    for piece in pieces:
        write_whole(piece.path, piece.make())
    return [piece.path for piece in pieces]


def ready_folders(folders: Iterable[Path]) -> None:
    """Makes folders that are missing, and finds out whether files can be written there.

    Raises:
        ReportPlaceError: one cannot be made, or takes no files; no folder was made where that could be seen before.
    """
    wanted = list(dict.fromkeys(folders))
    for folder in wanted:
        for place in (folder, *folder.parents):
            if place.is_dir():
                break
            if place.exists():
                raise ReportPlaceError(f"The folder {folder} cannot be made: {place} is a file.")
    for folder in wanted:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReportPlaceError(f"The folder {folder} cannot be made: {reason_of(error)}.") from error
        try:
            # What may be written is not to be told from permissions alone: a drive may be read-only.
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise ReportPlaceError(
                f"Nothing can be written into the folder {folder}: {reason_of(error)}.",
                hint="Choose another folder, or have its permissions changed.",
            ) from error
