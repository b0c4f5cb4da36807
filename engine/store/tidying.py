"""What runs that are over have left beside the database: checkpoints of no use, and unfinished outputs."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from engine.checkpoint.beside import checkpoints_beside, checkpoints_of, runs_with_checkpoints
from engine.checkpoint.unsaved import clear_unsaved
from engine.run.state import RunState

_OVER = {state.value for state in RunState if state.is_final}


def tidy(connection: sqlite3.Connection, database: Path) -> list[int]:
    """Removes what lies beside a database for runs that were deleted for good, that have ended, or cannot go on.

    What lost processes left that kept nothing in it goes too.

    Args:
        connection: to the database, in which lost runs have been marked.
        database: its file.

    Returns:
        Keys of the runs of which something was removed.
    """
    clear_unsaved(database)
    # Folders first: a run is in the database before it has one.
    kept = _folders(database)
    if not kept:
        return []
    states = dict(connection.execute("SELECT run_id, state FROM runs"))
    can_go_on = runs_with_checkpoints(database)
    useless = [
        run_id
        for run_id in sorted(kept)
        if (state := states.get(run_id)) is None
        or (state in _OVER and not (state == RunState.INTERRUPTED and run_id in can_go_on))
    ]
    for run_id in useless:
        checkpoints_of(database, run_id).prune()
    return useless


def _folders(database: Path) -> set[int]:
    with contextlib.suppress(OSError):
        return {int(path.name) for path in checkpoints_beside(database).iterdir() if path.name.isdecimal()}
    return set()
