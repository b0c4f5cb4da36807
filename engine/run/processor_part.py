"""One worker's part of what a run does to its reads beside counting them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.tally import Tally
from engine.flow.turnstile import TurnstileAborted
from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.sink.errors import SinkAborted
from engine.sink.ordered import OrderedSink
from engine.sink.texts import kept

if TYPE_CHECKING:
    from engine.pipeline.steps.executor import Executor
    from engine.pipeline.steps.statistics import StepStatistics

_INTERVAL = 0.2
"""Seconds between two times that counts of the stages are made known."""

CALLED_OFF = (ExecutionCancelled, SinkAborted, TurnstileAborted)
"""What ends a worker whose run was ended by somebody else."""


@dataclass(slots=True)
class Processed:
    """What one worker, or all of them, have done to reads.

    Attributes:
        after: counts of what was kept; ``None`` without a pipeline.
        steps: what each stage has done; likewise.
    """

    after: Tally | None = None
    steps: StepStatistics | None = None


class ProcessorPart:
    """One worker's part. Never used by two threads at once.

    Attributes:
        steps: what each stage has done, some tenths of a second ago; replaced as a whole.

    Args:
        executor: its stages, if there is a pipeline.
        after: its counts of what is kept, if there is a pipeline.
        sink: where reads go to, if anywhere.
        singles: a read whose mate was dropped is kept.
    """

    def __init__(
        self, executor: Executor | None, after: Tally | None, sink: OrderedSink | None, *, singles: bool
    ) -> None:
        self._executor = executor
        self._after = after
        self._sink = sink
        self._singles = singles
        self._due = 0.0
        self.steps: StepStatistics | None = None

    def process(self, batch: ReadBatch) -> None:
        """Takes a batch through the stages, counts what is left, and writes it.

        Raises:
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            OutputError: it cannot be written.
            Exception: one of `CALLED_OFF`.
        """
        if self._executor is not None:
            batch = self._executor.process(batch.with_empty_counted())
        if self._after is not None:
            count_kept(batch, self._after, singles=self._singles)
        if self._sink is not None:
            self._sink.write(batch)
        self._publish()

    def copy(self) -> Processed:
        """What has been done so far, between two batches."""
        return Processed(
            None if self._after is None else self._after.copy(),
            None if self._executor is None else self._executor.statistics(),
        )

    def _publish(self) -> None:
        """Makes the newest counts of the stages known, but not so often that it would be felt."""
        now = time.monotonic()
        if self._executor is not None and now >= self._due:
            self._due = now + _INTERVAL
            self.steps = self._executor.statistics()

    def close(self) -> None:
        """Lets go of what the stages hold, in the worker's thread."""
        if self._executor is not None:
            self._executor.close()


def count_kept(batch: ReadBatch, tally: Tally, *, singles: bool = True) -> None:
    """Counts the reads of a batch that are not dropped.

    Args:
        batch: any.
        tally: gets them.
        singles: a read whose mate was dropped counts too.
    """
    mate = batch.mate
    mine = kept(batch)
    if mate is None or tally.mates is None or tally.pairs is None:
        tally.add(batch if mine.all() else batch.rows(mine))
        return
    theirs = kept(mate)
    both = mine & theirs
    if both.all():
        tally.add(batch)
    elif not singles:
        tally.add(batch.rows(both))
    else:
        tally.reads.add(_side(batch, mine))
        tally.mates.add(_side(mate, theirs))
        tally.pairs.add(batch.rows(both))


def _side(batch: ReadBatch, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> ReadBatch:
    return replace(batch, mate=None).rows(which)
