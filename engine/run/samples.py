"""Load over time, bounded however long a run takes."""

from __future__ import annotations

from collections.abc import Iterable

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

    def time_left(self, bytes_total: int | None) -> float | None:
        """Seconds until `bytes_total` are read at the rate of the last seconds; ``None`` if nobody can know."""
        if not self._samples or bytes_total is None:
            return None
        last = self._samples[-1]
        if last.time < _SOONEST:
            return None
        first = next(s for s in self._samples if s.time >= last.time - _RATE_SECONDS)
        if first is last or last.bytes_read <= first.bytes_read:
            first = Sample(0.0, 0, 0, 0, 0, 0, 0)
        rate = (last.bytes_read - first.bytes_read) / (last.time - first.time)
        return max(bytes_total - last.bytes_read, 0) / rate if rate > 0 else None
