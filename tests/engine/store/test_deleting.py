"""Deleted runs can be brought back until they are purged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from engine.store.errors import RunNotFoundError, RunStillGoingError
from engine.store.store import Store


@pytest.fixture
def runs(
    store: Store, make_run: Callable[..., RunSnapshot], full: Callable[..., RunSnapshot]
) -> tuple[RunSnapshot, ...]:
    """Three runs that ended."""
    made = tuple(full(make_run(store)) for _ in range(3))
    for run in made:
        store.save(run)
    return made


def test_delete_and_undo(store: Store, runs: tuple[RunSnapshot, ...]) -> None:
    first, second, third = runs
    store.delete_runs([first.run_id, third.run_id])
    assert [row.run_id for row in store.list_runs()] == [second.run_id]
    assert store.statistics().runs == 1
    with pytest.raises(RunNotFoundError):
        store.load(first.run_id)
    store.restore_runs([first.run_id, third.run_id])
    assert len(store.list_runs()) == 3
    assert store.load(first.run_id) == first


def test_purge_removes_for_good(store: Store, path: Path, runs: tuple[RunSnapshot, ...]) -> None:
    first, second, third = runs
    assert store.purge() == 0
    store.delete_runs([first.run_id, third.run_id])
    assert store.purge() == 2
    assert store.purge() == 0
    with pytest.raises(RunNotFoundError):
        store.restore_runs([first.run_id])
    assert store.load(second.run_id) == second
    with closing(sqlite3.connect(path)) as connection:
        for table in ("runs", "samples", "results"):
            query = f"SELECT DISTINCT run_id FROM {table}"  # noqa: S608 (names from the line above)
            assert connection.execute(query).fetchall() == [(second.run_id,)]


def test_purge_gives_space_back(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], series: Callable[[int], tuple[Sample, ...]]
) -> None:
    runs = [make_run(store, state=RunState.COMPLETED, samples=series(1200)) for _ in range(10)]
    store.delete_runs([run.run_id for run in runs])
    before = store.statistics().bytes_on_disk
    assert store.purge() == 10
    store.close()
    assert path.stat().st_size < before / 4
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)


def test_numbers_do_not_come_back(
    store: Store, runs: tuple[RunSnapshot, ...], make_run: Callable[..., RunSnapshot]
) -> None:
    store.delete_runs([runs[-1].run_id])
    store.purge()
    assert make_run(store).run_id > runs[-1].run_id


@pytest.mark.parametrize("state", [state for state in RunState if not state.is_final])
def test_a_run_still_going_stays(
    store: Store, runs: tuple[RunSnapshot, ...], make_run: Callable[..., RunSnapshot], state: RunState
) -> None:
    going = make_run(store, "going.fq", state=state)
    with pytest.raises(RunStillGoingError, match=r"going\.fq") as caught:
        store.delete_runs([runs[0].run_id, going.run_id])
    assert caught.value.hint
    assert len(store.list_runs()) == 4  # all or none


def test_unknown_runs(store: Store, runs: tuple[RunSnapshot, ...]) -> None:
    with pytest.raises(RunNotFoundError):
        store.delete_runs([runs[0].run_id, 99])
    assert len(store.list_runs()) == 3
    with pytest.raises(RunNotFoundError):
        store.restore_runs([99])


def test_nothing_to_do(store: Store, runs: tuple[RunSnapshot, ...]) -> None:
    store.delete_runs([])
    store.restore_runs([])
    store.restore_runs([runs[0].run_id])
    store.delete_runs([runs[0].run_id, runs[0].run_id])
    store.delete_runs([runs[0].run_id])
    assert len(store.list_runs()) == 2


def test_what_a_living_process_deleted_waits_for_its_undo(
    store: Store, path: Path, runs: tuple[RunSnapshot, ...], child: Callable[..., Any]
) -> None:
    code = """
import sys
from pathlib import Path
from engine.store.store import Store
with Store.open(Path(sys.argv[1])) as store:
    store.delete_runs([int(sys.argv[2])])
    print("deleted", flush=True)
    sys.stdin.readline()
"""
    process = child(code, path, runs[0].run_id)
    assert process.stdout.readline() == "deleted\n"
    assert store.purge() == 0
    process.communicate("done\n", timeout=20)
    assert process.returncode == 0
    assert store.purge() == 1
