"""The threads of one run, with what they share."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

from engine.checkpoint.state import State
from engine.collectors.base import like
from engine.collectors.base import part as part_of
from engine.collectors.batch_spread import BatchSpread
from engine.collectors.tally import Tally, tallies
from engine.flow.backpressure import Block
from engine.flow.gate import Gate
from engine.run.activity import LoadHistory
from engine.run.beginning import AtMark, Beginning
from engine.run.device_team import DeviceTeam
from engine.run.intake import Intake
from engine.run.marks import Mark, Marks
from engine.run.priority import give_way
from engine.run.processing import Processing
from engine.run.processor_part import Processed
from engine.run.producer import Producer
from engine.run.reading import Reading
from engine.run.sampled import Sampled
from engine.run.sampling import sampling_of
from engine.run.settings import RunSettings
from engine.run.snapshot import Activity, DeviceLoad, QueueLoad, Sampling, ThreadLoad
from engine.run.staff import Staff
from engine.run.worker import Marked, Progress, Worker

_MOST_EXPANSION = 4
"""Bytes of text for a byte of a file, compressed or not: about what compressed reads have at most."""


@dataclass(frozen=True, slots=True)
class AllCounted:
    """Copies of what all workers have counted.

    Attributes:
        tally: of the reads as they came, merged.
        processed: what became of them, worker by worker.
    """

    tally: Tally
    processed: tuple[Processed, ...]


class Crew:
    """One producer and some workers around one queue.

    Args:
        reading: what to read, opened; closed by the producer.
        settings: how many workers, how large the batches.
        processing: what to do with the reads, a part for each worker.
        on_end: called by each thread when it ends.
        beginning: what has been done before.
        staff: who counts, if devices do.

    Attributes:
        intake: how batches get to the workers.
        devices: those that count.

    Raises:
        CheckpointError: that was of another kind of run.
    """

    def __init__(
        self,
        reading: Reading,
        settings: RunSettings,
        processing: Processing,
        on_end: Callable[[], None],
        beginning: Beginning | None = None,
        staff: Staff | None = None,
    ) -> None:
        self._reading = reading
        self._polite = settings.polite
        self._policy = settings.backpressure
        self._on_end = on_end
        self._processing = processing
        self._lost: Exception | None = None
        self._gate = Gate()
        self.devices = DeviceTeam(staff or Staff(), settings, processing.early_trims)
        beginning = beginning or Beginning()
        keeps = processing.leaves_reads_alone and len(self.devices) > 0
        kept = self.devices.most_kept(is_paired=reading.is_paired) if keeps else 0
        self.intake = Intake(settings, reading.files_at_once, len(self.devices) + kept, beginning.sampled)
        if keeps:
            self.devices.pin(self.intake.pool)
        counts = tallies(settings.workers + len(self.devices), is_paired=reading.is_paired)
        self._tallies = counts
        self._first = beginning.number
        self._marks = Marks(self._on_mark)
        self._producer = Producer(reading, self.intake, self._gate, self._marks, self._first, processing.most_reads)
        self._workers = [
            (Worker if seat < settings.workers else self.devices.worker)(
                seat, tally, self.intake, self._gate, processing, part, self._marks, self.devices.turns
            )
            for seat, (tally, part) in enumerate(zip(counts, processing.parts, strict=True))
        ]
        if beginning.state is not None:
            counts[0].begin(beginning.number)
            counts[0].restore(part_of(beginning.state, "tally"))
            done = like([0, 0, 0], beginning.state.get("progress"))
            self._workers[0].progress = Progress(*map(int, done))
        if beginning.sampled is not None:
            self._workers[0].spread = beginning.sampled.spread
        members: tuple[Producer | Worker, ...] = (self._producer, *self._workers)
        self._histories = [LoadHistory(member.log) for member in members]
        self._threads = [
            threading.Thread(target=self._live, args=(member.run,), name=f"lanescope {member.log.name}")
            for member in members
        ]

    def start(self) -> None:
        """Starts every thread."""
        for thread in self._threads:
            thread.start()
        if self._reading.size is not None:
            pool = self.intake.pool
            pool.reserve(-(-_MOST_EXPANSION * self._reading.size // pool.size))

    def _live(self, work: Callable[[], None]) -> None:
        try:
            if self._polite:
                give_way()
            work()
        except Exception as error:  # told by `error`: a thread that never worked must not pass for one that is done
            self._lost = error
        finally:
            self._on_end()

    @property
    def is_working(self) -> bool:
        """Whether any thread lives."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def error(self) -> Exception | None:
        """What went wrong first; a worker's trouble is a defect, so it goes before the input's."""
        defect = next((worker.error for worker in self._workers if worker.error), self._lost)
        return defect or self._producer.error

    @property
    def has_defect(self) -> bool:
        """Whether a worker has failed, so that going on is of no use."""
        return self._lost is not None or any(worker.error for worker in self._workers)

    def pause(self) -> None:
        """Holds every thread at its next batch boundary."""
        self._gate.shut()

    def resume(self) -> None:
        """Lets every thread go on."""
        self._gate.open()

    def stop(self) -> None:
        """Ends every thread at its next batch boundary; what waits in the queue is dropped."""
        self._gate.stop()
        self._processing.cancel()
        if self._reading.size is None:
            # A pipe may give nothing for hours; closing it wakes who reads from it.
            self._reading.close()
        self.intake.stop()
        self.devices.turns.end()
        for tally in self._tallies[:1]:
            tally.give_up()

    def join(self) -> None:
        """Waits until every thread has ended."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def counted(self, patience: float = math.inf, *, final: bool = False) -> AllCounted | None:
        """What all workers have counted so far, merged.

        Args:
            patience: seconds to wait for all to end their batches; ``None`` is returned where one takes longer.
            final: nobody will ask again, so that workers need not keep it; after all have ended.
        """
        total: Tally | None = None
        processed, give_up = [], time.monotonic() + patience
        if final:
            self._tallies = []
        for worker in self._workers:
            part = worker.handed_over() if final else worker.counted(give_up - time.monotonic())
            if part is None:
                return None
            processed.append(part.processed)
            # One after the other: of reads of a million bases, each copy takes hundreds of megabytes.
            if total is None:
                total = part.tally
            else:
                total.merge(part.tally)
            del part
        assert total is not None  # noqa: S101 - there is a worker
        return AllCounted(total, tuple(processed))

    def _on_mark(self, number: int) -> None:
        self._tallies[0].mark(number)
        self._processing.mark(number)

    def want_mark(self) -> None:
        """Asks for a mark behind the batch that is read now, for `at_mark`."""
        self._marks.want()

    def at_mark(self) -> AtMark | None:
        """What has been done to all batches before the last mark; ``None``: not all of them have been yet."""
        mark = self._marks.latest
        if mark is None or self._marks.is_wanted:
            return None
        parts: list[Marked] = []
        for worker in self._workers:
            part = worker.at_mark(mark)
            if part is None:
                return None
            parts.append(part)
        if self._first + sum(part.batches for part in parts) != mark.number or not self._processing.has_come_to_mark:
            return None
        self._marks.clear()
        for worker in self._workers:
            worker.forget_mark()
        done = Progress()
        for part in parts:
            done = done.plus(part.progress)
        done_to_reads = self._processing.at_mark(mark.number, [part.processed for part in parts])
        sampled = self._sampled(mark, parts)
        tally = _joined([part.tally for part in parts])
        del parts, part
        counted: State = {
            "number": mark.number,
            "place": mark.place.state(),
            "tally": tally.state_at_mark(),
            "progress": [done.reads, done.bases, done.text_bytes],
            "batch_bytes": self.intake.setting.batch_bytes,
            "sampled": None if sampled is None else sampled.state(),
        }
        return replace(done_to_reads, state={**done_to_reads.state, **counted})

    def _sampled(self, mark: Mark, parts: list[Marked]) -> Sampled | None:
        if isinstance(self._policy, Block):
            return None
        spread = reduce(BatchSpread.plus, (part.spread for part in parts))
        return Sampled(self._policy, mark.seen, mark.left_out, spread)

    @property
    def has_lost_batches(self) -> bool:
        """Whether less batches have gone through than came in, after all threads have ended."""
        return sum(worker.log.batches for worker in self._workers) < self._producer.log.batches

    @property
    def progress(self) -> Progress:
        """What all workers have done so far."""
        total = Progress()
        for worker in self._workers:
            total = total.plus(worker.progress)
        return total

    @property
    def copying_seconds(self) -> float:
        """CPU time that workers have spent on copies for `counted`."""
        return sum(worker.copying_seconds for worker in self._workers)

    @property
    def sampling(self) -> Sampling | None:
        """What is left out; ``None`` where nothing can be."""
        spreads = [worker.spread for worker in self._workers]
        return sampling_of(self._policy, self.intake.left_out, self.progress, self._first + self.batches_done, spreads)

    @property
    def bytes_read(self) -> int:
        """Bytes of the input as stored, consumed so far."""
        return self._reading.position

    @property
    def queue(self) -> QueueLoad:
        """The batch queue."""
        return self.intake.load

    def spent(self) -> list[dict[Activity, float]]:
        """Seconds by activity of the one who reads, then of each worker."""
        logs = [self._producer.log, *(worker.log for worker in self._workers)]
        return [log.seconds() for log in logs]

    @property
    def batches_done(self) -> int:
        """Batches that workers have ended."""
        return sum(worker.log.batches for worker in self._workers)

    def sample_loads(self) -> None:
        """Ends an interval of every thread's load."""
        for history in self._histories:
            history.sample()
        self.devices.decide(self._workers)

    def device_loads(self) -> tuple[DeviceLoad, ...]:
        """Every device that counts, or did."""
        return self.devices.loads(sum(worker.log.batches for worker in self._workers))

    def loads(self) -> tuple[ThreadLoad, ...]:
        """Every thread's load, the producer's first."""
        return tuple(history.load() for history in self._histories)


def _joined(copies: list[Tally]) -> Tally:
    """All together, in the first: of reads of a million bases, one more copy would take a hundred megabytes."""
    copies.reverse()
    first = copies.pop()
    while copies:
        first.merge(copies.pop())
    return first
