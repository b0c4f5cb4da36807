"""Batches that go up from the buffers of the pool: these are kept until all is certain, and given back once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.batch import PADDING, Bytes, ReadBatch
from engine.collectors.tally import Tally, tallies
from engine.devices.counter import DeviceCounter
from engine.devices.driver import DeviceHung
from engine.devices.pins import Pins, _never_freed
from engine.flow.pool import BufferPool
from tests.engine.devices.faulty import PLENTY, FaultyDriver
from tests.engine.devices.test_counter import FEW, batches, on_cpu, pairs, reads_of, same

_ROOM = 512


class Batches:
    """Batches over buffers of a pool, which are spoiled as soon as they come back."""

    def __init__(self, plain: Sequence[ReadBatch]) -> None:
        self.pool = BufferPool(_ROOM, 2 * len(plain))
        self.batches = [self._in_pool(batch) for batch in plain]
        self.back = Counter[int]()

    def _in_pool(self, batch: ReadBatch) -> ReadBatch:
        buffer = self.pool.take()
        buffer[: len(batch.buffer)] = batch.buffer
        mate = batch.mate
        if mate is not None:
            mate = replace(mate, buffer=buffer) if mate.buffer is batch.buffer else self._in_pool(mate)
        return replace(batch, buffer=buffer, mate=mate)

    def give_back(self, batch: ReadBatch) -> None:
        self.back[batch.number] += 1
        for buffer in batch.buffers:
            buffer[:] = ord("T")
            self.pool.give(buffer)


def counted(what: Batches, driver: FaultyDriver, pins: Pins) -> tuple[Tally, DeviceCounter]:
    """As a worker does it."""
    (tally,) = tallies(1, is_paired=what.batches[0].mate is not None)
    counter = DeviceCounter(driver, tally, batch_bytes=_ROOM, twins=FEW, pins=pins)
    counter.kept.on_free = what.give_back
    counter.open()
    for batch in what.batches:
        tally.add(batch, counter.collectors if counter.add(batch) else ())
        if counter.failure:
            counter.give_up()
        counter.kept.let_go(batch)
    counter.settle()
    if counter.failure:
        counter.give_up()
    counter.take()
    counter.close()
    return tally, counter


def single() -> list[ReadBatch]:
    return list(batches(reads_of("illumina_single.fastq.gz", 24)))


def pins_of(what: Batches, most: int = 100) -> Pins:
    return Pins(what.pool.size, most)


def test_batches_go_up_from_their_own_buffers() -> None:
    plain, driver = single(), FaultyDriver()
    what = Batches(plain)
    tally, counter = counted(what, driver, pins_of(what))
    assert counter.failure == ""
    assert same(tally, on_cpu(plain))
    assert len(driver.were_pinned) == len(plain)
    assert what.back == dict.fromkeys(range(len(plain)), 1)
    assert what.pool.statistics().in_use == 0


def test_pairs_go_up_from_one_buffer_or_from_two() -> None:
    plain = pairs(8)
    both = plain[0]
    first, second = both.rows(slice(0, 1)), both.rows(slice(1, 2))
    shared = replace(first, mate=replace(second, mate=None), number=len(plain), places=None)
    shared = replace(shared, mate=replace(shared.mate, places=None))  # type: ignore[type-var]  # it has one
    plain.append(shared)
    driver = FaultyDriver()
    what = Batches(plain)
    tally, counter = counted(what, driver, pins_of(what))
    assert counter.failure == ""
    assert same(tally, on_cpu(plain))
    assert len(driver.were_pinned) == 2 * len(plain) - 1
    assert set(what.back.values()) == {1}


def test_buffers_are_kept_until_counts_are_certain() -> None:
    what = Batches(single())
    (tally,) = tallies(1, is_paired=False)
    counter = DeviceCounter(FaultyDriver(), tally, batch_bytes=_ROOM, twins=FEW, pins=pins_of(what))
    counter.kept.on_free = what.give_back
    counter.open()
    for batch in what.batches[:3]:
        counter.add(batch)
        counter.kept.let_go(batch)
    assert not what.back
    counter.add(what.batches[3])
    counter.settle()
    assert sorted(what.back) == [0, 1, 2]  # the last one is still in use
    counter.kept.let_go(what.batches[3])
    assert sorted(what.back) == [0, 1, 2, 3]
    counter.add(what.batches[4])
    counter.kept.let_go(what.batches[4])
    counter.close()  # as when a run is cancelled
    assert sorted(what.back.elements()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("fault", [{"no_memory_at": at} for at in (3, 4, 5, 12)] + [{"gone_at": 6}])
def test_after_a_failure_buffers_come_back_once(fault: dict[str, Any]) -> None:
    plain, driver = single(), FaultyDriver(**fault)
    what = Batches(plain)
    tally, counter = counted(what, driver, pins_of(what))
    assert counter.failure
    assert same(tally, on_cpu(plain))
    assert what.back == dict.fromkeys(range(len(plain)), 1)


def test_what_cannot_be_pinned_is_copied() -> None:
    plain = single()
    for driver, most in ((FaultyDriver(pins=False), 100), (FaultyDriver(), 0)):
        what = Batches(plain)
        tally, counter = counted(what, driver, pins_of(what, most))
        assert counter.failure == ""
        assert same(tally, on_cpu(plain))
        assert counter.times.batches == len(plain)
        assert not driver.were_pinned
        assert set(what.back.values()) == {1}


def test_buffers_of_another_size_are_not_kept_by_the_pool_and_not_pinned() -> None:
    pins, driver = Pins(_ROOM, 10), FaultyDriver()
    large = np.zeros(2 * _ROOM + PADDING, np.uint8)
    assert not pins.hold(driver, replace(single()[0], buffer=large))
    assert not driver.were_pinned


class _Watched(FaultyDriver):
    """Tells what is unpinned, or refuses to, or does not come back from pinning."""

    def __init__(self, *, refuses: bool = False, hangs: bool = False) -> None:
        super().__init__(0, PLENTY)
        self._refuses = refuses
        self.hangs = hangs
        self.is_stuck = False
        self.unpinned: list[Bytes] = []

    @property
    def is_hung(self) -> bool:
        return self.hangs

    def pin(self, memory: Bytes) -> None:
        self.hangs = self.hangs or self.is_stuck
        if self.hangs:
            raise DeviceHung
        super().pin(memory)

    def unpin(self, memory: Bytes) -> None:
        if self._refuses:
            raise RuntimeError("[719] Call to cuMemHostUnregister results in CUDA_ERROR_LAUNCH_FAILED")
        super().unpin(memory)
        self.unpinned.append(memory)


def _opened(driver: _Watched, pins: Pins) -> _Watched:
    driver.open()
    pins.join()
    return driver


def test_what_the_pool_drops_makes_room_for_what_it_makes_anew() -> None:
    pool = BufferPool(_ROOM, 3)
    pins = Pins(pool.size, pool.capacity)
    pool.on_drop = pins.drop
    driver = _opened(_Watched(), pins)
    plain = single()[0]
    for _ in range(3):
        buffers = [pool.take() for _ in range(3)]
        assert all(pins.hold(driver, replace(plain, buffer=buffer)) for buffer in buffers)
        for buffer in buffers:
            pool.give(buffer)
        del buffers
        pool.give(pool.take(3 * _ROOM))  # leaves no room for those that lie there
        assert len(pins) == 0
    pins.leave(driver)
    assert len(driver.unpinned) == len(driver.were_pinned) == 9
    driver.close()


def test_devices_of_a_run_share_pins_and_the_last_one_ends_them() -> None:
    what = Batches(single()[:2])
    pins = pins_of(what)
    one, other = _opened(_Watched(), pins), _opened(_Watched(), pins)
    assert pins.hold(one, what.batches[0])
    assert pins.hold(other, what.batches[0])
    assert pins.hold(other, what.batches[1])
    assert len(pins) == 2
    assert [len(driver.were_pinned) for driver in (one, other)] == [1, 1]
    pins.leave(one)
    assert not one.unpinned
    pins.leave(other)
    assert len(other.unpinned) == 2
    assert len(pins) == 0
    one.close()
    other.close()


def test_what_a_failed_device_does_not_let_go_of_is_never_freed() -> None:
    what = Batches(single()[:1])
    pins = pins_of(what)
    driver = _opened(_Watched(refuses=True), pins)
    assert pins.hold(driver, what.batches[0])
    pins.leave(driver)
    assert any(buffer is what.batches[0].buffer for buffer in _never_freed)
    _never_freed.clear()
    driver.unpin = lambda memory: FaultyDriver.unpin(driver, memory)  # type: ignore[method-assign]  # it is well again
    driver.unpin(what.batches[0].buffer)
    driver.close()


def test_what_a_hanging_device_may_copy_from_is_never_freed() -> None:
    what = Batches(single()[:1])
    pins = pins_of(what)
    hanging, other = _opened(_Watched(), pins), _opened(_Watched(), pins)
    assert pins.hold(hanging, what.batches[0])
    hanging.hangs = True
    pins.leave(hanging)
    pins.leave(other)
    assert not other.unpinned
    assert any(buffer is what.batches[0].buffer for buffer in _never_freed)
    _never_freed.clear()
    hanging.hangs = False
    hanging.unpin(what.batches[0].buffer)
    hanging.close()
    other.close()


def test_what_the_pool_drops_stays_where_a_hanging_device_may_copy_from() -> None:
    what = Batches(single()[:3])
    pins = pins_of(what)
    hanging, other = _opened(_Watched(), pins), _opened(_Watched(), pins)
    assert pins.hold(hanging, what.batches[0])
    assert pins.hold(other, what.batches[1])
    pins.drop(what.batches[0].buffer)
    hanging.hangs = True
    assert not pins.hold(other, what.batches[2])  # it would wait for the device that hangs
    assert pins.hold(other, what.batches[1])
    pins.leave(hanging)
    pins.leave(other)
    assert not other.unpinned
    assert {id(buffer) for buffer in _never_freed} == {id(batch.buffer) for batch in what.batches[:2]}
    _never_freed.clear()
    hanging.hangs = False
    for batch in what.batches[:2]:
        hanging.unpin(batch.buffer)
    hanging.close()
    other.close()


def test_what_may_yet_be_pinned_is_never_freed() -> None:
    what = Batches(single()[:2])
    pins = pins_of(what)
    hanging, other = _opened(_Watched(), pins), _opened(_Watched(), pins)
    hanging.is_stuck = True
    with pytest.raises(DeviceHung):
        pins.hold(hanging, what.batches[0])
    assert any(buffer is what.batches[0].buffer for buffer in _never_freed)
    assert not pins.hold(other, what.batches[1])  # it would wait for the same
    _never_freed.clear()
    pins.leave(other)
    pins.leave(hanging)
    hanging.close()
    other.close()
