"""Steps over kernels."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from engine.batch import ReadBatch
from engine.pipeline.policies import NEVER, Rules, Step
from engine.pipeline.steps.cancellation import Cancellation
from engine.pipeline.steps.failures import DeadlinePassed
from engine.pipeline.steps.pieces import Divider, joined, piece_of
from engine.pipeline.steps.statistics import StepStatistics
from engine.stages.base import NativeStage
from engine.stages.statistics import StageStatistics

_PATIENCE = 0.05
"""Seconds that a kernel may work before it is looked whether it should stop."""

_FIRST_SHARE = 1 / 16


class NativeStep(Step):
    """A stage over kernels, which nothing can stop: it gets its batches in pieces where they take long.

    Args:
        rules: how it is carried out.
        stage: this worker's instance.
        cancellation: of the run.
        takes_turns: the stage is ordered, see `StageKind`; it gets whole batches.
        spares: a batch must be what it was if the stage fails.
    """

    def __init__(
        self,
        rules: Rules,
        stage: NativeStage[Any],
        cancellation: Cancellation,
        *,
        takes_turns: bool = False,
        spares: bool = True,
    ) -> None:
        super().__init__(rules, StepStatistics(rules.name, rules.kind), cancellation)
        self._stage = stage
        self._takes_turns = takes_turns
        self._copies = stage.works_in_place and spares
        self._patience = min(_PATIENCE, rules.timeout / 4)
        self._pace: float | None = None
        cancellation.on_cancel(stage.abort)

    @property
    def is_ordered(self) -> bool:
        """See `Step.is_ordered`."""
        return self._takes_turns

    @property
    def takes_turns(self) -> bool:
        """See `Step.takes_turns`."""
        return self._takes_turns

    def attempt(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """See `Step.attempt`."""
        # What is counted for a batch that fails in its middle is thrown away.
        self._stage.statistics = StageStatistics()
        if self._copies:
            batch = _copied(batch)
        share = self._share(batch)
        if self._takes_turns or share >= 1 or batch.places is not None:
            began = time.perf_counter()
            after = self._stage.process(batch)
            self._note(batch, 1.0, time.perf_counter() - began)
            return after
        return self._in_pieces(batch, share, deadline)

    def accept(self, before: ReadBatch, after: ReadBatch) -> None:
        """See `Step.accept`."""
        del before, after
        self.statistics.reads.merge(self._stage.statistics)

    def skip(self, number: int) -> None:
        """See `Step.skip`."""
        if self._takes_turns:
            self._stage.skip(number)

    def close(self) -> None:
        """See `Step.close`."""
        self._stage.close()

    def _in_pieces(self, batch: ReadBatch, share: float, deadline: float) -> ReadBatch:
        divider, parts, begin = Divider(batch), [], 0
        while begin < len(batch):
            self._cancellation.check()
            if time.monotonic() > deadline:
                raise DeadlinePassed
            end = divider.end(begin, share)
            began = time.perf_counter()
            parts.append(self._stage.process(piece_of(batch, begin, end)))
            self._note(batch, divider.share(begin, end), time.perf_counter() - began)
            share = self._share(batch)
            begin = end
        return joined(batch, parts)

    def _share(self, batch: ReadBatch) -> float:
        """How much of a batch can be worked on without looking up; 1 and more: all of it."""
        if not len(batch):
            return 1.0
        if self._pace is None:
            return 1.0 if self.rules.timeout == NEVER and not self._is_large(batch) else _FIRST_SHARE
        return self._patience / max(self._pace * _text_bytes(batch), 1e-9)

    @staticmethod
    def _is_large(batch: ReadBatch) -> bool:
        return _text_bytes(batch) > 1 << 20

    def _note(self, batch: ReadBatch, share: float, seconds: float) -> None:
        self._pace = seconds / max(share * _text_bytes(batch), 1.0)


def _text_bytes(batch: ReadBatch) -> int:
    return max(batch.byte_end - batch.byte_start, 1)


def _copied(batch: ReadBatch) -> ReadBatch:
    """The batch over buffers of its own, shared by mates that shared theirs."""
    buffer = batch.buffer.copy()
    mate = batch.mate
    if mate is not None:
        mate = replace(mate, buffer=buffer if mate.buffer is batch.buffer else mate.buffer.copy())
    return replace(batch, buffer=buffer, mate=mate)
