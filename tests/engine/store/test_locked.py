"""Another process holds a lock: short ones are waited for, long ones told, and nothing is lost when they end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import StoreLockedError
from engine.store.store import LOCK_TIMEOUT, Store

Hold = Callable[[Path], AbstractContextManager[None]]


def test_what_waits_blocks_and_raises(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], hold_lock: Hold
) -> None:
    run = make_run(store)
    with hold_lock(path):
        calls: list[Callable[[], object]] = [
            lambda: store.save(replace(run, state=RunState.RUNNING)),
            lambda: store.delete_runs([run.run_id]),
            lambda: make_run(store),
            store.flush,
        ]
        for call in calls:
            with pytest.raises(StoreLockedError) as caught:
                call()
            assert str(path) in str(caught.value)
            assert caught.value.hint
    make_run(store)
    store.flush()
    assert store.load(run.run_id).state is RunState.RUNNING  # save() raised, and then tried again


def test_reading_goes_on(store: Store, path: Path, make_run: Callable[..., RunSnapshot], hold_lock: Hold) -> None:
    run = make_run(store)
    with hold_lock(path):
        assert store.load(run.run_id) == run
        assert len(store.list_runs("reads")) == 1
        assert store.statistics().runs == 1


def test_snapshots_are_written_when_the_lock_ends(
    store: Store,
    path: Path,
    make_run: Callable[..., RunSnapshot],
    hold_lock: Hold,
    wait_until: Callable[[Callable[[], bool]], None],
) -> None:
    run = make_run(store)
    told: list[tuple[LanescopeError, str]] = []
    store.on_problem = lambda problem: told.append((problem, threading.current_thread().name))
    with hold_lock(path):
        store.save_soon(replace(run, elapsed=1.0))
        wait_until(lambda: store.problem is not None)
        for elapsed in range(2, 30):
            store.save_soon(replace(run, elapsed=float(elapsed)))
        time.sleep(1.5)  # some attempts more
        assert isinstance(store.problem, StoreLockedError)
    wait_until(lambda: store.problem is None)
    assert store.load(run.run_id).elapsed == 29.0
    assert [(type(problem), thread) for problem, thread in told] == [(StoreLockedError, "store writer")]


def test_waiting_for_a_lock_takes_no_processor(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], hold_lock: Hold
) -> None:
    run = make_run(store)
    with hold_lock(path):
        store.save_soon(replace(run, elapsed=1.0))
        before = time.process_time()
        time.sleep(1.5)
        assert time.process_time() - before < 0.3


def test_flush_gives_up_when_told(path: Path, make_run: Callable[..., RunSnapshot], hold_lock: Hold) -> None:
    with Store.open(path, lock_timeout=1.0) as store:
        run = make_run(store)
        with hold_lock(path):
            store.save_soon(replace(run, elapsed=1.0))
            began = time.monotonic()
            with pytest.raises(StoreLockedError, match="latest numbers"):
                store.flush(timeout=0.2)
            assert time.monotonic() - began < 10  # it would wait for the lock


def test_closing_ends_and_says_what_is_lost(path: Path, make_run: Callable[..., RunSnapshot], hold_lock: Hold) -> None:
    store = Store.open(path, lock_timeout=0.5)
    run = make_run(store)
    with hold_lock(path):
        store.save_soon(replace(run, elapsed=1.0))
        began = time.monotonic()
        with pytest.raises(StoreLockedError):
            store.close()
        assert time.monotonic() - began < 30  # it would wait for the lock
        store.close()


def test_a_locked_database_does_not_open(path: Path, hold_lock: Hold) -> None:
    Store.open(path).close()
    with hold_lock(path), pytest.raises(StoreLockedError):
        Store.open(path, lock_timeout=0.2)
    Store.open(path).close()


def test_a_short_lock_is_nobodys_business(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], child: Callable[..., Any]
) -> None:
    code = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(0.1)
connection.close()
"""
    run = make_run(store)
    process = child(code, path)
    assert process.stdout.readline() == "locked\n"
    store.save(replace(run, elapsed=1.0))
    assert store.problem is None


def test_patience_by_default() -> None:
    assert LOCK_TIMEOUT == 5.0
