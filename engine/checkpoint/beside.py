"""The checkpoints of all runs of a database; quick to import."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.checkpoint.folder import CheckpointFolder
    from engine.checkpoint.state import State


def checkpoints_beside(database: Path) -> Path:
    """Where the checkpoints of all runs of a database lie, a folder for each run by its key."""
    return database.with_name(f"{database.name}.checkpoints")


def checkpoints_of(database: Path, run_id: int) -> CheckpointFolder:
    """The checkpoints of one run of a database."""
    # Looking into checkpoints loads NumPy.
    from engine.checkpoint.folder import CheckpointFolder

    return CheckpointFolder(checkpoints_beside(database) / str(run_id))


def runs_with_checkpoints(database: Path) -> frozenset[int]:
    """Keys of the runs that have a checkpoint, whole or not; none where the folder cannot be read."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for folder in checkpoints_beside(database).iterdir():
            if folder.name.isdecimal() and any(folder.glob("checkpoint-*.lsc")):
                found.add(int(folder.name))
    return frozenset(found)


def safe_reads(database: Path, run_id: int) -> int | None:
    """Reads counted in the newest whole checkpoint of a run; ``None``: it has none."""
    try:
        newest = checkpoints_of(database, run_id).newest()
    except OSError:
        return None
    return None if newest is None else reads_counted(newest[1])


def reads_counted(state: State) -> int:
    """Reads that had been counted when a checkpoint was taken."""
    progress = state.get("progress")
    reads = progress[0] if isinstance(progress, list) and progress else 0
    return reads if isinstance(reads, int) else 0
