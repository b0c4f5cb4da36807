"""Devices that neither end nor fail, and memory that no device gives back: no run waits for that."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.devices import driver
from engine.devices.driver import Event
from tests.engine.devices.faulty import FaultyDriver, Gone
from tests.engine.devices.test_counter import FEW, batches, on_cpu, on_device, reads_of, same
from tests.guests import batch_of
from tests.naive_parser import Read


@pytest.fixture
def single() -> list[ReadBatch]:
    return list(batches(reads_of("illumina_single.fastq.gz", 24)))


@pytest.fixture
def no_device_hung_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_hung", set())
    monkeypatch.setattr(driver, "_held_back", [])


@pytest.mark.usefixtures("no_device_hung_before")
@pytest.mark.parametrize("hangs_at", [1, 3, 14])
def test_a_device_that_hangs_is_given_up(hangs_at: int, single: list[ReadBatch]) -> None:
    hanging = FaultyDriver(hangs_at=hangs_at)
    tally, counter = on_device(single, hanging, twins=FEW)
    assert same(tally, on_cpu(single))
    assert counter.failure == "it has not ended its work for 0 seconds"
    assert counter.times.batches < len(single)
    again, counter = on_device(single[:1], FaultyDriver(), twins=FEW)
    assert same(again, on_cpu(single[:1]))
    assert counter.failure == "it hung before, and is left alone until Lanescope is started anew"


@pytest.mark.usefixtures("no_device_hung_before")
def test_a_device_that_does_not_even_answer_is_not_used(single: list[ReadBatch]) -> None:
    answers = threading.Event()
    tally, counter = on_device(single[:2], FaultyDriver(answers=answers), twins=FEW)
    answers.set()
    assert same(tally, on_cpu(single[:2]))
    assert counter.failure == "it has not answered for 0 seconds"
    assert counter.times.batches == 0


@pytest.mark.usefixtures("no_device_hung_before")
def test_no_kernel_is_loaded_beside_one_that_may_hang(single: list[ReadBatch], monkeypatch: pytest.MonkeyPatch) -> None:
    from kernels.cuda import bases

    launched = []
    known = bases.base_counts

    def noting(*arguments: Any, **more: Any) -> None:
        launched.append(True)
        known(*arguments, **more)

    monkeypatch.setattr(bases, "base_counts", noting)
    assert [twin.collector for twin in FEW] == ["lengths", "bases"]
    tally, counter = on_device(single[:2], FaultyDriver(hangs_at=3), twins=FEW)  # the tables went up before
    assert same(tally, on_cpu(single[:2]))
    assert counter.failure
    assert not launched


@pytest.mark.usefixtures("no_device_hung_before")
def test_nothing_is_given_back_while_the_other_stream_may_hang(single: list[ReadBatch]) -> None:
    """Giving back waits for the whole device, where no patience ends."""
    hung_by_then = []

    class Watched(FaultyDriver):
        def _given_back(self, size: int) -> None:
            hung_by_then.append(bool(driver._hung))
            super()._given_back(size)

    long = Read(b"r", b"ACGTN" * 60, b"I" * 300)
    what = [*single[:2], batch_of([long], number=2, first_record=4)]
    tally, counter = on_device(what, Watched(hangs_at=4), twins=FEW)
    assert same(tally, on_cpu(what))
    assert counter.failure
    assert counter.times.batches == 1
    assert hung_by_then
    assert all(hung_by_then)


@pytest.mark.usefixtures("no_device_hung_before")
def test_memory_is_not_given_back_under_copies_that_go_on(single: list[ReadBatch]) -> None:
    """When one stream is out of memory, and the other is still at it."""

    class Watched(FaultyDriver):
        waited = 0
        waited_by_release = 0

        def wait(self, event: Event) -> None:
            self.waited += 1
            super().wait(event)

        def release(self, holders: list[Any]) -> None:
            if holders:
                self.waited_by_release = self.waited
            super().release(holders)

    short = Watched(no_memory_at=5)
    tally, counter = on_device(single[:4], short, twins=FEW)
    assert counter.failure == "its memory is full"
    assert same(tally, on_cpu(single[:4]))
    assert short.waited_by_release == len(FEW) + 2  # for the first launches, and for both streams
    stuck = FaultyDriver(no_memory_at=5, hangs_at=4)
    tally, counter = on_device(single[:4], stuck, twins=FEW)
    assert same(tally, on_cpu(single[:4]))
    assert stuck.is_hung


def test_asking_whether_a_batch_is_done_writes_no_log() -> None:
    asked = FaultyDriver()
    asked.open()
    assert not logging.getLogger("numba.cuda.cudadrv.driver").isEnabledFor(logging.ERROR)
    asked.close()


class _Pending:
    """What is to be freed, as Numba keeps it."""

    is_disabled = False

    def __init__(self, refused: int) -> None:
        self.items = list(range(refused))

    def __len__(self) -> int:
        return len(self.items)

    def clear(self) -> None:
        while self.items:
            self.items.pop()
            raise Gone


def test_a_device_that_frees_nothing_any_more_is_told_nowhere() -> None:
    failed = FaultyDriver()
    failed.open()
    refusing, hanging = _Pending(3), _Pending(2)
    hanging.is_disabled = True
    failed._pending = (refusing, hanging)
    holders = [failed.allocate(64)]
    failed.release(holders)
    assert (len(holders), failed.held, len(refusing), len(hanging)) == (0, 0, 0, 2)
    failed.close()
