"""Several Lanescope processes on one database; some of them die."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.owner import Owner
from engine.store.store import Store

Child = Callable[..., Any]


def test_all_open_a_fresh_database_at_once(path: Path, child: Child, check_sound: Callable[[Path], None]) -> None:
    code = """
import sys
from pathlib import Path
import sqlite_utils
from engine.store.store import Store
print("ready", flush=True)
sys.stdin.readline()
with Store.open(Path(sys.argv[1])) as store:
    run = store.create_run(name=sys.argv[2], path=Path("x"), kind="plain", bytes_total=1, workers=1,
                           parameters={}, versions={})
    print(run.run_id)
"""
    processes = [child(code, path, number) for number in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    run_ids = set()
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert errors == ""
        run_ids.add(int(output))
    assert len(run_ids) == 4
    check_sound(path)
    with Store.open(path) as store:
        assert {row.name for row in store.list_runs()} == {"0", "1", "2", "3"}


RUN_UNTIL_KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from engine.run.snapshot import Sample
from engine.run.state import RunState
from engine.store.store import Store
store = Store.open(Path(sys.argv[1]))
same = dict(path=Path("x"), kind="plain", bytes_total=1, workers=1, parameters={}, versions={})
run = store.create_run(name="killed", **same)
done = store.create_run(name="done", **same)
store.save(replace(done, state=RunState.COMPLETED))
samples = ()
while True:
    samples += (Sample(0.1 * len(samples), len(samples), 0, 0, 0, 0, 0),)
    samples = samples[::2] if len(samples) > 300 else samples
    snapshot = replace(run, state=RunState.RUNNING, started=run.created, elapsed=0.1 * len(samples), samples=samples,
                       time_left=9.0)
    store.save_soon(snapshot) if len(samples) % 3 else store.save(snapshot)
    if len(samples) == 50:
        print(run.run_id, done.run_id, flush=True)
"""


def test_a_run_whose_process_was_killed(path: Path, child: Child, check_sound: Callable[[Path], None]) -> None:
    before = datetime.now(UTC)
    process = child(RUN_UNTIL_KILLED, path)
    killed, done = map(int, process.stdout.readline().split())
    with Store.open(path) as store:
        assert store.load(killed).state is RunState.RUNNING  # its process lives, and so it is left alone
        assert store.mark_lost_runs() == []
        process.kill()
        process.communicate()
        assert store.mark_lost_runs() == [killed]
        assert store.mark_lost_runs() == []

        run = store.load(killed)
        assert run.state is RunState.INTERRUPTED
        assert run.finished is not None
        assert before < run.finished < datetime.now(UTC)
        assert run.time_left is None
        assert run.samples
        assert run.failure is not None
        assert "had been saved" in run.failure.message
        assert run.failure.hint
        assert store.load(done).state is RunState.COMPLETED
        assert store.load(done).failure is None
        store.delete_runs([killed])
    check_sound(path)


def test_killed_alone_and_found_at_opening(path: Path, child: Child, check_sound: Callable[[Path], None]) -> None:
    process = child(RUN_UNTIL_KILLED, path)
    killed, _ = map(int, process.stdout.readline().split())
    process.kill()
    process.communicate()
    with Store.open(path) as store:
        assert store.load(killed).state is RunState.INTERRUPTED
    check_sound(path)


@pytest.mark.parametrize("state", [state for state in RunState if not state.is_final])
def test_every_state_can_be_lost(
    path: Path, make_run: Callable[..., RunSnapshot], child: Child, state: RunState
) -> None:
    ended = child("")
    ended.communicate(timeout=20)
    with Store.open(path) as store:
        run = make_run(store, state=state)
    _give_to(path, replace(Owner.this_process(), pid=ended.pid))
    with Store.open(path) as store:
        assert store.load(run.run_id).state is RunState.INTERRUPTED


def test_a_number_used_again_is_another_process(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    with Store.open(path) as store:
        run = make_run(store, state=RunState.RUNNING)
    us = Owner.this_process()
    _give_to(path, replace(us, started=us.started - 3600, ticks=None if us.ticks is None else us.ticks - 360_000))
    with Store.open(path) as store:
        assert store.load(run.run_id).state is RunState.INTERRUPTED


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, the start of a process does not move with the clock")
@pytest.mark.parametrize("jump", [-7200.0, 3600.0, 1e9])
def test_a_clock_that_is_set_during_a_run_does_not_end_it(
    path: Path, make_run: Callable[..., RunSnapshot], jump: float
) -> None:
    with Store.open(path) as store:
        run = make_run(store, state=RunState.RUNNING)
    # Of a process that started before the clock was set, the system tells now that it started by so much later.
    us = Owner.this_process()
    _give_to(path, replace(us, started=us.started - jump))
    with Store.open(path) as store:
        assert store.load(run.run_id).state is RunState.RUNNING
    _give_to(path, replace(us, boot="another"))
    with Store.open(path) as store:
        assert store.load(run.run_id).state is RunState.INTERRUPTED


def test_owners_that_older_versions_wrote_are_known_by_the_clock() -> None:
    us = Owner.this_process()
    older = Owner.from_json(json.dumps({"host": us.host, "pid": us.pid, "started": us.started}))
    assert not older.has_ended()
    assert replace(older, started=us.started - 3600).has_ended()
    assert Owner.from_json(us.to_json()) == us


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: no process is left as a zombie")
def test_a_zombie_has_ended(child: Child, wait_until: Callable[[Callable[[], bool]], None]) -> None:
    process = child("import sys; sys.stdin.readline()")
    owner = Owner.of(process.pid)
    assert not owner.has_ended()
    process.stdin.write("end\n")
    process.stdin.flush()
    wait_until(owner.has_ended)  # nobody has asked for its exit status
    assert process.poll() == 0


def test_runs_of_other_machines_are_left_alone(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    with Store.open(path) as store:
        run = make_run(store, state=RunState.RUNNING)
    _give_to(path, replace(Owner.this_process(), host="elsewhere", started=0.0))
    with Store.open(path) as store:
        assert store.load(run.run_id).state is RunState.RUNNING


def test_runs_of_this_process_are_left_alone(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    with Store.open(path) as store, Store.open(path) as other:
        run = make_run(store, state=RunState.RUNNING)
        assert other.mark_lost_runs() == []
        assert other.load(run.run_id).state is RunState.RUNNING
        assert Owner.this_process().pid == os.getpid()


def test_forgotten_deletions_of_other_machines_are_purged(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    with Store.open(path) as store:
        runs = [make_run(store, state=RunState.COMPLETED) for _ in range(2)]
        store.delete_runs([run.run_id for run in runs])
        elsewhere = replace(Owner.this_process(), host="elsewhere").to_json()
        long_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE runs SET deleted_by = ?", (elsewhere,))
            connection.execute("UPDATE runs SET deleted_at = ? WHERE run_id = ?", (long_ago, runs[0].run_id))
        assert store.purge() == 1
        store.restore_runs([runs[1].run_id])


def _give_to(path: Path, owner: Owner) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET owner = ?", (owner.to_json(),))
