"""Samples are appended while a series grows, and written anew when it was thinned."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from engine.store.store import Store

Series = Callable[[int], tuple[Sample, ...]]


@pytest.fixture
def written(store: Store, path: Path) -> Generator[Callable[[], int]]:
    """How many samples were written since it was last asked, by a trigger in the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE notes (position)")
        connection.execute(
            "CREATE TRIGGER note AFTER INSERT ON samples BEGIN INSERT INTO notes VALUES (NEW.position); END"
        )

        def count() -> int:
            [(number,)] = connection.execute("SELECT count(*) FROM notes")
            connection.execute("DELETE FROM notes")
            return int(number)

        yield count


@pytest.fixture
def run(store: Store, make_run: Callable[..., RunSnapshot]) -> RunSnapshot:
    return make_run(store, state=RunState.RUNNING)


def test_a_growing_series_is_appended(
    store: Store, run: RunSnapshot, series: Series, written: Callable[[], int]
) -> None:
    for length, appended in [(10, 10), (11, 1), (11, 0), (40, 29)]:
        store.save(replace(run, samples=series(length)))
        assert written() == appended
        assert store.load(run.run_id).samples == series(length)


def test_a_thinned_series_is_written_anew(
    store: Store, run: RunSnapshot, series: Series, written: Callable[[], int]
) -> None:
    store.save(replace(run, samples=series(1200)))
    assert written() == 1200
    thinned = series(1200)[1::2]
    store.save(replace(run, samples=thinned))
    assert written() == 600
    assert store.load(run.run_id).samples == thinned
    grown = (*thinned, *series(1203)[1200:])
    store.save(replace(run, samples=grown))
    assert written() == 3
    assert store.load(run.run_id).samples == grown


def test_a_series_thinned_and_grown_beyond_the_old_one(store: Store, run: RunSnapshot, series: Series) -> None:
    store.save(replace(run, samples=series(20)))
    grown = (*series(20)[::2], *series(40)[20:])
    store.save(replace(run, samples=grown))
    assert store.load(run.run_id).samples == grown


def test_a_change_in_the_middle_alone_is_noticed(store: Store, run: RunSnapshot, series: Series) -> None:
    store.save(replace(run, samples=series(20)))
    changed = (*series(9), replace(series(10)[9], reads=1), *series(20)[10:])
    store.save(replace(run, samples=changed))
    assert store.load(run.run_id).samples == changed


def test_another_store_knows_nothing_of_what_was_written(
    store: Store, path: Path, run: RunSnapshot, series: Series
) -> None:
    store.save(replace(run, samples=series(30)))
    with Store.open(path) as other:
        other.save(replace(run, samples=series(5)))
        assert other.load(run.run_id).samples == series(5)
        other.save(replace(run, samples=series(35)))
    store.save(replace(run, samples=series(32)))
    assert store.load(run.run_id).samples == series(32)


def test_a_run_that_ended_can_be_saved_again(
    store: Store, run: RunSnapshot, series: Series, written: Callable[[], int]
) -> None:
    ended = replace(run, samples=series(3), state=RunState.COMPLETED)
    store.save(ended)
    store.save(replace(ended, name="renamed"))
    assert store.load(run.run_id).samples == series(3)


def test_series_of_two_runs_stay_apart(
    store: Store, run: RunSnapshot, series: Series, make_run: Callable[..., RunSnapshot]
) -> None:
    other = make_run(store, samples=series(7), state=RunState.RUNNING)
    store.save(replace(run, samples=series(4)))
    store.save(replace(other, samples=series(2)))
    assert store.load(run.run_id).samples == series(4)
    assert store.load(other.run_id).samples == series(2)
