"""Sequences that a device has hashed are kept in the order of the file, whoever counted which batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet
from engine.collectors.sequence_keys import SequenceKeys
from engine.collectors.tally import Tally, tallies
from engine.devices.counter import DeviceCounter
from engine.devices.twins import twins_of
from tests.engine.devices.faulty import FaultyDriver
from tests.engine.devices.test_counter import batches, on_cpu, on_device, pairs, reads_of
from tests.naive_parser import Read

KEYS = [twin for twin in twins_of(CollectorSet()) if twin.collector == "keys"]


@pytest.fixture
def repeated() -> list[ReadBatch]:
    """Most sequences come twice, and in lower case too."""
    reads = list(reads_of("illumina_single.fastq.gz", 16))
    for number in range(4, 16, 2):
        reads[number] = Read(b"again", reads[number // 2].bases.lower(), reads[number // 2].qualities)
    return list(batches(reads))


def same_keys(one: SequenceKeys, other: SequenceKeys) -> bool:
    mine, theirs = one.table(), other.table()
    known = slice(mine.known)
    return (
        mine.known == theirs.known
        and np.array_equal(mine.keys[known], theirs.keys[known])
        and np.array_equal(mine.counts[known], theirs.counts[known])
        and (mine.reads, mine.reads_at_limit) == (theirs.reads, theirs.reads_at_limit)
        and np.array_equal(one.sample._slots, other.sample._slots)
        and one.sample.reads == other.sample.reads
    )


@pytest.mark.parametrize("fault", [{}, {"gone_at": 7}, {"gone_at_download": 6}, {"no_memory_at": 5}])
def test_order_and_counts_are_those_of_the_cpu(fault: dict[str, Any], repeated: list[ReadBatch]) -> None:
    tally, counter = on_device(repeated, FaultyDriver(**fault), twins=KEYS)
    assert bool(counter.failure) == bool(fault)
    assert counter.collectors == {"keys"}
    assert same_keys(tally.reads.keys, on_cpu(repeated).reads.keys)


def test_mates_have_their_own() -> None:
    what = pairs(6)
    tally, counter = on_device(what, FaultyDriver(), twins=KEYS)
    assert counter.times.batches == len(what)
    expected = on_cpu(what)
    assert tally.mates is not None
    assert expected.mates is not None
    assert same_keys(tally.reads.keys, expected.reads.keys)
    assert same_keys(tally.mates.keys, expected.mates.keys)


def test_what_others_count_meanwhile_is_put_in_order(repeated: list[ReadBatch]) -> None:
    mine, theirs = tallies(2, is_paired=False)
    counter = DeviceCounter(FaultyDriver(), mine, batch_bytes=4096, twins=KEYS)
    counter.open()
    for batch in repeated:
        if batch.number % 3:
            assert counter.add(batch)
            mine.add(batch, counter.collectors)
        else:
            theirs.add(batch)
    counter.settle()
    counter.take()
    counter.close()
    total = Tally(CollectorSet())
    total.merge(mine)
    total.merge(theirs)
    assert same_keys(total.reads.keys, on_cpu(repeated).reads.keys)


def test_a_full_table_is_only_counted_in(repeated: list[ReadBatch], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.collectors.key_ledger.KeyLedger.__init__.__defaults__", (5,))
    tally, _ = on_device(repeated, FaultyDriver(), twins=KEYS)
    expected = on_cpu(repeated)
    assert tally.reads.keys.table().known == 5
    assert same_keys(tally.reads.keys, expected.reads.keys)


@pytest.mark.parametrize("most", [6, 99])
def test_what_fails_here_is_no_fault_of_the_device(
    most: int, repeated: list[ReadBatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first batches that are certain, or at the end: nothing may be left out in silence."""

    def failing(*_arguments: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(SequenceKeys, "add_keyed", failing)
    tally = Tally(CollectorSet())
    counter = DeviceCounter(FaultyDriver(), tally, batch_bytes=4096, twins=KEYS)
    counter.open()

    def count() -> None:
        for batch in (repeated * 2)[:most]:
            counter.add(batch)
        counter.settle()

    with pytest.raises(MemoryError, match="no more"):
        count()
    assert counter.failure == ""
    counter.close()
