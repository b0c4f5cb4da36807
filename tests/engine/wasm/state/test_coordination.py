from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.wasm.state.coordination import SharedCounter, WorkCounts, WorkItem, WorkItems, coordination_key
from engine.wasm.state.errors import StateError
from engine.wasm.state.memory import MemoryState
from engine.wasm.state.sqlite import SqliteState
from engine.wasm.state.store import StateStore
from tests.engine.wasm.state.test_state import in_threads


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[StateStore]:
    made: StateStore = MemoryState() if request.param == "memory" else SqliteState(tmp_path / "state.db")
    yield made
    made.close()


def test_keys_sort_by_their_numbers() -> None:
    keys = [coordination_key("thread", number, "status") for number in (2, 10, 100)]
    assert keys == sorted(keys)
    assert keys[0] == b"coordination/thread/00000000000000000002/status"
    for part in ("", "a/b", -1):
        with pytest.raises(StateError, match="cannot be part"):
            coordination_key("thread", part)


def test_a_counter_loses_nothing(store: StateStore) -> None:
    seen: list[int] = []

    def work(_number: int) -> None:
        counter = SharedCounter(store, "reads")
        seen.extend(counter.add() for _ in range(50))

    in_threads(work, 4)
    counter = SharedCounter(store, "reads")
    assert counter.value == 200
    assert sorted(seen) == list(range(1, 201))
    assert counter.add(-250) == -50
    assert store.get(b"coordination/counter/reads") == b"-50"
    store.apply({b"coordination/counter/reads": b"many"})
    with pytest.raises(StateError, match="not a number"):
        counter.add()


def test_work_is_taken_in_order_and_done_once(store: StateStore) -> None:
    work = WorkItems(store, "files")
    assert work.take("a") is None
    assert [work.add(b"%d" % number) for number in range(3)] == [1, 2, 3]
    assert work.take("a") == WorkItem(1, b"0")
    assert work.take("b") == WorkItem(2, b"1")
    assert work.holder(2) == "b"
    assert work.holder(3) is None
    work.finish(1, b"good")
    work.put_back(2)
    assert work.result(1) == b"good"
    assert work.counts() == WorkCounts(waiting=2, taken=0, done=1)
    assert work.take("c") == WorkItem(2, b"1")
    for number in (1, 3, 9):
        with pytest.raises(StateError, match=f"taken item {number} of files"):
            work.finish(number)


def test_no_item_is_taken_twice(store: StateStore) -> None:
    work = WorkItems(store, "files")
    for number in range(60):
        work.add(b"%d" % number)

    def take(worker: int) -> None:
        while item := work.take(f"worker {worker}"):
            assert work.holder(item.number) == f"worker {worker}"
            work.finish(item.number, item.data)

    in_threads(take, 3)
    assert work.counts() == WorkCounts(waiting=0, taken=0, done=60)
    assert [work.result(number) for number in range(1, 61)] == [b"%d" % number for number in range(60)]
