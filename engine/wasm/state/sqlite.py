"""Key-value state that lasts, in a file."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.wasm.state.errors import StateError
from engine.wasm.state.store import StateReader, Version, Writes, check_writes

_REMEMBERED = 1000
"""Flushes whose keys are known, so that sessions drop no more of what they keep than they must."""

_APPLICATION = 0x4C53_4B56  # "LSKV"
_VERSION = 1
_BUSY_SECONDS = 30.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS flush (sequence INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS entry (
    key BLOB NOT NULL, sequence INTEGER NOT NULL REFERENCES flush (sequence), value BLOB, PRIMARY KEY (key, sequence)
) WITHOUT ROWID;
"""


class SqliteState:
    """State in a SQLite file, which keeps every version of every key. Any thread may use it.

    Other processes may have the same file open; what they flush is seen here too.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it.

        Raises:
            StateError: it cannot be opened, or is something else.
        """
        self._path = path
        self._lock = threading.RLock()
        self._recent: deque[tuple[int, frozenset[bytes]]] = deque(maxlen=_REMEMBERED)
        self._connection: sqlite3.Connection | None = None
        with self._told():
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(self._connection)
            except BaseException:
                self.close()
                raise

    @property
    def sequence(self) -> int:
        """Number of the last flush; 0 before the first."""
        return int(self._rows("SELECT coalesce(max(sequence), 0) FROM flush")[0][0])

    def get(self, key: bytes) -> bytes | None:
        """The value of a key; ``None`` if there is none."""
        rows = self._rows("SELECT value FROM entry WHERE key = ? ORDER BY sequence DESC LIMIT 1", key)
        return rows[0][0] if rows else None

    def scan(self, prefix: bytes, most: int | None = None) -> list[tuple[bytes, bytes]]:
        """Keys that begin so and their values, in the order of the keys' bytes; at most so many, the first."""
        after = _after(prefix)
        rows = self._rows(
            # The column beside max() is of the row that has the maximum.
            f"SELECT key, value, max(sequence) FROM entry WHERE key >= ? {'' if after is None else 'AND key < ?'}"  # noqa: S608 - fixed text
            " GROUP BY key HAVING value IS NOT NULL ORDER BY key LIMIT ?",
            *((prefix,) if after is None else (prefix, after)),
            -1 if most is None else most,
        )
        return [(key, value) for key, value, _ in rows]

    def history(self, key: bytes) -> list[Version]:
        """Everything the key ever had, oldest first; it only grows."""
        rows = self._rows("SELECT sequence, value FROM entry WHERE key = ? ORDER BY sequence", key)
        return [Version(sequence, value) for sequence, value in rows]

    def apply(self, writes: Writes) -> int:
        """Writes all or nothing, as one flush. Returns its number; nothing to write is no flush.

        Raises:
            StateError: a key or value is too large, or the file cannot be written.
        """
        return self.update(lambda _reader: writes)

    def update(self, change: Callable[[StateReader], Writes]) -> int:
        """Has ``change`` look and say what to write, with nobody writing in between. Returns as `apply` does.

        Raises:
            StateError: a key or value is too large, or the file cannot be written.
        """
        with self._told(), self._lock:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                writes = change(self)
                check_writes(writes)
                number = self.sequence
                if writes:
                    number += 1
                    connection.execute("INSERT INTO flush VALUES (?)", (number,))
                    rows = ((key, number, value) for key, value in writes.items())
                    connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if writes:
                self._recent.append((number, frozenset(writes)))
            return number

    def changed_since(self, sequence: int) -> frozenset[bytes] | None:
        """Keys written after a flush; ``None`` if that is too long ago, or others wrote the file too."""
        with self._lock:
            later = [keys for number, keys in self._recent if number > sequence]
            return frozenset().union(*later) if len(later) == self.sequence - sequence else None

    def close(self) -> None:
        """Closes the file; closing twice is as good as once."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        mark, version = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if (mark, version) != (_APPLICATION, _VERSION) and tables:
            raise StateError(f"{self._path.name} holds something else than state of this version of Lanescope.")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA}"
            f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION}; COMMIT;"
        )

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StateError(f"{self._path.name} was closed.")
        return self._connection

    def _rows(self, query: str, *values: bytes | int) -> list[tuple[Any, ...]]:
        with self._told(), self._lock:
            return self._open().execute(query, values).fetchall()

    @contextmanager
    def _told(self) -> Generator[None]:
        """Says in words what SQLite says."""
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(
                f"{self._path.name}: {error}.", hint="See whether the disk is full, and whether you may write there."
            ) from error


def _after(prefix: bytes) -> bytes | None:
    """The first key after all that begin so; ``None`` where none comes after."""
    head = prefix.rstrip(b"\xff")
    return head[:-1] + bytes([head[-1] + 1]) if head else None
