"""How busy a run is, from what its threads and its queue have counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_SATURATED = 0.75
"""Share of the time: workers that are busy more than this are what limits."""

_NOTABLE = 0.1
"""Share of the time: a reader that waits for room less than this is what limits."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What has been counted since the start of a run; a profiler takes differences.

    Attributes:
        time: seconds of work, pauses excluded.
        text_bytes: bytes of text processed.
        batches: batches processed.
        copying: seconds that the reader has spent on bringing bytes in.
        parsing: seconds that it has spent on cutting them into records.
        waiting: seconds that it has waited for room.
        computing: seconds that each worker has computed; of all workers, those without a seat too.
        queue_fill: batches that wait now, as a share of those that may, 0..1.
        memory: share of the memory that may be used which is in use now, 0..1.
    """

    time: float
    text_bytes: int
    batches: int
    copying: float
    parsing: float
    waiting: float
    computing: tuple[float, ...]
    queue_fill: float
    memory: float = 0.0


class Limit(StrEnum):
    """What keeps a run from being faster."""

    READING = "reading"
    WORKERS = "workers"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Load:
    """A run over an interval.

    Attributes:
        seconds: how long it was.
        rate: bytes of text processed a second.
        batches: batches processed.
        copying: share of the time in which the reader brought bytes in, 0..1.
        parsing: share in which it cut them into records.
        blocked: share in which it waited for room.
        computing: share in which each worker that has a seat computed.
        queue_fill: mean share of the queue that was taken.
        memory: the most of the memory that was in use, 0..1.
    """

    seconds: float
    rate: float
    batches: int
    copying: float
    parsing: float
    blocked: float
    computing: tuple[float, ...]
    queue_fill: float
    memory: float

    @property
    def workers_busy(self) -> float:
        """Mean of `computing`."""
        return sum(self.computing) / len(self.computing) if self.computing else 0.0

    @property
    def seconds_per_batch(self) -> float:
        """Seconds that a worker computes on one batch; 0 where none was finished."""
        return sum(self.computing) * self.seconds / self.batches if self.batches else 0.0

    @property
    def limit(self) -> Limit:
        """What keeps the run from being faster."""
        if self.workers_busy >= _SATURATED:
            return Limit.WORKERS
        if self.blocked < _NOTABLE:
            return Limit.READING
        return Limit.NEITHER


def load_between(first: Counters, last: Counters, fills: float, workers: int, memory: float) -> Load:
    """The load between two readings.

    Args:
        first: the one.
        last: the other, later.
        fills: mean of the queue's fill in between.
        workers: those that had a seat.
        memory: the most that was in use in between.
    """
    seconds = last.time - first.time

    def share(before: float, after: float) -> float:
        return min(max((after - before) / seconds, 0.0), 1.0)

    return Load(
        seconds=seconds,
        rate=(last.text_bytes - first.text_bytes) / seconds,
        batches=last.batches - first.batches,
        copying=share(first.copying, last.copying),
        parsing=share(first.parsing, last.parsing),
        blocked=share(first.waiting, last.waiting),
        computing=tuple(map(share, first.computing[:workers], last.computing[:workers])),
        queue_fill=fills,
        memory=memory,
    )
