"""A run at one moment: all that a window, a terminal or the store may see of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from engine.collectors.results import QcResults
from engine.run.skipped import Skipped
from engine.run.stage_summary import PipelineSummary, StageMetric, StageSummary
from engine.run.state import RunState
from engine.tuning.decision import Tuning

if TYPE_CHECKING:
    from engine.collectors.judged_by import JudgedBy
    from engine.collectors.profiles import Profile

__all__ = [
    "LONG_PREPARING",
    "Activity",
    "BufferLoad",
    "DeviceLoad",
    "DeviceState",
    "Margins",
    "PipelineSummary",
    "QueueLoad",
    "RunFailure",
    "RunOutput",
    "RunSnapshot",
    "Sample",
    "Sampling",
    "StageMetric",
    "StageSummary",
    "ThreadLoad",
]


LONG_PREPARING = 1.0
"""Seconds from which on the time of preparing is told."""


class Activity(StrEnum):
    """What a thread of the run spends its time on."""

    READING = "reading"
    PARSING = "parsing"
    COMPUTING = "computing"
    WAITING = "waiting"
    ON_DEVICE = "on the GPU"


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


class DeviceState(StrEnum):
    """What became of a device in a run."""

    STARTING = "starting"
    COUNTING = "counting"
    DONE = "done"
    DISMISSED = "dismissed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeviceLoad:
    """A GPU that counts. Times in seconds, as the device measures them, of batches whose counts are certain.

    Attributes:
        name: ``cuda:0``, ...
        title: the maker's name for it.
        state: what became of it; ``dismissed``: the CPU was faster.
        memory: bytes of its memory that the run holds.
        batches: counted on it.
        copying: spent on copies of reads to it.
        counting: spent on kernels; those of several streams may overlap.
        busy: share of the run that it spent on either, 0..1.
        queue_share: share of all batches that were counted on it, 0..1.
    """

    name: str
    title: str
    state: DeviceState
    memory: int = 0
    batches: int = 0
    copying: float = 0.0
    counting: float = 0.0
    busy: float = 0.0
    queue_share: float = 0.0


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """The batch queue. Times in seconds, summed over the threads that waited."""

    size: int = 0
    capacity: int = 0
    high_water: int = 0
    push_blocked: float = 0.0
    pop_blocked: float = 0.0


@dataclass(frozen=True, slots=True)
class Margins:
    """How near what a sample shows is to what all reads would: so near in 95 of 100 cases, either way.

    Attributes:
        gc_percent: percentage points.
        mean_quality: Phred.
        q30_percent: percentage points of the bases of Q30 or more.
    """

    gc_percent: float
    mean_quality: float
    q30_percent: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """What was not worked on, and what that means for the rest.

    Attributes:
        policy: ``drop``, ``sample`` or ``adaptive``.
        batches: worked on.
        reads: worked on; of pairs, pairs.
        bases: of these, of both mates.
        left_out_batches: not worked on; likewise the others.
        left_out_reads: of pairs, pairs.
        left_out_bases: of these, of both mates.
        left_out_bytes: of their text.
        margins: how near the numbers of the sample are; ``None`` where nobody can say, because the sample is not
            random, as with ``drop``, or too small.
    """

    policy: str
    batches: int = 0
    reads: int = 0
    bases: int = 0
    left_out_batches: int = 0
    left_out_reads: int = 0
    left_out_bases: int = 0
    left_out_bytes: int = 0
    margins: Margins | None = None

    @property
    def share(self) -> float:
        """Of all reads, those that were worked on, 0..1."""
        whole = self.reads + self.left_out_reads
        return self.reads / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class BufferLoad:
    """The buffers of one size that a run reads into.

    Attributes:
        size: bytes of text that each has room for.
        in_use: how many somebody has.
        free: how many lie ready.
        made: how many have been made.
        reused: how often one that lay ready was taken.
    """

    size: int
    in_use: int
    free: int
    made: int
    reused: int


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
class RunOutput:
    """A file that the run has written.

    Attributes:
        path: the file.
        reads: records in it.
        text_bytes: bytes of its text.
        file_bytes: its size.
    """

    path: Path
    reads: int
    text_bytes: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """A run at one moment; never changes once made.

    Attributes:
        run_id: key in the store.
        name: what to call it, normally the file's name.
        path: the input, or the first of its files.
        kind: how it is stored, such as ``plain``, ``gzip`` or ``bam``; empty until it has been opened.
        state: where it stands.
        created: when it was made, local time with zone.
        started: when it began to read, or ``None``.
        finished: when it ended, or ``None``.
        elapsed: seconds of work from when it began to read, pauses excluded.
        prepared: seconds before that in which stages and their kernels were made ready, pauses excluded.
        time_left: seconds, or ``None`` while nobody can know.
        bytes_total: size of all input files as stored, or ``None`` where there is none (a pipe).
        reads_total: reads, or pairs, after which it ends, as its pipeline asks for no more; ``None``: at the end of the
            input, and for a run opened from the store.
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
        pipeline: what its pipeline has done; ``None`` where it has none.
        results_after: the QC modules over the reads that the pipeline kept and that are written, if any are;
            ``None`` where there is no pipeline. `results` are of the reads as they came.
        outputs: the files it has written, once it is completed.
        buffers: those that it reads into, by size.
        tuning: what was moved while it went, and why; ``None`` where nothing may be.
        sampling: what was left out of the reads; ``None`` where the source waits, and so nothing is.
        skipped: what of the input is damaged and was passed over; ``None`` where that was not asked for.
        devices: GPUs that count, or did.
        device_choice: in words, what counts after all were tried, and why.
        warnings: sentences about what did not go as wanted, though the results are right.
        judged_by: the profile that was chosen for it, as it was then; ``None``: the usual one as it is.
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
    prepared: float = 0.0
    time_left: float | None = None
    bytes_total: int | None = None
    reads_total: int | None = None
    samples: tuple[Sample, ...] = ()
    threads: tuple[ThreadLoad, ...] = ()
    queue: QueueLoad = QueueLoad()
    results: QcResults = QcResults()
    failure: RunFailure | None = None
    workers: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    host: str = ""
    inputs: tuple[tuple[Path, ...], ...] = ()
    pipeline: PipelineSummary | None = None
    results_after: QcResults | None = None
    outputs: tuple[RunOutput, ...] = ()
    buffers: tuple[BufferLoad, ...] = ()
    tuning: Tuning | None = None
    sampling: Sampling | None = None
    skipped: Skipped | None = None
    devices: tuple[DeviceLoad, ...] = ()
    device_choice: str = ""
    warnings: tuple[str, ...] = ()
    judged_by: JudgedBy | None = None

    @property
    def limits(self) -> Profile:
        """What its results are judged by."""
        # Here, since a list of runs is shown before anything is judged.
        from engine.collectors.profiles import profile

        return profile() if self.judged_by is None else self.judged_by.limits

    @property
    def share_read(self) -> float | None:
        """How much of what is to be read has been, 0..1; ``None`` where nobody can know how much that is."""
        bytes_read, reads = (self.samples[-1].bytes_read, self.samples[-1].reads) if self.samples else (0, 0)
        shares = [bytes_read / self.bytes_total] if self.bytes_total else []
        shares += [] if self.reads_total is None else [reads / self.reads_total if self.reads_total else 1.0]
        return min(1.0, max(shares)) if shares else None
