"""Writing runs: one function a kind of change, each one short transaction on the writer's connection."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.claims import claims, files_of, refuse_taken
from engine.store.connection import transaction
from engine.store.errors import RunNotFoundError, RunNotLostError, RunStillGoingError
from engine.store.kinds import NOT_UNDERSTOOD
from engine.store.owner import Owner
from engine.store.rows import Value, parameters_from, result_values, run_values, text_from, time_from, time_value
from engine.store.samples import SampleWriter

if TYPE_CHECKING:
    from pydantic import JsonValue
    from sqlite_utils import Database

    from engine.collectors.judged_by import JudgedBy

_GOING = {state.value for state in RunState if not state.is_final}
UNDO_TIME = timedelta(days=1)
"""How long another process may still restore what it deleted."""


def insert_run(
    db: Database, snapshot: RunSnapshot, parameters: dict[str, JsonValue], over: Collection[int] = ()
) -> int:
    """Add a run that belongs to this process.

    Args:
        db: the connection that writes.
        snapshot: the run.
        parameters: what it was asked to do.
        over: runs that have ended, whatever the database knows yet.

    Returns:
        The key it got; that in ``snapshot`` means nothing.

    Raises:
        OutputTakenError: a run that has not ended is going to write one of its files.
    """
    values = run_values(snapshot) | {
        "owner": Owner.this_process().to_json(),
        "parameters": json.dumps(parameters),
        "judged_by": None if snapshot.judged_by is None else snapshot.judged_by.to_json(),
    }
    wanted = [] if snapshot.state.is_final else files_of(parameters)
    with transaction(db):
        # In one transaction, or two processes would each find that the other has not come yet.
        if wanted:
            refuse_taken(wanted, claims(db.conn), over)
        return cast("int", db.table("runs").insert(values).last_pk)


def save_snapshot(db: Database, snapshot: RunSnapshot, samples: SampleWriter, *, durable: bool) -> None:
    """Bring all that the store holds of a run to ``snapshot``.

    Args:
        db: the connection that writes.
        snapshot: the run.
        samples: what of the live series has been written.
        durable: wait until the disk has it.

    Raises:
        RunNotFoundError: there is no such run any more.
    """
    run_id = snapshot.run_id
    results = [
        (run_id, module, result) for module, result in result_values(snapshot.results, snapshot.results_after).items()
    ]
    try:
        with transaction(db, durable=durable):
            _update(db, run_id, run_values(snapshot))
            samples.write(db, run_id, snapshot.samples)
            db.conn.execute("DELETE FROM results WHERE run_id = ?", (run_id,))
            db.conn.executemany("INSERT INTO results (run_id, module, result) VALUES (?, ?, ?)", results)
    except RunNotFoundError:
        samples.forget(run_id)
        raise
    if snapshot.state.is_final:
        samples.forget(run_id)
    else:
        samples.remember(run_id, snapshot.samples)


def reopen_run(db: Database, run_id: int, over: Collection[int] = ()) -> None:
    """Make an interrupted run one of this process that has not begun.

    Args:
        db: the connection that writes.
        run_id: the run.
        over: runs that have ended, whatever the database knows yet.

    Raises:
        RunNotFoundError: there is no such run.
        RunNotLostError: it was not interrupted, or somebody goes on with it already.
        OutputTakenError: a run that has not ended is going to write one of its files.
    """
    query = "SELECT name, state, parameters FROM runs WHERE run_id = ? AND deleted_at IS NULL"
    with transaction(db):
        rows = list(db.conn.execute(query, (run_id,)))
        if not rows:
            raise RunNotFoundError(run_id)
        [(name, state, parameters)] = rows
        if state != RunState.INTERRUPTED:
            raise RunNotLostError(run_id, text_from(name))
        if wanted := files_of(parameters_from(parameters)):
            refuse_taken(wanted, claims(db.conn), over)
        values: dict[str, Value] = {
            "state": RunState.CREATED.value,
            "owner": Owner.this_process().to_json(),
            "finished": None,
            "failure": None,
        }
        _update(db, run_id, values)


def judge_by(db: Database, wanted: Mapping[int, JudgedBy], *, only_undecided: bool = False) -> None:
    """Keep by which profile runs are judged from now on; see `Store.judge_by`."""
    values = [(judged_by.to_json(), run_id) for run_id, judged_by in wanted.items()]
    query = "UPDATE runs SET judged_by = ? WHERE run_id = ?"
    with transaction(db):
        db.conn.executemany(f"{query} AND judged_by IS NULL" if only_undecided else query, values)


def delete_runs(db: Database, run_ids: Sequence[int]) -> None:
    """Hide runs, all or none; ``restore_runs`` brings them back.

    Raises:
        RunNotFoundError: one is not there.
        RunStillGoingError: one has not ended.
    """
    deleted = {"deleted_at": time_value(datetime.now(UTC)), "deleted_by": Owner.this_process().to_json()}
    with transaction(db):
        for run_id in run_ids:
            _refuse_going(db, run_id)
            _update(db, run_id, deleted)


def restore_runs(db: Database, run_ids: Sequence[int]) -> None:
    """Show deleted runs again, all or none.

    Raises:
        RunNotFoundError: one is gone for good.
    """
    with transaction(db):
        for run_id in run_ids:
            _update(db, run_id, {"deleted_at": None, "deleted_by": None})


def purge(db: Database) -> int:
    """Remove for good what was deleted, and give its space back to the disk.

    Runs deleted by another process that still lives stay, since its user may yet undo that; for a day at most.

    Returns:
        The number of runs removed.
    """
    gone = [(run_id,) for run_id, deleted_at, deleted_by in _deleted(db) if _is_settled(deleted_at, deleted_by)]
    if not gone:
        return 0
    with transaction(db):
        # Another process may have restored or removed one in between.
        purged = db.conn.executemany("DELETE FROM runs WHERE run_id = ? AND deleted_at IS NOT NULL", gone).rowcount
    # As a script, since execute() takes one step, and this frees one page a step. The runs are gone whether or
    # not another process lets it happen now; what is not given back is used for the next runs.
    with contextlib.suppress(sqlite3.OperationalError):
        db.conn.executescript("PRAGMA incremental_vacuum")
    return purged


def _deleted(db: Database) -> list[tuple[int, datetime, Owner]]:
    rows = db.conn.execute("SELECT run_id, deleted_at, deleted_by FROM runs WHERE deleted_at IS NOT NULL")
    deleted = []
    for run_id, deleted_at, deleted_by in rows:
        with contextlib.suppress(*NOT_UNDERSTOOD):  # what cannot be understood is kept
            deleted.append((run_id, time_from(deleted_at), Owner.from_json(deleted_by)))
    return deleted


def _is_settled(deleted_at: datetime, deleted_by: Owner) -> bool:
    is_old = datetime.now(UTC) - deleted_at > UNDO_TIME
    return is_old or deleted_by.is_this_process() or deleted_by.has_ended()


def _update(db: Database, run_id: int, values: Mapping[str, Value]) -> None:
    from sqlite_utils.db import NotFoundError

    try:
        db.table("runs").update(run_id, dict(values))
    except NotFoundError:
        raise RunNotFoundError(run_id) from None


def _refuse_going(db: Database, run_id: int) -> None:
    for name, state in db.conn.execute("SELECT name, state FROM runs WHERE run_id = ?", (run_id,)):
        if state in _GOING:
            raise RunStillGoingError(run_id, text_from(name))
