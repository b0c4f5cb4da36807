"""What other processes do to the store while a window is open."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from engine.store.connection import open_reader
from engine.store.errors import StoreDamagedError, told_plainly
from engine.store.going import GOING
from engine.store.kinds import NOT_UNDERSTOOD
from engine.store.listing import RunRow, rows_of
from engine.store.owner import Owner

_LOCK_TIMEOUT = 1.0
"""Seconds to wait for a lock of another process."""


@dataclass(frozen=True, slots=True)
class StoreNews:
    """What has become of runs that this process does not do itself.

    Attributes:
        rows: runs that are new, that are going in other processes, or that went on there until now.
        going: keys of those that are going in other processes.
        gone: keys of runs that were deleted.
        bytes_read: bytes of the input that were read so far, by the key of a run that is going.
    """

    rows: tuple[RunRow, ...] = ()
    going: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    bytes_read: dict[int, int] = field(default_factory=dict)


class StoreWatch:
    """A connection that stays open, since SQLite tells by one alone whether others have written.

    Its methods may be called from any thread; one waits for the other.
    """

    def __init__(self, path: Path, *, lock_timeout: float = _LOCK_TIMEOUT) -> None:
        """Watch the database ``path``; nothing is opened yet.

        Args:
            path: the database file.
            lock_timeout: seconds to wait for a lock of another process.
        """
        self._path = path
        self._lock_timeout = lock_timeout
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None
        self._is_closed = False

    def has_news(self) -> bool:
        """Whether anything was written since the last :meth:`look`, by this process or another. Takes microseconds.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._lock, told_plainly(self._path):
            return not self._is_closed and self._version(self._open()) != self._seen

    def look(self, known: Collection[int], unfinished: Collection[int]) -> StoreNews:
        """What is new.

        Args:
            known: keys of all runs that the window lists.
            unfinished: those of them that went on in other processes when they were last looked at.

        Raises:
            StoreDamagedError: a record cannot be understood.
            StoreError: the database cannot be read.
        """
        with self._lock, told_plainly(self._path):
            if self._is_closed:
                return StoreNews()
            connection = self._open()
            # Asked for first: what is written from here on is found the next time.
            version = self._version(connection)
            try:
                news = _news(connection, set(known), set(unfinished))
            except NOT_UNDERSTOOD as error:
                message = f"A record in the list of runs in {self._path} cannot be understood."
                raise StoreDamagedError(message, path=self._path) from error
            self._seen = version
            return news

    def close(self) -> None:
        """Let go of the database. There is no news afterwards."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_reader(self._path, lock_timeout=self._lock_timeout)
        return self._connection

    def _version(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _news(connection: sqlite3.Connection, known: set[int], unfinished: set[int]) -> StoreNews:
    # An index holds all that this asks for, however wide the rows are and however many.
    there = {run_id for (run_id,) in connection.execute("SELECT run_id FROM runs WHERE deleted_at IS NULL")}
    query = f"SELECT run_id, owner FROM runs WHERE {GOING} AND deleted_at IS NULL"  # noqa: S608 - the condition is ours
    owners = dict(connection.execute(query))
    ours = {run_id for run_id, owner in owners.items() if _is_ours(owner)}
    going = owners.keys() - ours
    wanted = ((there - known) | going | (unfinished & there)) - ours
    rows = tuple(rows_of(connection, wanted)) if wanted else ()
    # They may have ended since.
    still = frozenset(row.run_id for row in rows if row.run_id in going and not row.state.is_final)
    bytes_read = {run_id: read for run_id in still if (read := _bytes_read(connection, run_id)) is not None}
    return StoreNews(rows, still, frozenset(known - there), bytes_read)


def _is_ours(owner: str) -> bool:
    try:
        return Owner.from_json(owner).is_this_process()
    except ValueError:  # nobody's that is known, and no reason to hear of no other run
        return False


def _bytes_read(connection: sqlite3.Connection, run_id: int) -> int | None:
    query = "SELECT bytes_read FROM samples WHERE run_id = ? ORDER BY position DESC LIMIT 1"
    row = connection.execute(query, (run_id,)).fetchone()
    return None if row is None else int(row[0])
