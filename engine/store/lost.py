"""Runs whose process ended without a word: killed, crashed, or the power went."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from engine.run.snapshot import RunFailure
from engine.run.state import RunEvent, RunState, next_state
from engine.store.connection import transaction
from engine.store.going import GOING
from engine.store.owner import Owner
from engine.store.rows import failure_value

if TYPE_CHECKING:
    from sqlite_utils import Database

_FAILURE = RunFailure(
    title="The run was interrupted",
    message="Lanescope ended before this run was done. What had been saved by then was kept.",
    hint="Run the file again to get complete numbers.",
)


def mark_lost_runs(db: Database) -> list[int]:
    """Mark runs as interrupted that were going in processes of this machine which are no more.

    Their end is when the store last heard of them.

    Returns:
        Their keys.
    """
    if not _lost(db.conn):
        return []
    with transaction(db):
        # Asked again: another process may have marked them before this one got the lock.
        lost = _lost(db.conn)
        for run_id, state in lost:
            interrupted = next_state(state, RunEvent.LOSE)
            db.conn.execute(
                "UPDATE runs SET state = ?, finished = saved, time_left = NULL, failure = ? WHERE run_id = ?",
                (interrupted.value, failure_value(_FAILURE), run_id),
            )
    return [run_id for run_id, _ in lost]


def _lost(connection: sqlite3.Connection) -> list[tuple[int, RunState]]:
    query = f"SELECT run_id, state, owner FROM runs WHERE {GOING}"  # noqa: S608 - the condition is ours
    return [(int(run_id), RunState(state)) for run_id, state, owner in connection.execute(query) if _has_ended(owner)]


def _has_ended(owner: str) -> bool:
    try:
        return Owner.from_json(owner).has_ended()
    except ValueError:  # of whom nobody can know
        return False
