"""A run at one moment: all that a window, a terminal or the store may see of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from engine.collectors.results import QcResults
from engine.run.state import RunState


class Activity(StrEnum):
    """What a thread of the run spends its time on."""

    READING = "reading"
    PARSING = "parsing"
    COMPUTING = "computing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Sample:
    """Load over one interval of a run.

    Attributes:
        time: seconds since the start of the run, at the end of the interval; pauses excluded.
        reads: reads processed so far.
        bases: bases processed so far.
        bytes_read: bytes of the input file consumed so far (compressed where it is).
        text_bytes: bytes of FASTQ text processed so far.
        queue_size: batches waiting in the queue.
        memory: resident memory of the process, bytes.
    """

    time: float
    reads: int
    bases: int
    bytes_read: int
    text_bytes: int
    queue_size: int
    memory: int


@dataclass(frozen=True, slots=True)
class ThreadLoad:
    """How one thread spent the last seconds.

    Attributes:
        name: ``read + parse``, ``worker 1``, ...
        activity: what it was doing when the snapshot was taken.
        shares: one mapping an interval of 0.1 s, oldest first, share of time (0..1) by activity;
            at most 300 intervals.
        batches: batches handled.
        busy: share of its whole life spent not waiting, 0..1.
    """

    name: str
    activity: Activity
    shares: tuple[dict[Activity, float], ...]
    batches: int
    busy: float


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """The batch queue. Times in seconds, summed over the threads that waited."""

    size: int = 0
    capacity: int = 0
    high_water: int = 0
    push_blocked: float = 0.0
    pop_blocked: float = 0.0


@dataclass(frozen=True, slots=True)
class RunFailure:
    """Why a run failed, in words for a person. Places are ``None`` where they mean nothing."""

    title: str
    message: str
    hint: str
    record: int | None = None
    line: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """A run at one moment; never changes once made.

    Attributes:
        run_id: key in the store.
        name: what to call it, normally the file's name.
        path: the input.
        kind: ``plain`` or ``gzip``.
        state: where it stands.
        created: when it was made, local time with zone.
        started: when it began to read, or ``None``.
        finished: when it ended, or ``None``.
        elapsed: seconds of work, pauses excluded.
        time_left: seconds, or ``None`` while nobody can know.
        bytes_total: size of the input file, or ``None`` where it has none (a pipe).
        samples: load over time, oldest first, at most 1,200.
        threads: reader first, then the workers. Empty for a run opened from the store
            whose load was not kept.
        queue: the batch queue.
        results: the QC modules so far.
        failure: why it failed, or ``None``.
        workers: number of worker threads.
        versions: name of a component to its version.
        host: name of the machine.
        inputs: the files where they are more than `path`: those of the reads, one for each lane, and those of
            their mates; the same files again where mates take turns in them.
    """

    run_id: int
    name: str
    path: Path
    kind: str
    state: RunState
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    elapsed: float = 0.0
    time_left: float | None = None
    bytes_total: int | None = None
    samples: tuple[Sample, ...] = ()
    threads: tuple[ThreadLoad, ...] = ()
    queue: QueueLoad = QueueLoad()
    results: QcResults = QcResults()
    failure: RunFailure | None = None
    workers: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    host: str = ""
    inputs: tuple[tuple[Path, ...], ...] = ()
