"""One of the threads that compute for a stream: what it counts, and has the stages do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.batch_spread import BatchSpread
from engine.collectors.tally import Tally
from engine.pipeline.steps.executor import Executor
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.processor_part import count_kept


@dataclass(frozen=True, slots=True, eq=False)
class StreamMarked:
    """What one worker had done at a mark.

    Attributes:
        before: counts of the reads as they came.
        after: counts of those that were kept.
        steps: what each stage had done; ``None`` without a pipeline.
        spread: see `StreamWorker`.
    """

    before: Tally
    after: Tally
    steps: StepStatistics | None
    spread: BatchSpread


class StreamWorker:
    """Counts batches, and takes them through the stages. One thread works; `at_mark` is for any.

    Args:
        before: its counts of the reads as they come.
        after: its counts of those that are kept.
        executor: its stages, if there is a pipeline.
        marked: gives the number of the batch behind the last mark, if one is set.
        was_chosen: whether a batch, by its number, came through as one of a sample; ``None``: none is left out.

    Attributes:
        batches: how many it has done.
        spread: how far they differ, where some are left out; replaced as a whole. May be set before any batch.
    """

    def __init__(
        self,
        before: Tally,
        after: Tally,
        executor: Executor | None,
        marked: Callable[[], int | None],
        was_chosen: Callable[[int], bool] | None = None,
    ) -> None:
        self.batches = 0
        self.spread = BatchSpread()
        self._before = before
        self._after = after
        self._executor = executor
        self._marked = marked
        self._was_chosen = was_chosen
        self._mark: int | None = None
        self._at_mark: StreamMarked | None = None
        self._working = threading.Lock()

    def process(self, batch: ReadBatch) -> ReadBatch:
        """The batch after all stages.

        Raises:
            Exception: as `Executor.process` does.
        """
        with self._working:
            number = self._marked()
            if number is not None and number != self._mark and batch.number >= number:
                self._mark, self._at_mark = number, self._now()
            self._before.add(batch)
            if self._was_chosen is not None:
                self.spread = self.spread.with_batch(batch, is_sampled=self._was_chosen(batch.number))
            done = batch if self._executor is None else self._executor.process(batch.with_empty_counted())
            count_kept(done, self._after)
            self.batches += 1
            return done

    def at_mark(self, number: int) -> StreamMarked | None:
        """What it had done at the mark; ``None``: it is at work on a batch, and has not come to it yet.

        Args:
            number: of the batch behind the mark; all before it have been done by somebody.
        """
        if number == self._mark:
            return self._at_mark
        if not self._working.acquire(blocking=False):
            return None
        try:
            # It may have come to the mark just now.
            return self._at_mark if number == self._mark else self._now()
        finally:
            self._working.release()

    def forget_mark(self) -> None:
        """Lets go of what was kept for `at_mark`."""
        self._at_mark = None

    def _now(self) -> StreamMarked:
        steps = None if self._executor is None else self._executor.statistics()
        return StreamMarked(self._before.copy(), self._after.copy(), steps, self.spread)

    def restore(self, steps: State) -> None:
        """Takes up what the stages of all workers of another process had done; before any batch.

        Raises:
            CheckpointError: it is of another pipeline.
        """
        if self._executor is not None:
            self._executor.restore(steps)

    def close(self) -> None:
        """Lets go of what the stages hold, in the thread that worked with them."""
        if self._executor is not None:
            self._executor.close()
