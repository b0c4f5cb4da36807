"""What can go wrong with the store that a user can do something about."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import LanescopeError

SCANT_SPACE = 1 << 20
"""With fewer free bytes than this, an input/output error is taken for a full disk."""


class StoreError(LanescopeError):
    """The database cannot be used.

    Attributes:
        path: the database file.
    """

    title = "The database of runs cannot be used"
    hint = "Check the disk that it is on, then try again."

    def __init__(self, message: str, *, path: Path, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class StoreNewerError(StoreError):
    """A newer Lanescope made the database. Nothing in it was changed."""

    title = "The database of runs is from a newer Lanescope"
    hint = "Install the newest Lanescope, or set LANESCOPE_HOME to another folder to start with an empty list."


class StoreLockedError(StoreError):
    """Another program keeps the database locked for longer than anyone should."""

    title = "The database of runs is locked"
    hint = "Close other programs that use this file, such as a database browser or a backup. Nothing is lost meanwhile."


class StoreFullError(StoreError):
    """There is no room for more."""

    title = "There is no room left to keep runs"
    hint = "Free some space on this disk, or delete runs that you no longer need."


class StoreDamagedError(StoreError):
    """The file, or a record in it, is not what Lanescope wrote. It was left as it is."""

    title = "The database of runs is damaged"

    def __init__(self, message: str, *, path: Path, hint: str | None = None) -> None:
        anew = f"To start with an empty list, move {path} to another folder and start Lanescope again."
        super().__init__(message, path=path, hint=hint if hint is not None else anew)


class StoreReadOnlyError(StoreError):
    """The file or its folder cannot be written."""

    title = "The database of runs cannot be written"
    hint = "Make the file and its folder writable, or set LANESCOPE_HOME to a folder of yours."


class StoreGoneError(StoreError):
    """The file was removed, moved or replaced while it was in use: what is written now is written to nowhere."""

    title = "The database of runs is gone"
    hint = "Put the file back, or run again what was run since."


class RunNotFoundError(LanescopeError):
    """There is no such run, or it was deleted.

    Attributes:
        run_id: the key asked for.
    """

    title = "There is no such run"
    is_refusal = True
    hint = "It may have been deleted from another window. Look at the list of runs."

    def __init__(self, run_id: int) -> None:
        super().__init__(f"Run {run_id} is not in the database.")
        self.run_id = run_id


class RunStillGoingError(LanescopeError):
    """A run that is still going cannot be deleted.

    Attributes:
        run_id: its key in the store.
    """

    title = "This run is still going"
    hint = "Cancel it first, then delete it."

    def __init__(self, run_id: int, name: str) -> None:
        super().__init__(f"Run {run_id}, {name}, has not ended.")
        self.run_id = run_id


class RunNotLostError(LanescopeError):
    """Only a run that was interrupted can go on.

    Attributes:
        run_id: its key in the store.
    """

    title = "This run cannot go on"
    is_refusal = True
    hint = "Run the file again instead."

    def __init__(self, run_id: int, name: str) -> None:
        super().__init__(f"Run {run_id}, {name}, was not interrupted, or goes on already.")
        self.run_id = run_id


_LOCKED = (StoreLockedError, "Another program has locked {path}.")
_DAMAGED = (StoreDamagedError, "{path} is not a database, or parts of it were overwritten.")
_READ_ONLY = (StoreReadOnlyError, "{path} may only be read.")
_PLAIN: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_FULL: (StoreFullError, "{path} cannot grow any more."),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnlyError, "{path} cannot be opened, or its folder cannot be written."),
    sqlite3.SQLITE_IOERR: (StoreError, "The system reported an error on reading or writing {path}."),
}
_STRANGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
"""What a statement of ours ends in where the tables are not those that Lanescope makes."""
_MAYBE_FULL = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)


@contextmanager
def told_plainly(path: Path) -> Generator[None]:
    """Turn what SQLite says about its surroundings and the tables into the errors above; the rest are defects and pass.

    Raises:
        StoreError: in place of ``sqlite3.Error``.
    """
    try:
        yield
    except sqlite3.Error as error:
        plain = store_error(error, path)
        if plain is None:
            raise
        raise plain from error


def store_error(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The error to show for ``error``, or ``None`` where Lanescope itself is to blame."""
    # The low byte of SQLite's extended codes is the kind of error.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_INTERNAL) & 0xFF
    if kind in _MAYBE_FULL and _is_space_scant(path):
        kind = sqlite3.SQLITE_FULL
    if kind in _STRANGE:
        return StoreDamagedError(f"{path} does not hold the tables that Lanescope makes: {error}.", path=path)
    plain, message = _PLAIN.get(kind, (None, ""))
    return None if plain is None else plain(message.format(path=path), path=path)


def _is_space_scant(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < SCANT_SPACE
    except OSError:
        return False
