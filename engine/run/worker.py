"""The threads that compute."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from engine.batch import ReadBatch
from engine.collectors.batch_spread import BatchSpread
from engine.collectors.tally import Tally
from engine.devices.turns import Turns
from engine.flow.gate import Gate, Stopped
from engine.flow.queue import QueueAborted, QueueEnded
from engine.run.activity import ActivityLog
from engine.run.intake import Intake, text_bytes_of
from engine.run.marks import Mark, Marks
from engine.run.processing import Processing
from engine.run.processor_part import CALLED_OFF, Processed, ProcessorPart
from engine.run.snapshot import Activity

_PATIENCE = 0.02
"""Seconds between two looks whether a worker waits, so that its counts can be copied for it."""


@dataclass(slots=True)
class Counted:
    """A copy of all that a worker has counted.

    Attributes:
        tally: of the reads as they came.
        processed: of what became of them.
    """

    tally: Tally
    processed: Processed


@dataclass(frozen=True, slots=True)
class Progress:
    """What one worker has done; replaced as a whole. Pairs count as one read each, and with the bases of both."""

    reads: int = 0
    bases: int = 0
    text_bytes: int = 0

    def plus(self, other: Progress) -> Progress:
        """Both together."""
        return Progress(self.reads + other.reads, self.bases + other.bases, self.text_bytes + other.text_bytes)


def _done(batch: ReadBatch) -> Progress:
    """Bases and text of both mates count; a pair is one read."""
    bases = int(batch.lengths.sum(dtype="int64"))
    if (mate := batch.mate) is not None:
        bases += int(mate.lengths.sum(dtype="int64"))
    return Progress(len(batch), bases, text_bytes_of(batch))


@dataclass(frozen=True, slots=True)
class Marked:
    """What one worker had counted at a mark.

    Attributes:
        batches: how many.
        progress: reads, bases and text in them.
        tally: the counts.
        processed: what became of their reads.
        spread: how far they differ; see `Worker`.
    """

    batches: int
    progress: Progress
    tally: Tally
    processed: Processed
    spread: BatchSpread


class Worker:
    """Takes batches from the queue, counts them with collectors of its own, and has them processed.

    Attributes:
        error: why it ended early, or ``None``.
        progress: what it has done.
        spread: how far its batches differ, where some are left out; replaced as a whole.
        copying_seconds: CPU time that `counted` has cost.
    """

    def __init__(
        self,
        seat: int,
        tally: Tally,
        intake: Intake,
        gate: Gate,
        processing: Processing,
        part: ProcessorPart,
        marks: Marks,
        turns: Turns | None = None,
    ) -> None:
        self.error: Exception | None = None
        self.log = ActivityLog(f"worker {seat + 1}")
        self.progress = Progress()
        self.spread = BatchSpread()
        self.copying_seconds = 0.0
        self._seat = seat
        self._tally = tally
        self._intake = intake
        self._gate = gate
        self._processing = processing
        self._part = part
        self._marks = marks
        self._turns = turns or Turns(cpu=True, devices=0)
        self._mark: Mark | None = None
        self._at_mark: Marked | None = None
        self._counting = threading.Lock()
        self._copy_wanted = False
        self._copied = threading.Event()
        self._copy: Counted | None = None

    def run(self) -> None:
        """The life of the thread."""
        try:
            while True:
                self._count(self._next())
        except (Stopped, QueueAborted, QueueEnded, *CALLED_OFF):
            pass
        except Exception as error:
            self.error = error
            self._processing.cancel()  # others may wait for the batch that failed
        finally:
            self._part.close()
            self.log.switch(Activity.WAITING)

    def _next(self) -> ReadBatch:
        self._turns.passed_by_cpu()
        self._gate.passed()
        return self._intake.queue.pop(self._seat)

    def _count(self, batch: ReadBatch) -> None:
        self.log.switch(Activity.COMPUTING)
        try:
            with self._counting:
                self._work_on(batch)
        finally:
            self._intake.give_back(batch)
        self.log.switch(Activity.WAITING)

    def _work_on(self, batch: ReadBatch) -> None:
        """With the lock held."""
        self._mind_mark(batch.number)
        counted = self._add(batch)
        if self._intake.leaves_out:
            self.spread = self.spread.with_batch(batch, is_sampled=self._intake.was_chosen(batch.number))
        self._part.process(counted)
        self.progress = self.progress.plus(_done(batch))
        self.log.batches += 1
        if self._copy_wanted:
            self._publish()

    def _add(self, batch: ReadBatch) -> ReadBatch:
        """Counts a batch, and gives it as it is to be processed."""
        self._tally.add(batch)
        return batch

    def _mind_mark(self, number: int) -> None:
        mark = self._marks.latest
        if mark is not None and mark is not self._mark and number >= mark.number:
            self._mark, self._at_mark = mark, self._now()

    def _now(self) -> Marked:
        return Marked(self.log.batches, self.progress, self._tally.copy(), self._part.copy(), self.spread)

    def at_mark(self, mark: Mark) -> Marked | None:
        """What this worker has counted so far of the batches before the mark; ``None``: it is at work on one.

        Whether that is all of them is told by the sum of `Marked.batches` over all workers.
        """
        if mark is not self._mark:
            if not self._counting.acquire(blocking=False):
                return None
            try:
                # It may have come to the mark just now.
                return self._at_mark if mark is self._mark else self._now()
            finally:
                self._counting.release()
        return self._at_mark

    def handed_over(self) -> Counted:
        """What it has counted, of which it keeps nothing; once, after it has ended."""
        counted = Counted(self._tally, self._part.copy())
        del self._tally
        return counted

    def forget_mark(self) -> None:
        """Lets go of what was kept for `at_mark`."""
        self._at_mark = None

    def _publish(self) -> None:
        """With the lock held, so that the copy is of whole batches."""
        began = time.thread_time()
        self._copy = Counted(self._tally.copy(), self._part.copy())
        self.copying_seconds += time.thread_time() - began
        self._copy_wanted = False
        self._copied.set()

    def counted(self, patience: float = math.inf) -> Counted | None:
        """A copy of what is counted so far, made between two batches.

        A worker at work makes it at the end of its batch; for one that waits the caller does.
        Taking the lock alone would not do: a busy worker lets go of it for microseconds only.

        Args:
            patience: seconds to wait for the end of the batch; ``None`` is returned where that takes longer.
        """
        give_up = time.monotonic() + patience
        self._copied.clear()
        self._copy_wanted = True
        while not self._copied.is_set():
            if self._counting.acquire(blocking=False):
                try:
                    if self._copy_wanted:
                        self._publish()
                finally:
                    self._counting.release()
            elif time.monotonic() > give_up:
                return None
            else:
                self._copied.wait(_PATIENCE)
        copy, self._copy = self._copy, None
        assert copy is not None  # noqa: S101 - set before the event
        return copy
