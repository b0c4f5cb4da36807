"""What lies beside the database for runs that cannot go on is removed when it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.folder import CheckpointFolder
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store


def new_run(store: Store, folder: Path) -> RunSnapshot:
    return store.create_run(name="a", path=folder / "a", kind="", bytes_total=1, workers=1, parameters={}, versions={})


def test_only_what_can_go_on_or_is_going_is_kept(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    with Store.open(database) as store:
        runs = [new_run(store, tmp_path) for _ in range(4)]
    going, lost, lost_early, ended = (run.run_id for run in runs)
    states = {lost: RunState.INTERRUPTED, lost_early: RunState.INTERRUPTED, ended: RunState.COMPLETED}
    with sqlite3.connect(database) as connection:
        for run_id, state in states.items():
            connection.execute("UPDATE runs SET state = ? WHERE run_id = ?", (state.value, run_id))
    connection.close()
    deleted = max(states) + 1
    outputs = tmp_path / "out"
    outputs.mkdir()
    left = {}
    for run_id in (going, *states, deleted):
        folder = CheckpointFolder(checkpoints_beside(database) / str(run_id))
        token = folder.leftovers.begin([outputs])
        left[run_id] = outputs / f".reads.fastq.{run_id}.{token}.part"
        left[run_id].write_text("@r\n")
        if run_id != lost_early:
            folder.write({"batch": 1})
    (outputs / ".mine.part").write_text("another's")
    Store.open(database).close()
    kept = {going, lost}
    assert {int(path.name) for path in checkpoints_beside(database).iterdir()} == kept
    assert set(outputs.iterdir()) == {outputs / ".mine.part", *(left[run_id] for run_id in kept)}


def test_an_opening_without_checkpoints_makes_none(tmp_path: Path) -> None:
    Store.open(tmp_path / "runs.sqlite").close()
    Store.open(tmp_path / "runs.sqlite").close()
    assert not checkpoints_beside(tmp_path / "runs.sqlite").exists()
