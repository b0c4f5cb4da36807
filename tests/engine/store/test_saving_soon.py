"""``save_soon`` returns at once, and of many snapshots of a run only the newest is written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import RunNotFoundError
from engine.store.store import Store

WaitUntil = Callable[[Callable[[], bool]], None]


@pytest.fixture
def witness(store: Store, path: Path) -> Generator[sqlite3.Connection]:
    """Another connection, and a trigger by which the database notes each update of a run."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE notes (run_id)")
        connection.execute("CREATE TRIGGER note AFTER UPDATE ON runs BEGIN INSERT INTO notes VALUES (NEW.run_id); END")
        yield connection


def test_the_newest_wins(store: Store, witness: sqlite3.Connection, make_run: Callable[..., RunSnapshot]) -> None:
    runs = [make_run(store), make_run(store)]
    witness.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    for elapsed in range(100):
        for run in runs:
            store.save_soon(replace(run, elapsed=float(elapsed)))
    assert time.monotonic() - began < 30  # the lock above would hold it for ever
    witness.execute("ROLLBACK")
    store.flush()
    for run in runs:
        assert store.load(run.run_id).elapsed == 99.0
    # One that was under way when the others came, and the newest.
    [(written,)] = witness.execute("SELECT count(*) FROM notes")
    assert 2 <= written <= 4


def test_it_is_written_without_being_asked(
    store: Store, make_run: Callable[..., RunSnapshot], wait_until: WaitUntil
) -> None:
    run = make_run(store)
    store.save_soon(replace(run, state=RunState.RUNNING))
    wait_until(lambda: store.load(run.run_id).state is RunState.RUNNING)


def test_nothing_older_follows_a_save(
    store: Store, witness: sqlite3.Connection, make_run: Callable[..., RunSnapshot]
) -> None:
    run = make_run(store)
    witness.execute("BEGIN IMMEDIATE")
    store.save_soon(replace(run, elapsed=1.0))
    store.save_soon(replace(run, elapsed=2.0))
    saving = threading.Thread(target=store.save, args=(replace(run, elapsed=3.0, state=RunState.COMPLETED),))
    saving.start()
    saving.join(0.1)
    witness.execute("ROLLBACK")
    saving.join()
    store.flush()
    assert store.load(run.run_id).elapsed == 3.0
    assert store.load(run.run_id).state is RunState.COMPLETED


def test_a_run_that_is_gone_is_told_and_dropped(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    run = make_run(store)
    told: list[Exception] = []
    store.on_problem = told.append
    store.save_soon(replace(run, run_id=99))
    with pytest.raises(RunNotFoundError):
        store.flush()
    assert isinstance(store.problem, RunNotFoundError)
    assert len(told) == 1
    store.save_soon(run)
    store.flush()
    assert store.problem is None


def test_a_defect_neither_kills_the_writer_nor_passes_unseen(
    store: Store, make_run: Callable[..., RunSnapshot], wait_until: WaitUntil, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_listener(problem: LanescopeError) -> None:
        raise ZeroDivisionError(problem)

    run = make_run(store)
    store.on_problem = broken_listener
    store.save_soon(replace(run, bytes_total=2**70))
    wait_until(lambda: "could not be kept" in str(store.problem))
    store.save(run)
    wait_until(lambda: store.problem is None)
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [OverflowError, ZeroDivisionError]


def test_many_threads_at_once(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    def work() -> None:
        run = make_run(store)
        for elapsed in range(20):
            store.save_soon(replace(run, elapsed=float(elapsed)))
            store.list_runs()
        store.save(replace(run, elapsed=20.0, state=RunState.COMPLETED))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = store.list_runs()
    assert [row.elapsed for row in rows] == [20.0] * 6
    assert len({row.run_id for row in rows}) == 6
