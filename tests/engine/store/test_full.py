"""There is no room for more: what is there stays whole, and saving goes on as soon as there is room again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from engine.store.errors import StoreFullError
from engine.store.store import Store

LIMIT = 512 * 1024

Series = Callable[[int], tuple[Sample, ...]]
Make = Callable[..., RunSnapshot]


def fill(store: Store, make_run: Make, series: Series) -> list[RunSnapshot]:
    """Save runs until one no longer fits; those that did."""
    saved: list[RunSnapshot] = []
    try:
        while len(saved) < 50:
            saved.append(make_run(store, state=RunState.COMPLETED, samples=series(600)))
    except StoreFullError:
        return saved
    raise AssertionError("the limit does not hold")


def test_full_and_roomy_again(path: Path, make_run: Make, series: Series, check_sound: Callable[[Path], None]) -> None:
    with Store.open(path, max_bytes=LIMIT) as store:
        saved = fill(store, make_run, series)
        assert len(saved) > 3
        assert path.stat().st_size <= LIMIT
        assert type(store.problem) is StoreFullError
        check_sound(path)
        assert [store.load(run.run_id) for run in saved] == saved

        store.delete_runs([run.run_id for run in saved[:2]])
        assert store.purge() == 2
        store.flush()  # the run that did not fit still waited
        newest = store.list_runs()[0]
        assert newest.state is RunState.COMPLETED
        assert len(store.load(newest.run_id).samples) == 600
    check_sound(path)


def test_snapshots_wait_for_room(
    path: Path,
    make_run: Make,
    series: Series,
    wait_until: Callable[[Callable[[], bool]], None],
) -> None:
    with Store.open(path, max_bytes=LIMIT) as store:
        going = make_run(store, "going", state=RunState.RUNNING)
        saved = fill(store, make_run, series)
        for length in (1000, 1200):
            store.save_soon(replace(going, samples=series(length)))
        with pytest.raises(StoreFullError):
            store.flush()
        assert store.load(going.run_id) == going
        store.delete_runs([run.run_id for run in saved[:3]])
        store.purge()
        wait_until(lambda: store.problem is None)
        wait_until(lambda: len(store.load(going.run_id).samples) == 1200)


def test_another_run_is_saved_though_one_does_not_fit(path: Path, make_run: Make, series: Series) -> None:
    with Store.open(path, max_bytes=LIMIT) as store:
        small = make_run(store, "small", state=RunState.RUNNING)
        large = make_run(store, "large", state=RunState.RUNNING)
        saved = fill(store, make_run, series)
        store.save_soon(replace(large, samples=series(1200)))
        store.save_soon(replace(small, elapsed=3.0))
        with pytest.raises(StoreFullError):
            store.flush()
        assert store.load(small.run_id).elapsed == 3.0
        store.delete_runs([run.run_id for run in saved])
        store.purge()
        store.flush()
        assert len(store.load(large.run_id).samples) == 1200


def test_closing_a_full_store_says_what_is_lost(
    path: Path, make_run: Make, series: Series, check_sound: Callable[[Path], None]
) -> None:
    store = Store.open(path, max_bytes=LIMIT)
    saved = fill(store, make_run, series)
    with pytest.raises(StoreFullError):
        store.close()
    check_sound(path)
    with Store.open(path) as roomy:
        assert [roomy.load(run.run_id) for run in saved] == saved
        make_run(roomy, samples=series(600))


def test_no_room_to_begin_with(path: Path) -> None:
    with pytest.raises(StoreFullError):
        Store.open(path, max_bytes=4096)
    Store.open(path).close()


def test_a_full_database_opens(path: Path, make_run: Make, series: Series) -> None:
    with Store.open(path) as store:
        for _ in range(5):
            make_run(store, state=RunState.COMPLETED, samples=series(600))
    with Store.open(path, max_bytes=4096) as full:
        assert len(full.list_runs()) == 5
        with pytest.raises(StoreFullError):
            make_run(full, samples=series(1200))
        full.delete_runs([1, 2, 3])
        full.purge()
