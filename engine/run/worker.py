"""The threads that compute."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet
from engine.flow.gate import Gate, Stopped
from engine.flow.pool import BufferPool
from engine.flow.queue import BatchQueue, QueueAborted, QueueEnded
from engine.run.activity import ActivityLog
from engine.run.snapshot import Activity

_PATIENCE = 0.02


@dataclass(frozen=True, slots=True)
class Progress:
    """What one worker has done; replaced as a whole."""

    reads: int = 0
    bases: int = 0
    text_bytes: int = 0

    def plus(self, other: Progress) -> Progress:
        """Both together."""
        return Progress(self.reads + other.reads, self.bases + other.bases, self.text_bytes + other.text_bytes)


class Worker:
    """Takes batches from the queue and counts them with collectors of its own.

    Attributes:
        error: why it ended early, or ``None``.
        progress: what it has done.
    """

    def __init__(
        self, name: str, collectors: CollectorSet, pool: BufferPool, queue: BatchQueue[ReadBatch], gate: Gate
    ) -> None:
        self.error: Exception | None = None
        self.log = ActivityLog(name)
        self.progress = Progress()
        self._collectors = collectors
        self._pool = pool
        self._queue = queue
        self._gate = gate
        self._counting = threading.Lock()
        self._copy_wanted = False
        self._copied = threading.Event()
        self._copy: CollectorSet | None = None

    def run(self) -> None:
        """The life of the thread."""
        try:
            while True:
                self._gate.passed()
                self._count(self._queue.pop())
        except (Stopped, QueueAborted, QueueEnded):
            pass
        except Exception as error:
            self.error = error
        finally:
            self.log.switch(Activity.WAITING)

    def _count(self, batch: ReadBatch) -> None:
        self.log.switch(Activity.COMPUTING)
        try:
            with self._counting:
                self._collectors.add(batch)
                done = Progress(len(batch), int(batch.lengths.sum(dtype="int64")), batch.byte_end - batch.byte_start)
                self.progress = self.progress.plus(done)
                self.log.batches += 1
                if self._copy_wanted:
                    self._publish()
        finally:
            self._pool.give(batch.buffer)
        self.log.switch(Activity.WAITING)

    def _publish(self) -> None:
        """With the lock held, so that the copy is of whole batches."""
        self._copy = self._collectors.copy()
        self._copy_wanted = False
        self._copied.set()

    def collectors(self) -> CollectorSet:
        """A copy of what is counted so far, made between two batches.

        A worker at work makes it at the end of its batch; for one that waits the caller does.
        Taking the lock alone would not do: a busy worker lets go of it for microseconds only.
        """
        self._copied.clear()
        self._copy_wanted = True
        while not self._copied.is_set():
            if self._counting.acquire(blocking=False):
                try:
                    if self._copy_wanted:
                        self._publish()
                finally:
                    self._counting.release()
            else:
                self._copied.wait(_PATIENCE)
        copy, self._copy = self._copy, None
        assert copy is not None  # noqa: S101 - set before the event
        return copy
