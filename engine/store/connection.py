"""Connections to the store: one that writes, and as many as wanted that read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.store.errors import StoreReadOnlyError, told_plainly

if TYPE_CHECKING:
    from sqlite_utils import Database

LOG_SIZE = 16 << 20
"""Bytes that the write-ahead log may keep on disk once it has been emptied."""


def open_writer(path: Path, *, lock_timeout: float, max_bytes: int | None) -> Database:
    """The connection that writes; to be used and closed in the calling thread alone.

    Args:
        path: the database file, made if missing.
        lock_timeout: seconds to wait for a lock of another process.
        max_bytes: size that the file may not grow beyond, or ``None``.

    Raises:
        StoreReadOnlyError: the folder cannot be made.
        sqlite3.Error: as SQLite says.
    """
    # Here, because it takes half as long to import as the whole store and the window need not wait for it.
    from sqlite_utils import Database

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnlyError(f"The folder {path.parent} cannot be made.", path=path) from error
    connection = sqlite3.connect(_uri(path, "rwc"), uri=True, timeout=lock_timeout, isolation_level=None)
    connection.text_factory = _text
    try:
        _set_up(connection, lock_timeout, max_bytes)
        # Plugins of sqlite-utils are the user's own tools; they have no business in here.
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


@contextmanager
def reading(path: Path, *, lock_timeout: float) -> Generator[sqlite3.Connection]:
    """A connection for one thread that cannot write and sees one state of the database throughout.

    Raises:
        StoreError: in place of ``sqlite3.Error``.
    """
    with told_plainly(path), closing(open_reader(path, lock_timeout=lock_timeout)) as connection:
        connection.execute("BEGIN")
        yield connection


def open_reader(path: Path, *, lock_timeout: float) -> sqlite3.Connection:
    """A connection that cannot write, for one thread at a time.

    Raises:
        sqlite3.Error: as SQLite says.
    """
    connection = sqlite3.connect(
        _uri(path, "ro"), uri=True, timeout=lock_timeout, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text
    return connection


def _text(stored: bytes) -> str:
    """Whatever is in a column, or one name that is no text would keep every run from being listed."""
    return stored.decode(errors="surrogateescape")


@contextmanager
def transaction(db: Database, *, durable: bool = True) -> Generator[None]:
    """All or nothing; waits for other writers at the start, so that nothing inside can meet a lock.

    Args:
        db: the connection that writes.
        durable: wait until the disk has it, so that a power failure cannot take it back.
    """
    db.conn.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself after some errors, a full disk for one.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def _set_up(connection: sqlite3.Connection, lock_timeout: float, max_bytes: int | None) -> None:
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:
        # Space of purged runs goes back to the disk. An empty file alone can be made so.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _enable_write_ahead_log(connection, time.monotonic() + lock_timeout)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_SIZE}")
    if max_bytes is not None:
        page_size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_size)}")


def _enable_write_ahead_log(connection: sqlite3.Connection, deadline: float) -> None:
    """Other processes may be at it too, and SQLite does not wait where two would wait for each other."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _uri(path: Path, mode: str) -> str:
    """``path`` for SQLite, whatever characters are in it."""
    place = path.absolute().as_posix()
    # A drive letter needs a slash before it, and a share (//server/...) an empty authority.
    prefix = "" if place.startswith("/") and not place.startswith("//") else "//" if place.startswith("//") else "/"
    return f"file:{prefix}{quote(place, errors='surrogateescape')}?mode={mode}"
