"""Pipelines in the store: every version of each, and which datasets use them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from engine.store.connection import reading, transaction
from engine.store.writer import Writer

if TYPE_CHECKING:
    from sqlite_utils import Database

T = TypeVar("T")


class PipelineRecords:
    """What is kept, as one transaction sees it; for its thread alone, until the transaction ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def definitions(self) -> Sequence[tuple[str, str, str]]:
        """Name, version and JSON of each pipeline."""
        query = "SELECT name, version, definition FROM pipelines ORDER BY name, version"
        return [(name, version, text) for name, version, text in self._connection.execute(query)]

    def add(self, name: str, version: str, definition: str) -> None:
        """Keeps one more.

        Raises:
            sqlite3.IntegrityError: there is one of this name and version.
        """
        row = (name, version, datetime.now().astimezone().isoformat(), definition)
        self._connection.execute("INSERT INTO pipelines (name, version, saved, definition) VALUES (?, ?, ?, ?)", row)

    def remove(self, name: str, version: str) -> None:
        """Removes one, and what it has done."""
        self._connection.execute("DELETE FROM pipelines WHERE name = ? AND version = ?", (name, version))
        self._connection.execute("DELETE FROM pipeline_statistics WHERE name = ? AND version = ?", (name, version))

    def statistics(self, name: str) -> Sequence[tuple[str, str, int, int, str, str, bytes]]:
        """What the versions of a pipeline have done; see `engine.pipeline.keeping.place.KeptStatistics`."""
        query = "SELECT version, shape, runs, failed, first, last, state FROM pipeline_statistics WHERE name = ?"
        return list(self._connection.execute(query, (name,)))

    def keep_statistics(self, name: str, row: tuple[str, str, int, int, str, str, bytes]) -> None:
        """Keeps what a version has done, in place of what was kept of it with this shape."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pipeline_statistics (name, version, shape, runs, failed, first, last, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, *row),
        )

    def associations(self) -> Sequence[tuple[str, str, str, str]]:
        """Kind and place of a dataset, a type of pipelines, and the reference of the pipeline."""
        query = "SELECT kind, place, pipeline_type, reference FROM pipeline_associations ORDER BY 1, 2, 3"
        return [(kind, place, type_, reference) for kind, place, type_, reference in self._connection.execute(query)]

    def associate(self, kind: str, place: str, pipeline_type: str, reference: str) -> None:
        """Gives a dataset its pipeline of this type, in place of any other."""
        self._connection.execute(
            "INSERT OR REPLACE INTO pipeline_associations (kind, place, pipeline_type, reference) VALUES (?, ?, ?, ?)",
            (kind, place, pipeline_type, reference),
        )

    def dissociate(self, kind: str, place: str, pipeline_type: str) -> bool:
        """Takes a dataset's pipeline of this type away; whether there was one."""
        cursor = self._connection.execute(
            "DELETE FROM pipeline_associations WHERE kind = ? AND place = ? AND pipeline_type = ?",
            (kind, place, pipeline_type),
        )
        return cursor.rowcount > 0


class PipelineKeeper:
    """Pipelines in the database. Every method may be called from any thread; a job must not call the store."""

    def __init__(self, writer: Writer, *, lock_timeout: float) -> None:
        self._writer = writer
        self._lock_timeout = lock_timeout

    def read(self, job: Callable[[PipelineRecords], T]) -> T:
        """What a job makes of what is kept, which does not change meanwhile.

        Raises:
            StoreError: the database cannot be read.
        """
        with reading(self._writer.path, lock_timeout=self._lock_timeout) as connection:
            return job(PipelineRecords(connection))

    def change(self, job: Callable[[PipelineRecords], T]) -> T:
        """Does a job that changes what is kept, all of it or, where it raises, nothing; waits until the disk has it.

        Raises:
            StoreError: the database cannot be written.
        """

        def inside(db: Database) -> T:
            with transaction(db):
                return job(PipelineRecords(db.conn))

        return self._writer.do(inside)
