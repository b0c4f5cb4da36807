"""The one thread that reads and parses."""

from __future__ import annotations

from engine.batch import ReadBatch
from engine.flow.gate import Gate, Stopped
from engine.flow.pool import BufferPool, PoolAborted
from engine.flow.queue import BatchQueue, QueueAborted
from engine.run.activity import ActivityLog
from engine.run.marks import Marks
from engine.run.reading import Reading
from engine.run.snapshot import Activity
from engine.source.base import ByteSource


class Producer:
    """Pushes the batches of the input; closes the queue whatever happens.

    Attributes:
        error: why it ended early, or ``None``; batches from before it are in the queue.
    """

    def __init__(
        self, reading: Reading, pool: BufferPool, queue: BatchQueue[ReadBatch], gate: Gate, marks: Marks
    ) -> None:
        self.error: Exception | None = None
        self.log = ActivityLog("read + parse")
        self._reading = reading
        self._pool = pool
        self._queue = queue
        self._gate = gate
        self._marks = marks

    def run(self) -> None:
        """The life of the thread."""
        try:
            for batch in self._reading.batches(self._pool, lambda source: _LoggedSource(source, self.log)):
                place = self._reading.place if self._marks.is_wanted else None
                self._hand_on(batch)
                if place is not None:
                    self._marks.set(batch.number + 1, place)
        except (Stopped, QueueAborted, PoolAborted):
            pass
        except Exception as error:
            self.error = error
        finally:
            self.log.switch(Activity.WAITING)
            self._queue.close()
            self._reading.close()

    def _hand_on(self, batch: ReadBatch) -> None:
        self.log.switch(Activity.WAITING)
        self.log.batches += 1
        try:
            self._gate.passed()
            self._queue.push(batch)
        except BaseException:
            for buffer in batch.buffers:
                self._pool.give(buffer)
            raise
        self.log.switch(Activity.PARSING)


class _LoggedSource:
    """A source that tells the log when it is read from; the rest of the time is parsing."""

    def __init__(self, source: ByteSource, log: ActivityLog) -> None:
        self._source = source
        self._log = log

    @property
    def kind(self) -> str:
        return self._source.kind

    @property
    def size(self) -> int | None:
        return self._source.size

    @property
    def position(self) -> int:
        return self._source.position

    def read_into(self, target: memoryview) -> int:
        self._log.switch(Activity.READING)
        count = self._source.read_into(target)
        self._log.switch(Activity.PARSING)
        return count

    def close(self) -> None:
        self._source.close()
