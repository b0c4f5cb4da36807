"""Opening the store: refuse what is not ours, migrate what is, and settle what an earlier process left."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from engine.store.connection import open_writer, reading
from engine.store.errors import StoreDamagedError, StoreError, StoreReadOnlyError, told_plainly
from engine.store.lost import mark_lost_runs
from engine.store.schema import checked_version, migrate
from engine.store.tidying import tidy

if TYPE_CHECKING:
    from sqlite_utils import Database

SMALLEST_DATABASE = 512
"""Bytes. SQLite takes a shorter file for an empty one and would overwrite it."""

_RUNS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'runs'"


def open_database(path: Path, *, lock_timeout: float, max_bytes: int | None) -> Database:
    """The connection that writes, on a database of today's version; for the calling thread alone.

    Args:
        path: the database file, made if missing.
        lock_timeout: seconds to wait for a lock of another process.
        max_bytes: size that the file may not grow beyond, or ``None``.

    Raises:
        StoreError: it cannot be used; see its subclasses.
    """
    _refuse_strangers(path, lock_timeout)
    with told_plainly(path):
        db = open_writer(path, lock_timeout=lock_timeout, max_bytes=max_bytes)
        try:
            migrate(db, path)
            _settle(db, path)
        except BaseException:
            db.close()
            raise
        return db


def _refuse_strangers(path: Path, lock_timeout: float) -> None:
    """Look before anything is written: closing a connection that may write can change a file."""
    try:
        about = path.stat()
    except OSError:
        return  # missing, or out of reach, as making it will show
    if stat.S_ISDIR(about.st_mode):
        raise StoreReadOnlyError(f"{path} is a folder.", path=path)
    if not stat.S_ISREG(about.st_mode):  # opening a pipe would wait for ever
        raise StoreError(f"{path} is no file.", path=path, hint="Name a file for the database, or none yet.")
    if 0 < about.st_size < SMALLEST_DATABASE:
        raise StoreDamagedError(f"{path} is not a database.", path=path)
    # What an interrupted first opening left needs a writer to be mended; it checks the version again.
    with contextlib.suppress(StoreReadOnlyError), reading(path, lock_timeout=lock_timeout) as connection:
        version = checked_version(connection, path)
        if version and not connection.execute(_RUNS).fetchone():
            raise StoreDamagedError(f"{path} has lost its list of runs.", path=path)


def _settle(db: Database, path: Path) -> None:
    try:
        with told_plainly(path):
            mark_lost_runs(db)
            tidy(db.conn, path)
    except StoreError:
        # With a full disk, say, the runs can still be looked at. The next opening tries again.
        return
