from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.run.snapshot import Activity, BufferLoad, QueueLoad, RunSnapshot, Sample, ThreadLoad
from engine.run.state import RunState
from gui.models.flow import present_flow

MakeSnapshot = Callable[..., RunSnapshot]


def _samples(count: int) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            time=number / 10,
            reads=number,
            bases=number * 1_000_000,
            bytes_read=number * 20_000_000,
            text_bytes=0,
            queue_size=0,
            memory=0,
        )
        for number in range(1, count + 1)
    )


def test_rates_of_a_live_run_are_those_of_the_last_moments(make_snapshot: MakeSnapshot) -> None:
    flow = present_flow(make_snapshot(samples=_samples(50), kind="gzip", bytes_total=3_590_000_000))

    assert (flow.source.name, flow.source.setting, str(flow.source.rate)) == ("Source", "gzip · 3.59 GB", "200 MB/s")
    assert str(flow.checks.rate) == "10.0 Mbp/s"
    assert len(flow.source.trend) == 49
    assert flow.source.trend == pytest.approx((2e8,) * 49)


def test_rates_of_a_run_that_is_over_are_those_of_all_of_it(make_snapshot: MakeSnapshot) -> None:
    flow = present_flow(make_snapshot(state=RunState.COMPLETED, samples=_samples(50), elapsed=10.0))

    assert str(flow.source.rate) == "100 MB/s"


def test_the_trend_is_of_the_last_minute(make_snapshot: MakeSnapshot) -> None:
    assert len(present_flow(make_snapshot(samples=_samples(1200))).source.trend) == 600


def test_nothing_is_known_before_it_begins(make_snapshot: MakeSnapshot) -> None:
    flow = present_flow(make_snapshot(state=RunState.CREATED, reads=0, samples=(), kind="", elapsed=0.0))

    assert (flow.source.setting, str(flow.source.rate), flow.source.trend) == ("1.00 MB", "–", ())  # noqa: RUF001 - the dash
    assert (flow.queue_text, flow.limit, flow.checks.setting) == ("", "", "")
    assert flow.workers == "2 workers"


@pytest.mark.parametrize(
    ("push", "pop", "words"),
    [
        (5.0, 1.0, "the workers limit the speed"),
        (0.1, 9.0, "reading limits the speed"),
        (0.5, 0.5, "reading keeps pace"),
    ],
)
def test_what_limits_the_run(make_snapshot: MakeSnapshot, push: float, pop: float, words: str) -> None:
    queue = QueueLoad(size=3, capacity=8, high_water=8, push_blocked=push, pop_blocked=pop)
    threads = tuple(
        ThreadLoad(name=name, activity=Activity.WAITING, shares=(), batches=1, busy=busy)
        for name, busy in (("read + parse", 0.1), ("worker 1", 0.9), ("worker 2", 0.8))
    )
    flow = present_flow(make_snapshot(elapsed=10.0, workers=2, queue=queue, threads=threads))

    assert flow.limit == words
    assert flow.queue_text == "3 of 8"
    assert flow.workers == "2 workers · 85 % busy"


def test_a_followed_input_is_waited_for_and_limits_nothing(make_snapshot: MakeSnapshot) -> None:
    for waited in (9.0, 0.0):
        queue = QueueLoad(size=0, capacity=8, high_water=1, push_blocked=0.0, pop_blocked=waited)
        flow = present_flow(make_snapshot(kind="followed", elapsed=10.0, workers=2, queue=queue))
        assert not flow.limit
    queue = QueueLoad(size=8, capacity=8, high_water=8, push_blocked=9.0, pop_blocked=1.0)
    flow = present_flow(make_snapshot(kind="followed", elapsed=10.0, workers=2, queue=queue))
    assert flow.limit == "the workers limit the speed"


def test_buffers_are_told_by_their_size_in_any_run(make_snapshot: MakeSnapshot) -> None:
    buffers = (BufferLoad(4 << 20, 3, 2, 5, 41), BufferLoad(16 << 20, 1, 0, 1, 0))
    flow = present_flow(make_snapshot(state=RunState.RUNNING, buffers=buffers))
    assert flow.buffers == "Buffers: 5 of 4 MiB, 41 times used again, 1 of 16 MiB, 0 times used again"
    assert not present_flow(make_snapshot()).buffers
