"""The one thread that reads and parses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.batch import ReadBatch
from engine.flow.backpressure import ValveAborted
from engine.flow.gate import Gate, Stopped
from engine.flow.pool import PoolAborted
from engine.flow.queue import QueueAborted
from engine.pipeline.steps.pieces import beginning_of
from engine.run.activity import ActivityLog
from engine.run.intake import Intake
from engine.run.marks import Mark, Marks
from engine.run.reading import Reading
from engine.run.snapshot import Activity
from engine.source.around import SourceAround
from engine.source.base import ByteSource
from engine.source.live import Waits


class Producer:
    """Pushes the batches of the input that are let through; closes the queue whatever happens.

    Args:
        reading: what to read, opened; closed at the end.
        intake: what batches are pushed into.
        gate: passed before each of them.
        marks: set between them where they are asked for.
        first: number of the first batch.
        most_reads: reads, or pairs, of the input after which it is left; ``None``: it is read to its end.

    Attributes:
        error: why it ended early, or ``None``; batches from before it are in the queue.
    """

    def __init__(
        self,
        reading: Reading,
        intake: Intake,
        gate: Gate,
        marks: Marks,
        first: int = 0,
        most_reads: int | None = None,
    ) -> None:
        self.error: Exception | None = None
        self.log = ActivityLog("read + parse")
        self._reading = reading
        self._intake = intake
        self._gate = gate
        self._marks = marks
        self._first = first
        self._most_reads = most_reads

    def run(self) -> None:
        """The life of the thread."""
        try:
            batches = self._reading.batches(self._intake.pool, lambda source: _logged(source, self.log))
            for batch in batches if self._most_reads is None else self._until(self._most_reads, batches):
                place = self._reading.place if self._marks.is_wanted and self._reading.can_be_left else None
                seen = batch.number + 1
                self._hand_on(batch)
                number = self._first + self.log.batches
                if place is not None and number:  # from before the first batch nobody has to go on
                    self._marks.set(Mark(number, place, seen, self._intake.left_out))
        except (Stopped, QueueAborted, PoolAborted, ValveAborted):
            pass
        except Exception as error:
            self.error = error
        finally:
            self.log.switch(Activity.WAITING)
            self._intake.queue.close()
            self._reading.close()

    def _until(self, most: int, batches: Iterable[ReadBatch]) -> Iterator[ReadBatch]:
        """Batches with the first reads of the input alone; an empty one where these are none."""
        for batch in batches:
            left = max(most - batch.first_record, 0)
            if not left and batch.first_record:  # the run goes on from behind the last of them
                self._intake.let_go(batch)
                return
            yield beginning_of(batch, min(left, len(batch)))
            if left <= len(batch):
                return

    def _hand_on(self, batch: ReadBatch) -> None:
        self.log.switch(Activity.WAITING)
        try:
            self._gate.passed()
        except Stopped:
            self._intake.let_go(batch)
            raise
        if self._intake.admit(batch):
            self._push(batch)
        self.log.switch(Activity.PARSING)

    def _push(self, batch: ReadBatch) -> None:
        # Stages, collectors and outputs count on numbers without gaps.
        number = self._first + self.log.batches
        if self._intake.valve.is_sampling:
            self._intake.chosen.add(number)
        self.log.batches += 1
        try:
            self._intake.queue.push(batch if batch.number == number else _numbered(batch, number))
        except BaseException:
            self._intake.give_back(batch)
            raise


def _numbered(batch: ReadBatch, number: int) -> ReadBatch:
    mate = batch.mate
    return replace(batch, number=number, mate=None if mate is None else replace(mate, number=number))


class _LoggedSource(SourceAround):
    """A source that tells the log when it is read from; the rest of the time is parsing."""

    def __init__(self, source: ByteSource, log: ActivityLog) -> None:
        super().__init__(source)
        self._log = log

    def read_into(self, target: memoryview) -> int:
        self._log.switch(Activity.READING)
        count = self._source.read_into(target)
        self._log.switch(Activity.PARSING)
        return count


class _LoggedLiveSource(_LoggedSource):
    """Likewise, one that can be waited for."""

    def __init__(self, source: ByteSource, live: Waits, log: ActivityLog) -> None:
        super().__init__(source, log)
        self._live = live

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        self._log.switch(Activity.READING)
        count = self._live.read_within(target, seconds)
        self._log.switch(Activity.PARSING)
        return count


def _logged(source: ByteSource, log: ActivityLog) -> ByteSource:
    return _LoggedLiveSource(source, source, log) if isinstance(source, Waits) else _LoggedSource(source, log)
