from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.flow.queue import BatchQueue, QueueAborted, QueueClosed, QueueEnded, QueueStatistics

LONG_ENOUGH = 0.05
"""Seconds after which a thread that has not gone on is taken to wait."""

Outcomes = list[object]


def in_thread(action: Callable[[], object]) -> tuple[threading.Thread, Outcomes]:
    """Runs the action in a thread, which records what it returned or raised."""
    outcomes: Outcomes = []

    def run() -> None:
        try:
            outcomes.append(action())
        except (QueueAborted, QueueClosed, QueueEnded) as error:
            outcomes.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcomes


def still_waits(thread: threading.Thread) -> bool:
    thread.join(LONG_ENOUGH)
    return thread.is_alive()


def ended(thread: threading.Thread) -> bool:
    thread.join(30)
    return not thread.is_alive()


def test_first_in_first_out_until_closed_and_empty() -> None:
    queue = BatchQueue[int](3)
    for item in (1, 2, 3):
        queue.push(item)
    queue.close()
    assert [queue.pop(), queue.pop(), queue.pop()] == [1, 2, 3]
    for _ in range(2):
        with pytest.raises(QueueEnded):
            queue.pop()


def test_iterates_until_the_end() -> None:
    queue = BatchQueue[str](2)
    queue.push("a")
    queue.push("b")
    queue.close()
    assert list(queue) == ["a", "b"]
    assert list(queue) == []


@pytest.mark.parametrize("capacity", [0, -1])
def test_a_queue_holds_at_least_one(capacity: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        BatchQueue[int](capacity)


def test_push_waits_while_full() -> None:
    queue = BatchQueue[int](1)
    queue.push(1)
    thread, _ = in_thread(lambda: queue.push(2))
    assert still_waits(thread)
    assert queue.pop() == 1
    assert ended(thread)
    assert queue.pop() == 2


def test_pop_waits_while_empty() -> None:
    queue = BatchQueue[int](1)
    thread, outcomes = in_thread(queue.pop)
    assert still_waits(thread)
    queue.push(7)
    assert ended(thread)
    assert outcomes == [7]


def test_close_frees_everyone_who_waits_for_items() -> None:
    queue = BatchQueue[int](1)
    waiting = [in_thread(queue.pop) for _ in range(4)]
    assert all(still_waits(thread) for thread, _ in waiting)
    queue.close()
    assert all(ended(thread) for thread, _ in waiting)
    assert [outcomes for _, outcomes in waiting] == [[QueueEnded]] * 4


def test_who_has_no_seat_waits_for_one() -> None:
    queue = BatchQueue[int](3)
    queue.seats = 1
    queue.push(1)
    queue.push(2)
    thread, outcomes = in_thread(lambda: queue.pop(1))
    assert still_waits(thread)
    assert queue.pop(0) == 1
    queue.seats = 2
    assert ended(thread)
    assert outcomes == [2]


@pytest.mark.parametrize(("end", "outcome"), [("close", QueueEnded), ("abort", QueueAborted)])
def test_who_has_no_seat_is_freed_by_the_end(end: str, outcome: type[Exception]) -> None:
    queue = BatchQueue[int](1)
    queue.seats = 0  # there is one at least
    queue.push(1)
    thread, outcomes = in_thread(lambda: queue.pop(1))
    getattr(queue, end)()
    if end == "close":
        assert queue.pop(0) == 1
    assert ended(thread)
    assert outcomes == [outcome]


def test_more_capacity_frees_who_pushes() -> None:
    queue = BatchQueue[int](1)
    queue.push(1)
    thread, _ = in_thread(lambda: queue.push(2))
    assert still_waits(thread)
    queue.capacity = 2
    assert ended(thread)
    assert [queue.pop(), queue.pop()] == [1, 2]


def test_nothing_is_pushed_after_close() -> None:
    queue = BatchQueue[int](1)
    queue.push(1)
    thread, outcomes = in_thread(lambda: queue.push(2))
    assert still_waits(thread)
    queue.close()
    assert ended(thread)
    assert outcomes == [QueueClosed]
    with pytest.raises(QueueClosed):
        queue.push(3)
    assert list(queue) == [1]


def test_abort_drops_what_is_held_and_turns_everyone_away() -> None:
    queue = BatchQueue[int](2)
    queue.push(1)
    queue.push(2)
    pushing = in_thread(lambda: queue.push(3))
    assert still_waits(pushing[0])
    queue.abort()
    assert ended(pushing[0])
    assert pushing[1] == [QueueAborted]
    assert queue.statistics().size == 0
    for action in (queue.pop, lambda: queue.push(4), lambda: list(queue)):
        with pytest.raises(QueueAborted):
            action()


def test_abort_frees_everyone_who_waits_for_items() -> None:
    queue = BatchQueue[int](1)
    waiting = [in_thread(queue.pop) for _ in range(4)]
    assert all(still_waits(thread) for thread, _ in waiting)
    queue.abort()
    assert all(ended(thread) for thread, _ in waiting)
    assert [outcomes for _, outcomes in waiting] == [[QueueAborted]] * 4


@pytest.mark.parametrize("first", ["close", "abort"])
def test_an_abort_stands_before_and_after_a_close(first: str) -> None:
    queue = BatchQueue[int](1)
    queue.push(1)
    (queue.close if first == "close" else queue.abort)()
    (queue.abort if first == "close" else queue.close)()
    queue.close()
    queue.abort()
    with pytest.raises(QueueAborted):
        queue.pop()
    with pytest.raises(QueueAborted):
        queue.push(2)


def test_statistics() -> None:
    queue = BatchQueue[int](3)
    assert queue.statistics() == QueueStatistics(0, 3, 0, 0.0, 0.0)
    for item in range(3):
        queue.push(item)
    queue.pop()
    assert queue.statistics() == QueueStatistics(2, 3, 3, 0.0, 0.0)


@pytest.mark.parametrize("blocked", ["push", "pop"])
def test_time_spent_waiting_is_told_apart(blocked: str) -> None:
    queue = BatchQueue[int](1)
    if blocked == "push":
        queue.push(1)
    thread, _ = in_thread((lambda: queue.push(2)) if blocked == "push" else queue.pop)
    time.sleep(0.1)
    (queue.pop if blocked == "push" else lambda: queue.push(1))()
    assert ended(thread)
    statistics = queue.statistics()
    waited, other = statistics.push_blocked, statistics.pop_blocked
    if blocked == "pop":
        waited, other = other, waited
    assert 0.02 < waited < 5
    assert other == 0


@settings(max_examples=30)
@given(
    n_items=st.integers(0, 200),
    capacity=st.integers(1, 8),
    consumers=st.integers(1, 6),
    pause_every=st.integers(1, 50),
)
def test_every_item_comes_once_and_in_order(n_items: int, capacity: int, consumers: int, pause_every: int) -> None:
    queue = BatchQueue[int](capacity)
    taken: list[list[int]] = [[] for _ in range(consumers)]

    def consume(mine: list[int]) -> None:
        for item in queue:
            mine.append(item)
            if item % pause_every == 0:
                time.sleep(0)

    threads = [threading.Thread(target=consume, args=(mine,)) for mine in taken]
    for thread in threads:
        thread.start()
    for item in range(n_items):
        queue.push(item)
    queue.close()
    assert all(ended(thread) for thread in threads)
    assert sorted(item for mine in taken for item in mine) == list(range(n_items))
    assert all(mine == sorted(mine) for mine in taken)
    assert queue.statistics().size == 0
    assert queue.statistics().high_water <= capacity


@settings(max_examples=15)
@given(stop_at=st.integers(0, 60), capacity=st.integers(1, 4), consumers=st.integers(1, 4))
def test_an_abort_in_the_middle_frees_all_threads(stop_at: int, capacity: int, consumers: int) -> None:
    queue = BatchQueue[int](capacity)
    taken: list[int] = []

    def consume() -> None:
        for item in queue:
            taken.append(item)
            if item == stop_at:
                queue.abort()

    def produce() -> None:
        for item in range(1000):
            queue.push(item)

    threads = [in_thread(consume) for _ in range(consumers)] + [in_thread(produce)]
    assert all(ended(thread) for thread, _ in threads)
    assert all(outcomes == [QueueAborted] for _, outcomes in threads)
    assert stop_at in taken
    assert len(taken) == len(set(taken)) < 1000


def test_many_threads() -> None:
    queue = BatchQueue[int](16)
    consumed = [in_thread(lambda: sum(1 for _ in queue)) for _ in range(32)]

    def produce() -> None:
        for item in range(500):
            queue.push(item)

    produced = [in_thread(produce) for _ in range(8)]
    assert all(ended(thread) for thread, _ in produced)
    queue.close()
    assert all(ended(thread) for thread, _ in consumed)
    counts = [count for _, outcomes in consumed for count in outcomes if isinstance(count, int)]
    assert (len(counts), sum(counts)) == (32, 4000)
