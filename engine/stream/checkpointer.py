"""Checkpoints of a stream, taken of what whoever takes its batches has done with."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import reduce

from engine.checkpoint.journal import Journal, Words
from engine.checkpoint.state import State, Value
from engine.collectors.batch_spread import BatchSpread
from engine.collectors.tally import merged
from engine.errors import CheckpointError
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.executor import PipelineRun
from engine.stream.recovery import StreamCheckpoints, StreamStart
from engine.stream.worker import StreamWorker

_log = logging.getLogger(__name__)

_COST = 1 / 50
"""Share of the time that taking checkpoints may cost."""


class StreamCheckpointer:
    """Takes checkpoints of one stream, without stopping it.

    Who parses asks `wants_mark` behind each batch and calls `set_mark`; who hands batches out calls `tend`.

    Args:
        checkpoints: how they are kept.
        start: what had been done before.
        pipeline: what is done to the reads, if anything.
        on_mark: called with the number of the next batch before anybody can have it.
        clock: seconds, of any beginning.

    Attributes:
        mark: between two batches, with what had been left out before; ``None``: none is set.
    """

    def __init__(
        self,
        checkpoints: StreamCheckpoints,
        start: StreamStart,
        pipeline: ResolvedPipeline | None,
        on_mark: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.mark: StreamStart | None = None
        self._is_wanted = False
        self._is_writing = False
        self._marked = start.number
        self._checkpoints = checkpoints
        self._folder = checkpoints.own_folder
        self._journals = list(start.journals)
        self._pipeline = _fingerprint(pipeline)
        self._on_mark = on_mark
        self._clock = clock
        self._due = clock() + checkpoints.seconds
        self._not_before = clock()
        self._has_failed = False
        self._tending = threading.Lock()

    def wants_mark(self, number: int) -> bool:
        """Whether a mark is to be set now; by the thread that parses.

        Args:
            number: of the next batch.
        """
        if self._is_wanted or self._checkpoints.batches is None or self.mark is not None or self._is_writing:
            return self._is_wanted
        return number - self._marked >= self._checkpoints.batches and self._clock() >= self._not_before

    def set_mark(self, start: StreamStart) -> None:
        """Behind the batch that was handed on last; by the thread that parses."""
        self._is_wanted = False
        self._marked = start.number
        self._on_mark(start.number)
        self.mark = start

    @property
    def is_due(self) -> bool:
        """Whether `tend` may have anything to do."""
        return self.mark is not None or self._clock() >= self._due

    def tend(self, taken: int, workers: Sequence[StreamWorker], run: PipelineRun | None) -> None:
        """Does what is due.

        Args:
            taken: number of the first batch that nobody has done with.
            workers: all of the stream.
            run: their pipeline.
        """
        with self._tending:
            self._tend(taken, workers, run)

    def wait(self) -> None:
        """Returns when `tend` is done, for whoever called it and did not wait."""
        with self._tending:
            return

    def _tend(self, taken: int, workers: Sequence[StreamWorker], run: PipelineRun | None) -> None:
        now = self._clock()
        mark = self.mark
        if mark is None:
            self._is_wanted = self._is_wanted or now >= self._due
            return
        if mark.number > taken:
            return
        parts = [part for worker in workers if (part := worker.at_mark(mark.number)) is not None]
        if len(parts) < len(workers):
            return
        after = mark.number
        steps = [part.steps for part in parts if part.steps is not None]
        state: State = {
            **mark.kept(),
            "stream": self._checkpoints.identity,
            "pipeline": self._pipeline,
            "before": merged([part.before for part in parts]).state_at_mark(),
            "after": merged([part.after for part in parts]).state_at_mark(),
            "steps": run.state(steps) if run is not None else None,
            "spread": reduce(BatchSpread.plus, (part.spread for part in parts)).state(),
        }
        memories = tuple(memory.new_before(after) for memory in run.memories) if run is not None else ()
        self._is_writing = True  # first: nobody sets a mark that the workers are then told to forget
        self.mark = None
        for worker in workers:
            worker.forget_mark()
        self._write(state, memories)
        self._not_before = self._clock() + (self._clock() - now) / _COST
        self._due = max(self._clock() + self._checkpoints.seconds, self._not_before)
        self._is_writing = False

    def _write(self, state: State, memories: tuple[Words, ...]) -> None:
        # Kept here until it is on the disk: it is told only once what is new.
        if not self._journals:
            self._journals = [Journal(self._folder.journal(number)) for number in range(len(memories))]
        for journal, words in zip(self._journals, memories, strict=True):
            journal.add(words)
        try:
            self._folder.make()
            kept: list[Value] = [journal.write() for journal in self._journals]
            self._folder.write({**state, "memories": kept})
            self._has_failed = False
        except (CheckpointError, OSError) as error:
            # The stream matters more than what it could go on from. It is tried again, and told once.
            if not self._has_failed:
                _log.warning("no checkpoint: %s", error)
            self._has_failed = True

    def forget(self) -> None:
        """Removes what was kept, once the stream has come to its end."""
        self._folder.prune()


def _fingerprint(pipeline: ResolvedPipeline | None) -> State | None:
    if pipeline is None:
        return None
    from engine.pipeline.fingerprint import fingerprint

    return fingerprint(pipeline)
