from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.batch import PADDING, Bytes
from engine.flow.pool import BufferPool, PoolAborted, PoolStatistics, SizeClass


def test_buffers_are_padded_bytes() -> None:
    buffer = BufferPool(100, capacity=1).take()
    assert buffer.dtype == np.uint8
    assert buffer.shape == (100 + PADDING,)
    assert buffer.flags.writeable


def test_a_buffer_given_back_is_used_again() -> None:
    pool = BufferPool(100, capacity=2)
    first = pool.take()
    pool.give(first)
    assert pool.take() is first
    assert pool.take() is not first
    assert pool.statistics() == PoolStatistics(2, 2, 2, 0, held=200, classes=(SizeClass(100, 2, 0, made=2, reused=1),))


def test_nothing_is_allocated_before_it_is_needed() -> None:
    pool = BufferPool(1 << 40, capacity=1000)
    assert pool.statistics() == PoolStatistics(in_use=0, allocated=0, capacity=1000, oversized=0)


@pytest.mark.parametrize("size", [None, 0, 1, 99, 100])
def test_smaller_wishes_get_the_usual_size(size: int | None) -> None:
    pool = BufferPool(100, capacity=1)
    buffer = pool.take(size)
    assert len(buffer) == 100 + PADDING
    pool.give(buffer)
    assert pool.take() is buffer


def test_larger_wishes_get_a_power_of_two_that_is_used_again() -> None:
    pool = BufferPool(100, capacity=3)
    large = pool.take(101)
    assert len(large) == 128 + PADDING
    pool.give(large)
    assert pool.take(120) is large
    assert len(pool.take(129)) == 256 + PADDING
    now = pool.statistics()
    assert (now.in_use, now.allocated, now.oversized, now.held) == (2, 2, 3, 384)
    assert now.classes == (SizeClass(128, 1, 0, made=1, reused=1), SizeClass(256, 1, 0, made=1, reused=0))


def test_what_is_kept_is_no_more_than_the_usual_buffers_take() -> None:
    pool = BufferPool(100, capacity=3)
    held = [pool.take(), pool.take(200), pool.take(1000)]
    assert pool.statistics().held == 100 + 256 + 1024
    for buffer in reversed(held):
        pool.give(buffer)
    assert pool.statistics().held == 100
    assert [(each.size, each.free) for each in pool.statistics().classes] == [(100, 1), (256, 0), (1024, 0)]
    pool.take(1000)  # what lies unused makes room
    assert pool.statistics().held == 1024


def test_no_more_are_reserved_than_are_kept() -> None:
    pool = BufferPool(100, capacity=3)
    large = pool.take(1000)
    pool.reserve(3)
    assert pool.statistics().classes == (SizeClass(1024, 1, 0, made=1, reused=0),)
    pool.give(large)
    pool.reserve(2)
    assert pool.statistics().classes[0] == SizeClass(100, 0, 2, made=2, reused=0)


def test_another_usual_size_holds_from_the_next_buffer_on() -> None:
    pool = BufferPool(100, capacity=2)
    first = pool.take()
    pool.size = 200
    second = pool.take()
    assert (len(first), len(second)) == (100 + PADDING, 200 + PADDING)
    pool.give(first)
    pool.give(second)
    assert pool.take() is second
    pool.size = 50
    pool.capacity = 1
    pool.give(second)
    assert pool.statistics().held <= 50


def test_a_larger_capacity_frees_who_waits() -> None:
    pool = BufferPool(100, capacity=1)
    pool.take()
    taken: list[Bytes] = []
    thread = threading.Thread(target=lambda: taken.append(pool.take()))
    thread.start()
    pool.capacity = 2
    thread.join(30)
    assert len(taken) == 1


def test_fresh_buffers_are_zeros_whatever_their_size() -> None:
    pool = BufferPool(100, capacity=2)
    assert not pool.take().any()
    assert not pool.take(5000).any()


def test_a_buffer_that_nobody_has_is_not_taken_back() -> None:
    pool = BufferPool(100, capacity=2)
    buffer = pool.take()
    pool.give(buffer)
    for strange in (buffer, np.zeros(7 + PADDING, np.uint8)):
        with pytest.raises(ValueError, match="nobody has"):
            pool.give(strange)


@pytest.mark.parametrize("size", [None, 1000])
def test_take_waits_until_one_is_given_back(size: int | None) -> None:
    pool = BufferPool(100, capacity=2)
    held = [pool.take(), pool.take(500)]
    taken: list[Bytes] = []
    thread = threading.Thread(target=lambda: taken.append(pool.take(size)))
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    assert pool.statistics().in_use == 2
    pool.give(held.pop())
    thread.join(30)
    assert len(taken) == 1
    assert pool.statistics().in_use == 2


def test_abort_frees_everyone_who_waits_and_turns_away_later_ones() -> None:
    pool = BufferPool(100, capacity=1)
    held = pool.take()
    aborted: list[bool] = []

    def take() -> None:
        try:
            pool.take()
        except PoolAborted:
            aborted.append(True)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    threads[0].join(0.05)
    pool.abort()
    pool.abort()
    for thread in threads:
        thread.join(30)
    assert aborted == [True] * 4
    pool.give(held)
    assert pool.statistics().in_use == 0
    with pytest.raises(PoolAborted):
        pool.take()


def test_many_threads_never_share_a_buffer() -> None:
    pool = BufferPool(64, capacity=3)
    trouble: list[str] = []

    def work(number: int) -> None:
        chance = np.random.default_rng(number)
        for _ in range(200):
            buffer = pool.take([None, 10, 200][chance.integers(3)])
            buffer[:] = number
            if chance.random() < 0.2:
                threading.Event().wait(0.0001)
            if not (buffer == number).all():
                trouble.append(f"{number} met {set(buffer.tolist())}")
            if pool.statistics().in_use > 3:
                trouble.append("more in use than there are")
            pool.give(buffer)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not trouble
    assert pool.statistics().in_use == 0
    assert pool.statistics().held <= 3 * 64


def test_reserved_buffers_are_made_once_and_within_the_capacity() -> None:
    pool = BufferPool(100, 3)
    pool.reserve(2)
    assert pool.statistics().allocated == 2
    taken = [pool.take() for _ in range(3)]
    assert pool.statistics().allocated == 3
    for buffer in taken:
        pool.give(buffer)
    pool.reserve(50)
    assert pool.statistics().allocated == 3
    assert pool.statistics().in_use == 0
