"""What a device counts equals what the CPU counts, whatever befalls it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet
from engine.collectors.known_sequences import default_adapters
from engine.collectors.tally import Tally, tallies
from engine.devices import lane
from engine.devices.counter import DeviceCounter
from engine.devices.lane import BATCHES
from engine.devices.twins import Twin, twins_of
from tests.engine.devices.faulty import FaultyDriver
from tests.guests import batch_of
from tests.naive_parser import Read

_BASES = 24

ALL = twins_of(CollectorSet())

FEW = [twin for twin in ALL if twin.collector in {"lengths", "bases"}]
"""Enough for tests of what does not depend on what is counted."""

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"


@cache
def reads_of(name: str, count: int) -> tuple[Read, ...]:
    with gzip.open(SAMPLES / name) as file:
        lines = [next(file).rstrip(b"\n") for _ in range(4 * count)]
    records = zip(lines[::4], lines[1::4], lines[3::4], strict=True)
    # In the simulator every thread is one of the operating system's: short reads do.
    return tuple(Read(header[1:], bases[-_BASES:], qualities[-_BASES:]) for header, bases, qualities in records)


def batches(reads: Sequence[Read], size: int = 2) -> Iterator[ReadBatch]:
    for number, first in enumerate(range(0, len(reads), size)):
        yield batch_of(reads[first : first + size], number=number, first_record=first)


def pairs(count: int) -> list[ReadBatch]:
    first, second = (reads_of(f"illumina_pair_{mate}.fastq.gz", count) for mate in (1, 2))
    return [replace(one, mate=two) for one, two in zip(batches(first), batches(second), strict=True)]


def on_cpu(what: Sequence[ReadBatch]) -> Tally:
    (tally,) = tallies(1, is_paired=what[0].mate is not None)
    for batch in what:
        tally.add(batch)
    return tally


def on_device(
    what: Sequence[ReadBatch], driver: FaultyDriver, batch_bytes: int = 4096, twins: Sequence[Twin] = ALL
) -> tuple[Tally, DeviceCounter]:
    """As a worker does it."""
    is_paired = what[0].mate is not None
    (tally,) = tallies(1, is_paired=is_paired)
    counter = DeviceCounter(driver, tally, batch_bytes=batch_bytes, twins=twins)
    counter.open()
    for batch in what:
        tally.add(batch, counter.collectors if counter.add(batch) else ())
        if counter.failure:
            counter.give_up()
    counter.settle()
    if counter.failure:
        counter.give_up()
    counter.take()
    assert counter.is_settled
    counter.close()
    return tally, counter


def same(one: Tally, other: Tally) -> bool:
    return one.results() == other.results()


@pytest.fixture
def single() -> list[ReadBatch]:
    reads = list(reads_of("illumina_single.fastq.gz", 24))
    adapter = default_adapters()[0].bases.encode()
    reads[3] = Read(b"with an adapter", b"acgt" + adapter + b"N", b"5" * (5 + len(adapter)))
    return list(batches(reads))


def test_single_reads_are_counted_as_on_the_cpu(single: list[ReadBatch]) -> None:
    driver = FaultyDriver()
    single = single[:9]
    tally, counter = on_device(single, driver)
    assert same(tally, on_cpu(single))
    assert counter.failure == ""
    assert counter.times.batches == len(single)
    assert counter.times.copying > 0
    assert counter.times.counting > 0
    assert 0 < counter.times.busy <= counter.times.copying + counter.times.counting + 1e-9
    assert driver.most_held > 0
    assert driver.held == 0
    assert len(single) < driver.downloads < 2 * len(single)  # hashes of each, and tables of some together


def test_pairs_are_counted_as_on_the_cpu() -> None:
    what = pairs(4)
    tally, counter = on_device(what, FaultyDriver())
    assert same(tally, on_cpu(what))
    assert counter.times.batches == len(what)


def test_mates_in_one_buffer_go_up_once() -> None:
    reads = reads_of("illumina_single.fastq.gz", 8)
    both = batch_of(reads)
    what = [replace(both.rows(slice(0, 8, 2)), mate=both.rows(slice(1, 8, 2)), places=None)]
    driver = FaultyDriver()
    tally, counter = on_device(what, driver)
    assert same(tally, on_cpu(what))
    assert counter.times.batches == 1


def test_reads_without_bases_count_too() -> None:
    what = [
        batch_of([Read(b"empty", b"", b"")] * 2),
        batch_of([Read(b"r", b"ACGT", b"IIII")], number=1, first_record=2),
    ]
    tally, counter = on_device(what, FaultyDriver())
    assert same(tally, on_cpu(what))
    assert counter.times.batches == 2


def test_tables_grow_with_the_reads() -> None:
    long = [Read(b"r", b"ACGTN" * 60 * n, b"I" * 300 * n) for n in (1, 2)]
    short = list(reads_of("illumina_single.fastq.gz", 4))
    what = list(batches([*short, long[0], *short, long[1]], 2))
    tally, counter = on_device(what, FaultyDriver())
    assert same(tally, on_cpu(what))
    assert counter.times.batches == len(what)


def test_what_does_not_fit_is_left_to_the_cpu() -> None:
    short = list(reads_of("illumina_single.fastq.gz", 4))
    long = Read(b"r", b"ACGT" * 5000, b"I" * 20_000)
    what = [*batches(short, 2), batch_of([long], number=2, first_record=4), batch_of([], number=3, first_record=5)]
    tally, counter = on_device(what, FaultyDriver(), 1 << 16)
    assert same(tally, on_cpu(what))
    assert counter.times.batches == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"no_memory_at": 5}, "its memory is full"),
        ({"gone_at": 7}, "it does not answer as it should (CUDA_ERROR_UNKNOWN)"),
        ({"gone_at": 3}, "it does not answer"),
        ({"gone_at_download": 1}, "it does not answer"),
        ({"gone_at_download": 2}, "it does not answer"),
        ({"gone_at_download": 3}, "it does not answer"),
    ],
)
def test_a_fault_loses_nothing_and_counts_nothing_twice(
    fault: dict[str, Any], reason: str, single: list[ReadBatch]
) -> None:
    tally, counter = on_device(single, FaultyDriver(**fault), twins=FEW)
    assert same(tally, on_cpu(single))
    assert counter.failure.startswith(reason)
    assert "\n" not in counter.failure
    assert counter.times.batches < len(single)


@pytest.mark.parametrize("launch", [1, 3, 6])
def test_a_launch_that_fails_leaves_no_half_batch(
    launch: int, single: list[ReadBatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kernels.cuda import bases

    known, launches = bases.base_counts, 0

    def failing(*arguments: Any, **more: Any) -> None:
        nonlocal launches
        launches += 1
        if launches == launch:
            raise RuntimeError("[719] Call to cuLaunchKernel results in CUDA_ERROR_LAUNCH_FAILED")
        known(*arguments, **more)

    monkeypatch.setattr(bases, "base_counts", failing)
    tally, counter = on_device(single, FaultyDriver(), twins=FEW)
    assert same(tally, on_cpu(single))
    assert "CUDA_ERROR_LAUNCH_FAILED" in counter.failure


def test_memory_is_capped_and_given_back(single: list[ReadBatch]) -> None:
    driver = FaultyDriver(cap=100_000)
    tally, counter = on_device(single[:3], driver)
    assert same(tally, on_cpu(single[:3]))
    assert counter.failure == "its memory is full"
    assert driver.most_held <= 100_000
    assert driver.held == 0


def test_large_batches_come_down_one_by_one(single: list[ReadBatch], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "MOST_HELD", 4096)
    driver = FaultyDriver()
    tally, counter = on_device(single[:4], driver, twins=FEW)
    assert same(tally, on_cpu(single[:4]))
    assert counter.times.batches == driver.downloads == 4


def test_no_more_is_held_than_the_lanes_have_room_for(single: list[ReadBatch]) -> None:
    counter = DeviceCounter(FaultyDriver(), Tally(CollectorSet()), batch_bytes=4096, twins=FEW)
    counter.open()
    for batch in single:
        counter.add(batch)
        assert sum(len(each.held) for each in counter._lanes) <= 2 * BATCHES
    counter.close()
