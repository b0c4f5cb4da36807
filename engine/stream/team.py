"""The threads that work on one stream."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from engine.batch import PADDING, Bytes, ReadBatch
from engine.collectors.base import part
from engine.collectors.batch_spread import BatchSpread
from engine.collectors.tally import Tally, merged, tallies
from engine.flow.backpressure import Block, LeftOut, Valve, ValveAborted
from engine.flow.pool import BufferPool, PoolAborted, SizeClass
from engine.flow.queue import BatchQueue, QueueAborted, QueueEnded
from engine.parse.damage import SkippingReader
from engine.parse.fastq import FastqParser
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.executor import PipelineRun
from engine.run.processor_part import CALLED_OFF
from engine.source.summed import SummedSource
from engine.stream.checkpointer import StreamCheckpointer
from engine.stream.incoming import Incoming
from engine.stream.outcome import Outcome, sampling_in, skipped_in
from engine.stream.recovery import Recovery, StreamStart
from engine.stream.settings import StreamSettings
from engine.stream.worker import StreamWorker

_CALLED_OFF = (*CALLED_OFF, PoolAborted, QueueAborted, QueueEnded, ValveAborted)


@dataclass(frozen=True, slots=True)
class _Done:
    """A batch as the stages left it, and the buffer in which it came."""

    batch: ReadBatch
    buffer: Bytes


class Team:
    """One thread that parses and some that compute, for one stream; batches come out in order.

    Args:
        incoming: where the text comes from, behind the place where it begins.
        path: how errors call it.
        settings: how many, and how much at once.
        pipeline: what is done to the reads, if anything.
        start: what has been done before.

    Raises:
        CheckpointError: that was of another kind of stream.
    """

    def __init__(
        self,
        incoming: Incoming,
        path: Path,
        settings: StreamSettings,
        pipeline: ResolvedPipeline | None,
        start: StreamStart | None = None,
    ) -> None:
        self._start = start = start or StreamStart()
        self._loop = asyncio.get_running_loop()
        self._incoming = incoming
        room = max(settings.in_flight_bytes // (settings.batch_bytes + PADDING), 1)
        # Beside those under way, one is being filled, and one looked at.
        self._pool = BufferPool(settings.batch_bytes, room + 2)
        self._source = SummedSource(incoming, start.text_sum, start.place.offset)
        self._damage = start.damage.copy()
        self._parser = (
            SkippingReader(self._source, self._pool, path, start.place, self._damage)
            if settings.recovery is Recovery.SKIP
            else FastqParser(self._source, self._pool, path, start.place)
        )
        self._policy = settings.backpressure
        self._chosen: set[int] = set()
        self._valve = Valve(settings.backpressure, room * (settings.batch_bytes + PADDING), start.left_out)
        self._queue: BatchQueue[ReadBatch] = BatchQueue(room)
        self._pipeline = None if pipeline is None else PipelineRun(pipeline)
        self._before = tallies(settings.workers, is_paired=False)
        self._after = tallies(settings.workers, is_paired=False)
        self._finished: dict[int, _Done | Exception | None] = {}
        self._guard = threading.Lock()
        self._news = asyncio.Event()
        self._checkpointer: StreamCheckpointer | None = None
        if settings.checkpoints is not None:
            self._checkpointer = StreamCheckpointer(settings.checkpoints, start, pipeline, self._on_mark)
        self._workers = [self._worker(*each) for each in zip(self._before, self._after, strict=True)]
        self._take_up(start)
        works: list[Callable[[], None]] = [self._produce, *(partial(self._work, worker) for worker in self._workers)]
        self._threads = [
            threading.Thread(target=work, name=f"lanescope stream {number}") for number, work in enumerate(works)
        ]

    def _take_up(self, start: StreamStart) -> None:
        run = self._pipeline
        if self._checkpointer is not None and run is not None:
            for memory in run.memories:
                memory.keep_new()
        if start.state is None:
            return
        for tally, name in ((self._before[0], "before"), (self._after[0], "after")):
            tally.begin(start.number)
            tally.restore(part(start.state, name))
        if run is not None:
            run.restore(start.memories, start.number)
            self._workers[0].restore(part(start.state, "steps"))
        self._workers[0].spread = BatchSpread.of(part(start.state, "spread"))

    def start(self) -> None:
        """Starts every thread."""
        for thread in self._threads:
            thread.start()

    async def batches(self) -> AsyncGenerator[ReadBatch, None]:
        """The batches in order; each is valid until the next is asked for.

        Raises:
            Exception: what ended the work, after the batches before it.
        """
        number = self._start.number
        while (done := await self._next(number)) is not None:
            if isinstance(done, Exception):
                raise done
            try:
                yield done.batch
            finally:
                self._let_go(done.buffer)
            number += 1
            if self._checkpointer is not None and self._checkpointer.is_due:
                await asyncio.to_thread(self._checkpointer.tend, number, self._workers, self._pipeline)
        if self._checkpointer is not None:
            self._checkpointer.forget()

    async def _next(self, number: int) -> _Done | Exception | None:
        while True:
            with self._guard:
                if number in self._finished:
                    return self._finished.pop(number)
                self._news.clear()
            await self._news.wait()

    def stop(self) -> None:
        """Has every thread end what it is at, without waiting for that."""
        self._incoming.close()
        if self._pipeline is not None:
            self._pipeline.cancel()
        for tally in (self._before[0], self._after[0]):
            tally.give_up()
        self._valve.abort()
        for batch in self._queue.abort():
            self._let_go(batch.buffer)
        self._pool.abort()

    def join(self) -> None:
        """Waits until all threads have ended, after `stop`, and gives all buffers back."""
        for thread in self._threads:
            thread.join()
        if self._checkpointer is not None:  # the next stream of this identity may begin
            self._checkpointer.wait()
        for done in self._finished.values():
            if isinstance(done, _Done):
                self._let_go(done.buffer)
        self._finished.clear()

    def outcome(self) -> Outcome:
        """What has become of the stream, after `join`."""
        before, after = (merged(tallies).results() for tallies in (self._before, self._after))
        batches = self._start.number + sum(worker.batches for worker in self._workers)
        spreads = [worker.spread for worker in self._workers]
        sampling = sampling_in(before, self._policy, self.left_out, batches, spreads)
        return Outcome(before, after, self.left_out, skipped_in(self._damage), sampling)

    @property
    def left_out(self) -> LeftOut:
        """What has not been worked on so far."""
        return self._valve.left_out

    @property
    def buffers(self) -> tuple[SizeClass, ...]:
        """The buffers, by their size."""
        return self._pool.statistics().classes

    def _produce(self) -> None:
        """The life of the thread that parses."""
        number, seen, end = self._start.number, self._start.seen, None
        try:
            for batch in self._parser:
                [place] = self._parser.place.texts
                damage = self._damage.copy()
                if self._is_admitted(batch, seen):
                    if self._valve.is_sampling:
                        self._chosen.add(number)
                    # Stages and collectors count on numbers without gaps.
                    self._queue.push(replace(batch, number=number))
                    number += 1
                seen += 1
                if self._checkpointer is not None and self._checkpointer.wants_mark(number):
                    self._checkpointer.set_mark(
                        StreamStart(number, place, seen, self._valve.left_out, damage, self._source.sum)
                    )
        except _CALLED_OFF:
            return
        except Exception as error:
            end = error
        self._queue.close()
        self._finish(number, end)

    def _is_admitted(self, batch: ReadBatch, seen: int) -> bool:
        try:
            is_admitted = self._valve.admit(
                seen,
                len(batch.buffer),
                reads=len(batch),
                bases=int(batch.lengths.sum(dtype="int64")),
                text_bytes=batch.byte_end - batch.byte_start,
            )
        except BaseException:
            self._pool.give(batch.buffer)
            raise
        if not is_admitted:
            self._pool.give(batch.buffer)
        return is_admitted

    def _on_mark(self, number: int) -> None:
        for tally in (self._before[0], self._after[0]):
            tally.mark(number)

    def _worker(self, before: Tally, after: Tally) -> StreamWorker:
        executor = None if self._pipeline is None else self._pipeline.executor()
        return StreamWorker(
            before, after, executor, self._marked, None if isinstance(self._policy, Block) else self._was_chosen
        )

    def _was_chosen(self, number: int) -> bool:
        if number not in self._chosen:
            return False
        self._chosen.discard(number)
        return True

    def _marked(self) -> int | None:
        mark = None if self._checkpointer is None else self._checkpointer.mark
        return None if mark is None else mark.number

    def _work(self, worker: StreamWorker) -> None:
        """The life of a thread that computes."""
        try:
            while True:
                self._process(self._queue.pop(), worker)
        except _CALLED_OFF:
            pass
        finally:
            worker.close()

    def _process(self, batch: ReadBatch, worker: StreamWorker) -> None:
        try:
            done = worker.process(batch)
        except _CALLED_OFF:
            self._let_go(batch.buffer)
            raise
        except Exception as error:
            self._let_go(batch.buffer)
            self._finish(batch.number, error)
        else:
            self._finish(batch.number, _Done(done, batch.buffer))

    def _finish(self, number: int, done: _Done | Exception | None) -> None:
        with self._guard:
            self._finished[number] = done
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._news.set)

    def _let_go(self, buffer: Bytes) -> None:
        self._valve.done(len(buffer))
        self._pool.give(buffer)
