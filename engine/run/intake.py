"""How batches get from the thread that reads to the workers, and what of them may be under way."""

from __future__ import annotations

from engine.batch import PADDING, ReadBatch
from engine.flow.backpressure import Block, LeftOut, Valve
from engine.flow.pool import BufferPool
from engine.flow.queue import BatchQueue
from engine.run.sampled import Sampled
from engine.run.settings import RunSettings
from engine.run.snapshot import BufferLoad, QueueLoad
from engine.tuning.setting import Setting

_LEAST_ROOM = 256 << 20
"""Bytes that may be under way where the source waits for room: matters for batches of single huge reads alone."""

_MOST_BATCHES = 1024
"""That may wait, however small they are."""


class Intake:
    """The pool of buffers, the valve that bounds what is under way, and the queue, of one run.

    Args:
        settings: how large all this is.
        files: files that each batch comes from, and so its buffers.
        beside: batches that others than the workers of the settings may have.
        sampled: what had been left out before; ``None``: nothing.

    Attributes:
        pool: where the parser gets buffers from.
        valve: what batches have to pass.
        queue: where they wait.
        setting: how large all this is by now; see `adjust`.
        chosen: numbers of batches in the queue that came through as a sample of those around them; whoever takes such
            a batch takes its number out.
    """

    def __init__(self, settings: RunSettings, files: int, beside: int = 0, sampled: Sampled | None = None) -> None:
        self._files = files
        self._workers = settings.workers + beside
        self._is_blocking = isinstance(settings.backpressure, Block)
        room = settings.queue_batches + self._workers
        usual = settings.in_flight_bytes // files if settings.in_flight_bytes else room * settings.batch_bytes
        # Of every file as much may be under way.
        self.setting = Setting(settings.workers, settings.batch_bytes, usual)
        self.chosen: set[int] = set()
        self.pool = BufferPool(settings.batch_bytes, files * (room + 1))
        left_out = None if sampled is None else sampled.left_out
        self.valve = Valve(settings.backpressure, self._room_of(usual), left_out)
        self.queue: BatchQueue[ReadBatch] = BatchQueue(settings.queue_batches)
        if settings.in_flight_bytes is not None or not self._is_blocking:
            self.adjust(self.setting)

    def adjust(self, setting: Setting) -> None:
        """Takes effect from the next batch on, by any thread; what is under way stays."""
        self.setting = setting
        under_way = max(setting.in_flight_bytes // setting.batch_bytes, 1)
        # Where a batch is left out rather than waited for, the valve alone decides: the queue has room for all.
        waiting = under_way - setting.workers if self._is_blocking else under_way
        waiting = min(max(waiting, 1), _MOST_BATCHES)
        self.pool.size = setting.batch_bytes
        # One for each batch that waits or is worked on, and one being filled: never waited for.
        self.pool.capacity = self._files * (waiting + self._workers + 1)
        self.valve.most_bytes = self._room_of(setting.in_flight_bytes)
        self.queue.capacity = waiting
        self.queue.seats = setting.workers

    def _room_of(self, in_flight: int) -> int:
        """Buffers have some bytes of padding, which nobody counts who says how much may be under way."""
        size = self.setting.batch_bytes
        room = self._files * max(in_flight // size, 1) * (size + PADDING)
        return max(room, _LEAST_ROOM) if self._is_blocking else room

    def admit(self, batch: ReadBatch) -> bool:
        """Whether a batch is to be worked on; waits for room where the source has to. If not, its buffers are free.

        Raises:
            ValveAborted: the run is being ended; the buffers are free then too.
        """
        is_admitted = False
        try:
            is_admitted = self.valve.admit(
                batch.number,
                _bytes_of(batch),
                reads=len(batch),
                bases=sum(int(each.lengths.sum(dtype="int64")) for each in (batch, batch.mate) if each is not None),
                text_bytes=text_bytes_of(batch),
            )
        finally:
            if not is_admitted:
                self.let_go(batch)
        return is_admitted

    @property
    def leaves_out(self) -> bool:
        """Whether batches may be left out."""
        return not self._is_blocking

    def was_chosen(self, number: int) -> bool:
        """Whether a batch came through as one of a sample; to be asked once, by whoever works on it."""
        if number not in self.chosen:
            return False
        self.chosen.discard(number)
        return True

    def let_go(self, batch: ReadBatch) -> None:
        """Gives the buffers of a batch back that was not let through."""
        for buffer in batch.buffers:
            self.pool.give(buffer)

    def give_back(self, batch: ReadBatch) -> None:
        """A batch that was let through is done with."""
        self.let_go(batch)
        self.valve.done(_bytes_of(batch))

    def stop(self) -> None:
        """Frees everyone who waits, and gives back what waited for a worker."""
        self.valve.abort()
        for batch in self.queue.abort():
            self.give_back(batch)
        self.pool.abort()

    @property
    def load(self) -> QueueLoad:
        """The batch queue."""
        now = self.queue.statistics()
        return QueueLoad(now.size, now.capacity, now.high_water, now.push_blocked, now.pop_blocked)

    @property
    def left_out(self) -> LeftOut:
        """What was not let through."""
        return self.valve.left_out

    @property
    def buffers(self) -> tuple[BufferLoad, ...]:
        """The buffers, by their size."""
        classes = self.pool.statistics().classes
        return tuple(BufferLoad(each.size, each.in_use, each.free, each.made, each.reused) for each in classes)


def _bytes_of(batch: ReadBatch) -> int:
    """Bytes of memory that a batch keeps busy."""
    return sum(len(buffer) for buffer in batch.buffers)


def text_bytes_of(batch: ReadBatch) -> int:
    """Bytes of the text that a batch was made of, that of its mates included."""
    own, mate = batch.byte_end - batch.byte_start, batch.mate
    return own if mate is None or mate.buffer is batch.buffer else own + mate.byte_end - mate.byte_start
