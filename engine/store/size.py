"""How much the store holds."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoreStatistics:
    """How much the store holds.

    Attributes:
        runs: number of runs, deleted ones left out.
        bytes_on_disk: size of the database and the files beside it, bytes.
    """

    runs: int
    bytes_on_disk: int


def statistics_of(connection: sqlite3.Connection, path: Path) -> StoreStatistics:
    """How much is in the database ``path``, which the connection is to."""
    runs = connection.execute("SELECT count(*) FROM runs WHERE deleted_at IS NULL").fetchone()[0]
    files = (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")))
    return StoreStatistics(runs=runs, bytes_on_disk=sum(map(_size, files)))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
