from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.collectors.collector_set import CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import QcResults, YieldByChannel, YieldOverTime
from tests.naive_parser import Read
from tests.strategies import batch_of


def read(channel: int, seconds: int, qualities: bytes = b"I5") -> Read:
    time = dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Read(f"7f ch={channel} start_time={time}".encode(), b"A" * len(qualities), qualities)


def measured(batches: Sequence[Sequence[Read]], order: Sequence[int] | None = None) -> QcResults:
    firsts = [sum(map(len, batches[:number])) for number in range(len(batches))]
    parts = collector_sets(2)
    for number in order or range(len(batches)):
        parts[number % 2].add(batch_of(batches[number], number, firsts[number]))
    total = CollectorSet()
    for part in parts:
        total.merge(part.copy())
    return qc_results(total)


def test_by_hand() -> None:
    results = measured([[read(7, 119), read(3, 120, b"5"), read(7, 60, b"?")], [read(7, 300, b"")]])
    assert results.yield_over_time == YieldOverTime(
        seconds=60, starts=(60, 120, 300), reads=(2, 1, 1), bases=(3, 1, 0), mean_quality=(30.0, 20.0, None)
    )
    assert results.yield_by_channel == YieldByChannel(
        channels=(3, 7), reads=(1, 3), bases=(1, 3), mean_quality=(20.0, 30.0)
    )


def test_bins_grow_with_the_run() -> None:
    results = measured([[read(1, 0), read(1, 60 * 255)]])
    assert results.yield_over_time is not None
    assert results.yield_over_time.seconds == 60
    results = measured([[read(1, 0), read(1, 60)], [read(1, 60 * 256)]])
    assert results.yield_over_time is not None
    assert (results.yield_over_time.seconds, results.yield_over_time.starts) == (120, (0, 60 * 256))
    assert results.yield_over_time.reads == (2, 1)


def test_the_first_read_decides() -> None:
    other = Read(b"LS1:45:HX5:1:1101:20:30 1:N:0", b"A", b"I")
    for order in ([0, 1], [1, 0]):
        results = measured([[other], [read(1, 60)]], order)
        assert results.yield_over_time is None
        assert results.yield_by_channel is None
        told = measured([[read(1, 60)], [other]], order)
        assert told.yield_by_channel is not None
        assert told.yield_by_channel.reads == (1,)


@settings(max_examples=40)
@given(drawn=st.lists(st.lists(st.integers(0, 200_000), max_size=6), min_size=1, max_size=6), data=st.data())
def test_order_does_not_matter(drawn: list[list[int]], data: st.DataObject) -> None:
    batches = [[read(seconds % 5, seconds) for seconds in batch] for batch in drawn]
    order = data.draw(st.permutations(range(len(batches))))
    expected = measured([[one for batch in batches for one in batch]])
    found = measured(batches, order)
    assert found.yield_over_time == expected.yield_over_time
    assert found.yield_by_channel == expected.yield_by_channel
