from __future__ import annotations

from itertools import pairwise

import pytest

from engine.run.samples import MOST_SAMPLES, SampleSeries
from engine.run.snapshot import Sample


def sample(time: float, read: int = 0) -> Sample:
    return Sample(time=time, reads=read, bases=read, bytes_read=read, text_bytes=read, queue_size=0, memory=0)


def test_a_long_series_stays_bounded_and_even() -> None:
    series = SampleSeries()
    for i in range(50_000):
        series.add(sample(i * 0.1))
    kept = series.all()
    assert len(kept) <= MOST_SAMPLES
    gaps = [after.time - before.time for before, after in pairwise(kept)]
    assert max(gaps) < 3 * min(gaps)
    assert kept[-1].time > 0.99 * 5000


def test_the_end_is_always_kept() -> None:
    series = SampleSeries()
    for i in range(5000):
        series.add(sample(i * 0.1, i))
    series.end(sample(499.95, 9999))
    assert series.all()[-1].reads == 9999


def test_time_left_follows_the_last_seconds_rate() -> None:
    series = SampleSeries()
    for i in range(101):  # 10 s at 100 bytes a second
        series.add(sample(i * 0.1, i * 10))
    for i in range(1, 101):  # then 10 s at 1,000
        series.add(sample(10 + i * 0.1, 1000 + i * 100))
    assert series.time_left(21_000) == pytest.approx(10, rel=0.05)
    assert series.time_left(21_000, reads_total=22_000) == pytest.approx(10, rel=0.05)
    assert series.time_left(21_000, reads_total=16_000) == pytest.approx(5, rel=0.05)
    assert series.time_left(None, reads_total=16_000) == pytest.approx(5, rel=0.05)


def test_nobody_can_know_the_time_left_of_a_pipe_or_at_the_start() -> None:
    series = SampleSeries()
    assert series.time_left(100) is None
    series.add(sample(0.1, 10))
    assert series.time_left(100) is None
    series.add(sample(1.0, 20))
    assert series.time_left(None) is None
    assert series.time_left(100) == pytest.approx(7.2)  # 80 bytes at 10 in 0.9 s
