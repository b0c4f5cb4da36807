"""Runs whose process ended without a word: killed, crashed, or the power went."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from engine.run.snapshot import RunFailure
from engine.run.state import RunEvent, RunState, next_state
from engine.store.connection import transaction
from engine.store.owner import Owner
from engine.store.rows import failure_value

if TYPE_CHECKING:
    from sqlite_utils import Database


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
        for run_id, state, owner in lost:
            interrupted = next_state(state, RunEvent.LOSE)
            db.conn.execute(
                "UPDATE runs SET state = ?, finished = saved, time_left = NULL, failure = ? WHERE run_id = ?",
                (interrupted.value, failure_value(_failure(owner)), run_id),
            )
    return [run_id for run_id, _, _ in lost]


def _lost(connection: sqlite3.Connection) -> list[tuple[int, RunState, Owner]]:
    going = [state.value for state in RunState if not state.is_final]
    places = ", ".join("?" * len(going))
    # Only question marks are put into the text.
    query = f"SELECT run_id, state, owner FROM runs WHERE state IN ({places})"  # noqa: S608
    rows = [
        (int(run_id), RunState(state), Owner.from_json(owner))
        for run_id, state, owner in connection.execute(query, going)
    ]
    return [row for row in rows if row[2].has_ended()]


def _failure(owner: Owner) -> RunFailure:
    return RunFailure(
        title="The run was interrupted",
        message=f"Lanescope (process {owner.pid}) ended without finishing this run. What it had counted was kept.",
        hint="Run the file again to get complete numbers.",
    )
