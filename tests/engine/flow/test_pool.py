from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.batch import PADDING, Bytes
from engine.flow.pool import BufferPool, PoolAborted, PoolStatistics


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
    assert pool.statistics() == PoolStatistics(in_use=2, allocated=2, capacity=2, oversized=0)


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


def test_an_oversized_buffer_is_let_go() -> None:
    pool = BufferPool(100, capacity=1)
    large = pool.take(101)
    assert len(large) == 101 + PADDING
    assert pool.statistics() == PoolStatistics(in_use=1, allocated=0, capacity=1, oversized=1)
    pool.give(large)
    assert len(pool.take(101)) == 101 + PADDING
    assert pool.statistics() == PoolStatistics(in_use=1, allocated=0, capacity=1, oversized=2)


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
    thread.join(5)
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
        thread.join(5)
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
    assert pool.statistics().allocated <= 3


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
