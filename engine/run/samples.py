"""Load over time, bounded however long a run takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter

from engine.run.snapshot import Sample

MOST_SAMPLES = 1200

_RATE_SECONDS = 8.0
"""Of the latest work, by which the time left is told."""

_SOONEST = 0.5
"""Seconds of work before which no time left is told."""


class SampleSeries:
    """Samples in order of time; every second one is dropped when there are too many.

    Args:
        samples: to go on from, oldest first.
    """

    def __init__(self, samples: Iterable[Sample] = ()) -> None:
        self._samples: list[Sample] = list(samples)
        self._spacing = 0.0

    def add(self, sample: Sample) -> None:
        """Appends a sample, unless it comes too soon after the last for a series this long."""
        if self._samples and sample.time - self._samples[-1].time < self._spacing:
            return
        self._samples.append(sample)
        if len(self._samples) > MOST_SAMPLES:
            self._samples = self._samples[1::2]
            self._spacing = 0.9 * self._samples[-1].time / len(self._samples)

    def end(self, sample: Sample) -> None:
        """Appends the last sample whatever the spacing."""
        if self._samples and self._samples[-1].time >= sample.time:
            self._samples.pop()
        self._samples.append(sample)

    def all(self) -> tuple[Sample, ...]:
        """Every sample kept, oldest first."""
        return tuple(self._samples)

    def time_left(self, bytes_total: int | None, reads_total: int | None = None) -> float | None:
        """Seconds until as many bytes, or reads, have come at the rate of the last seconds, whichever is sooner.

        Args:
            bytes_total: of the input as stored; ``None``: nobody knows.
            reads_total: after which nothing more is read; ``None``: they are not numbered.

        Returns:
            ``None`` if nobody can know.
        """
        totals = ((bytes_total, attrgetter("bytes_read")), (reads_total, attrgetter("reads")))
        times = [self._time_until(total, of) for total, of in totals if total is not None]
        return min((time for time in times if time is not None), default=None)

    def _time_until(self, total: int, of: Callable[[Sample], int]) -> float | None:
        if not self._samples:
            return None
        last = self._samples[-1]
        if last.time < _SOONEST:
            return None
        first = next(s for s in self._samples if s.time >= last.time - _RATE_SECONDS)
        if first is last or of(last) <= of(first):
            first = Sample(0.0, 0, 0, 0, 0, 0, 0)
        rate = (of(last) - of(first)) / (last.time - first.time)
        return max(total - of(last), 0) / rate if rate > 0 else None
