"""One run as it was last saved."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from engine.run.snapshot import RunSnapshot
from engine.store.errors import RunNotFoundError
from engine.store.kinds import refuse_other_kinds
from engine.store.rows import parameters_from, snapshot_from
from engine.store.samples import SAMPLE_COLUMNS

if TYPE_CHECKING:
    from pydantic import JsonValue


def load_run(connection: sqlite3.Connection, run_id: int) -> RunSnapshot:
    """All that the store holds of a run.

    Raises:
        RunNotFoundError: there is no such run, or it was deleted.
        ValueError, TypeError, LookupError: its record does not hold what Lanescope writes.
    """
    row = _row(connection, "*", run_id)
    query = f"SELECT {SAMPLE_COLUMNS} FROM samples WHERE run_id = ? ORDER BY position"  # noqa: S608 - columns are ours
    samples = connection.execute(query, (run_id,)).fetchall()
    query = "SELECT module, result FROM results WHERE run_id = ?"
    results = dict(connection.execute(query, (run_id,)).fetchall())
    run = snapshot_from(row, samples, results)
    _refuse_nonsense(run)
    return run


def load_parameters(connection: sqlite3.Connection, run_id: int) -> dict[str, JsonValue]:
    """What a run was asked to do; raises as `load_run` does."""
    return parameters_from(_row(connection, "parameters", run_id)["parameters"])


def _row(connection: sqlite3.Connection, columns: str, run_id: int) -> sqlite3.Row:
    query = f"SELECT {columns} FROM runs WHERE run_id = ? AND deleted_at IS NULL"  # noqa: S608 - columns are ours
    row: sqlite3.Row | None = connection.execute(query, (run_id,)).fetchone()
    if row is None:
        raise RunNotFoundError(run_id)
    return row


def _refuse_nonsense(run: RunSnapshot) -> None:
    """Raises ValueError or TypeError where others have written in a record what nothing can be made of."""
    refuse_other_kinds(run)
    (run.kind + run.host).encode()  # which are not of the user, and so always text
    if not run.path.parts or (run.results.mate is not None and len(run.inputs) not in (0, 2)):
        raise ValueError("there are mates without files, or no input")
