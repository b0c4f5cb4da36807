"""How much the threads of a guest may take, and what they took."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.wasm.limits import Limits


@dataclass(frozen=True, slots=True)
class PoolConfig:
    """What a `ThreadManager` may use.

    Attributes:
        workers: threads that compute at the same time; one that waits for another does not count. At least 1.
        threads: threads that are there at the same time, those that have ended until they are freed. At least 1.
        depth: how deep threads may start threads of their own; 1 lets only the host start them. At least 1.
        held_bytes: inputs, and memory of threads that wait or have ended and are not freed, above which no more
            are started.
        limits: what each thread may take; its seconds count from its start, waiting included.
    """

    workers: int = 2
    threads: int = 256
    depth: int = 16
    held_bytes: int = 1 << 30
    limits: Limits = field(default_factory=lambda: Limits(memory_bytes=64 << 20, call_seconds=30.0))

    def __post_init__(self) -> None:
        """Checks the numbers.

        Raises:
            ValueError: one is out of range.
        """
        if min(self.workers, self.threads, self.depth, self.held_bytes) < 1:
            raise ValueError("workers, threads, depth and held_bytes must each be 1 or more")


@dataclass(frozen=True, slots=True)
class PoolStatistics:
    """What happened so far, and what there is now.

    Attributes:
        started: threads that were started, by the host or by guests.
        completed: those that returned.
        failed: those that trapped, ran out of time or were stopped.
        freed: those that were freed, by whoever; a parent's end frees its children.
        refused: requests for a thread that were refused.
        queued: threads that wait for a worker now.
        running: threads that compute now.
        waiting: threads that wait for another now.
        present: threads that are not freed, or freed and not stopped yet.
        held_bytes: inputs, and memory of threads that wait or have ended and are not freed.
        most_present: the most that were there at the same time.
        most_workers: the most threads of the operating system at the same time.
    """

    started: int
    completed: int
    failed: int
    freed: int
    refused: int
    queued: int
    running: int
    waiting: int
    present: int
    held_bytes: int
    most_present: int
    most_workers: int
