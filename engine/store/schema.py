"""Tables of the store, and how older ones become today's.

Migrations are only ever appended: what has been released is never edited, since databases made with it exist.
A change to the models in ``engine.collectors.results`` or ``engine.run.snapshot`` that older rows
do not fit needs a migration here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.store.connection import transaction
from engine.store.errors import StoreDamagedError, StoreNewerError

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4C4E5350
"""Says in the file's header that it is Lanescope's: "LNSP"."""

Migration = Callable[["Database"], None]
"""Takes the schema from one version to the next, inside a transaction of the caller."""


def _create_runs(db: Database) -> None:
    # AUTOINCREMENT: the number of a purged run must not come back on another.
    # Wide columns stand last, so that a list need not read past them.
    db.executescript("""
        CREATE TABLE runs (
            run_id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            created TEXT NOT NULL,
            started TEXT,
            finished TEXT,
            saved TEXT NOT NULL,
            elapsed REAL NOT NULL,
            time_left REAL,
            bytes_total INTEGER,
            workers INTEGER NOT NULL,
            reads INTEGER NOT NULL,
            bases INTEGER NOT NULL,
            gc_percent REAL,
            mean_quality REAL,
            deleted_at TEXT,
            deleted_by TEXT,
            host TEXT NOT NULL,
            owner TEXT NOT NULL,
            failure TEXT,
            versions TEXT NOT NULL,
            parameters TEXT NOT NULL,
            queue TEXT NOT NULL,
            threads TEXT NOT NULL
        );
        CREATE INDEX runs_listed ON runs (created, run_id) WHERE deleted_at IS NULL;
        CREATE INDEX runs_by_state ON runs (state);
        CREATE TABLE samples (
            run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            time REAL NOT NULL,
            reads INTEGER NOT NULL,
            bases INTEGER NOT NULL,
            bytes_read INTEGER NOT NULL,
            text_bytes INTEGER NOT NULL,
            queue_size INTEGER NOT NULL,
            memory INTEGER NOT NULL,
            PRIMARY KEY (run_id, position)
        ) WITHOUT ROWID;
        CREATE TABLE results (
            run_id INTEGER NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
            module TEXT NOT NULL,
            result TEXT NOT NULL,
            PRIMARY KEY (run_id, module)
        );
    """)


def _keep_inputs(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN inputs TEXT NOT NULL DEFAULT '[]'")


def _create_pipelines(db: Database) -> None:
    db.executescript("""
        CREATE TABLE pipelines (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            saved TEXT NOT NULL,
            definition TEXT NOT NULL,
            PRIMARY KEY (name, version)
        ) WITHOUT ROWID;
        CREATE TABLE pipeline_associations (
            kind TEXT NOT NULL,
            place TEXT NOT NULL,
            pipeline_type TEXT NOT NULL,
            reference TEXT NOT NULL,
            PRIMARY KEY (kind, place, pipeline_type)
        ) WITHOUT ROWID;
    """)


def _keep_processing(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN pipeline TEXT")
    db.execute("ALTER TABLE runs ADD COLUMN outputs TEXT NOT NULL DEFAULT '[]'")


def _keep_load(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN buffers TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE runs ADD COLUMN tuning TEXT")
    db.execute("ALTER TABLE runs ADD COLUMN sampling TEXT")


def _keep_pipeline_statistics(db: Database) -> None:
    db.executescript("""
        CREATE TABLE pipeline_statistics (
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            shape TEXT NOT NULL,
            runs INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            first TEXT NOT NULL,
            last TEXT NOT NULL,
            state BLOB NOT NULL,
            PRIMARY KEY (name, version, shape)
        );
    """)


def _keep_skipped(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN skipped TEXT")


def _keep_devices(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN devices TEXT")


def _keep_preparing(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN prepared REAL NOT NULL DEFAULT 0")


def _keep_profiles(db: Database) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN judged_by TEXT")


MIGRATIONS: tuple[Migration, ...] = (
    _create_runs,
    _keep_inputs,
    _create_pipelines,
    _keep_processing,
    _keep_load,
    _keep_pipeline_statistics,
    _keep_skipped,
    _keep_devices,
    _keep_preparing,
    _keep_profiles,
)
"""``MIGRATIONS[n]`` takes version n to n + 1. Version 0 is an empty file."""


def migrate(db: Database, path: Path) -> None:
    """Bring the database to today's version; safe while other processes do the same.

    Raises:
        StoreNewerError: a newer Lanescope made it; nothing was changed.
        StoreDamagedError: it is a database of another program; nothing was changed.
        sqlite3.Error: as SQLite says, for example because the file may only be read.
    """
    while True:
        # Asked for even when there is nothing to do: a file that cannot be written shows here and not in mid-run.
        with transaction(db):
            version = checked_version(db.conn, path)
            if version == len(MIGRATIONS):
                return
            MIGRATIONS[version](db)
            db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.conn.execute(f"PRAGMA user_version = {version + 1}")


def checked_version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's version, 0 for an empty file.

    Raises:
        StoreNewerError: a newer Lanescope made it.
        StoreDamagedError: another program made it.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not (is_empty and version == 0):
        raise StoreDamagedError(f"{path} is a database of another program.", path=path)
    if version > len(MIGRATIONS):
        message = f"{path} has version {version}; this Lanescope knows versions up to {len(MIGRATIONS)}."
        raise StoreNewerError(message, path=path)
    return version
