"""What a window learns of runs of other processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import StoreDamagedError, StoreError
from engine.store.store import Store
from engine.store.watch import StoreNews, StoreWatch

Child = Callable[..., Any]
MakeRun = Callable[..., RunSnapshot]

_NOTHING = StoreNews()

_RUN = """
import sys
from dataclasses import replace
from pathlib import Path
from engine.run.snapshot import Sample
from engine.run.state import RunState
from engine.store.store import Store
with Store.open(Path(sys.argv[1])) as store:
    run = store.create_run(name="far", path=Path("far.fastq"), kind="plain", bytes_total=1000, workers=1,
                           parameters={}, versions={})
    print(run.run_id, flush=True)
    sys.stdin.readline()
    run = replace(run, state=RunState.RUNNING, samples=(Sample(1.0, 5, 50, 250, 90, 0, 9),))
    store.save(run)
    print("running", flush=True)
    sys.stdin.readline()
    store.save(replace(run, state=RunState.COMPLETED))
"""


@pytest.fixture
def watch(store: Store) -> Generator[StoreWatch]:
    with closing(StoreWatch(store.path)) as watch:
        yield watch


def _go_on(process: Any) -> str:
    process.stdin.write("go\n")
    process.stdin.flush()
    return str(process.stdout.readline()).strip()


def test_a_run_of_another_process_is_followed_to_its_end(store: Store, watch: StoreWatch, child: Child) -> None:
    assert watch.has_news()
    assert watch.look((), ()) == _NOTHING
    assert not watch.has_news()
    process = child(_RUN, store.path)
    run_id = int(process.stdout.readline())

    assert watch.has_news()
    news = watch.look((), ())
    assert [(row.run_id, row.name, row.state) for row in news.rows] == [(run_id, "far", RunState.CREATED)]
    assert (news.going, news.gone, news.bytes_read) == (frozenset({run_id}), frozenset(), {})

    assert _go_on(process) == "running"
    assert watch.has_news()
    news = watch.look({run_id}, {run_id})
    assert [row.state for row in news.rows] == [RunState.RUNNING]
    assert (news.going, news.bytes_read) == (frozenset({run_id}), {run_id: 250})
    assert not watch.has_news()

    process.communicate("go\n", timeout=60)
    news = watch.look({run_id}, {run_id})
    assert [row.state for row in news.rows] == [RunState.COMPLETED]
    assert (news.going, news.bytes_read) == (frozenset(), {})
    assert watch.look({run_id}, ()) == _NOTHING


def test_what_this_process_does_is_no_news_until_it_is_over(store: Store, watch: StoreWatch, make_run: MakeRun) -> None:
    run = make_run(store, state=RunState.RUNNING)
    assert watch.has_news()
    assert watch.look((), ()) == _NOTHING
    store.save(replace(run, state=RunState.COMPLETED))
    assert [row.run_id for row in watch.look((), ()).rows] == [run.run_id]


def test_runs_that_were_deleted_are_gone_and_come_back(store: Store, watch: StoreWatch, make_run: MakeRun) -> None:
    first, second = (make_run(store, state=RunState.COMPLETED).run_id for _ in range(2))
    store.delete_runs([first])
    assert watch.look({first, second}, ()) == StoreNews(gone=frozenset({first}))
    store.restore_runs([first])
    assert watch.has_news()
    assert [row.run_id for row in watch.look({second}, ()).rows] == [first]


def test_what_failed_once_is_looked_at_again(store: Store, watch: StoreWatch, make_run: MakeRun) -> None:
    run_id = make_run(store, state=RunState.COMPLETED).run_id
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE runs RENAME COLUMN created TO once")
        with pytest.raises(StoreDamagedError, match="no such column: created"):
            watch.look((), ())
        assert watch.has_news()
        connection.execute("ALTER TABLE runs RENAME COLUMN once TO created")
    assert [row.run_id for row in watch.look((), ()).rows] == [run_id]


def test_there_is_nothing_to_see_without_a_database_or_after_the_end(tmp_path: Path, watch: StoreWatch) -> None:
    with closing(StoreWatch(tmp_path / "none.sqlite")) as none, pytest.raises(StoreError):
        none.has_news()
    watch.close()
    watch.close()
    assert not watch.has_news()
    assert watch.look({1}, {1}) == _NOTHING


def test_an_owner_that_makes_no_sense_hides_no_other_news(store: Store, watch: StoreWatch, make_run: MakeRun) -> None:
    damaged, other = make_run(store, state=RunState.RUNNING).run_id, make_run(store, state=RunState.COMPLETED).run_id
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET owner = 'nobody' WHERE run_id = ?", (damaged,))
    news = watch.look((), ())
    assert {row.run_id for row in news.rows} == {damaged, other}
    assert news.going == {damaged}
