"""What to do when a stage fails on a batch, and how long it may take."""

from __future__ import annotations

import math
import random
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.batch import ReadBatch
from engine.errors import LanescopeError
from engine.flow.turnstile import TurnstileAborted
from engine.pipeline.definition import FailurePolicy
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.pipeline.steps.failures import DeadlinePassed, StageFailed, StageTimedOut
from engine.pipeline.steps.statistics import StepStatistics
from engine.wasm.errors import GuestTimeout

if TYPE_CHECKING:
    from engine.pipeline.documents.conclusion import Conclusion

NEVER = math.inf
"""The deadline of what may take as long as it takes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a step is carried out.

    Attributes:
        name: the stage's.
        path: its name after those of the composite stages around it, with ``/`` between them.
        kind: see `StageSummary`.
        policy: what happens when it fails.
        timeout: seconds for one attempt at one batch; `NEVER`: as long as it takes.
        passes_failures: a failure inside goes up as it is, and only the step's own time is under its policy.
    """

    name: str
    path: str
    kind: str
    policy: FailurePolicy
    timeout: float = NEVER
    passes_failures: bool = False


def backoff(policy: FailurePolicy, failed: int) -> float:
    """Seconds to wait after so many failed attempts, at least 1: doubled each time, give or take the jitter."""
    # Spreads retries out; nothing is decided by it.
    spread = random.uniform(-policy.jitter, policy.jitter)  # noqa: S311 - no secret
    return float(policy.backoff * 2 ** (failed - 1) * (1 + spread))


class Step(ABC):
    """A stage in one worker, with its rules. Never called by two threads at once.

    Attributes:
        rules: how it is carried out.
        statistics: what it has done so far.
    """

    def __init__(self, rules: Rules, statistics: StepStatistics, cancellation: Cancellation) -> None:
        self.rules = rules
        self.statistics = statistics
        self._cancellation = cancellation

    @property
    def is_ordered(self) -> bool:
        """Whether batches go through it, or a step inside, in the input's order, so that none can do so twice."""
        return False

    @property
    def takes_turns(self) -> bool:
        """Whether it is the step itself that they go through in order: its failure stops all other workers."""
        return False

    @property
    def takes_documents(self) -> bool:
        """Whether it, or a step inside, works on JSON documents."""
        return False

    def conclude(self, before: Conclusion, deadline: float) -> Conclusion:
        """A JSON document after this step; as it was after one that works on reads.

        Args:
            before: the document, and what steps before have said of it; not rejected.
            deadline: when what is around the step has to be done, in seconds of `time.monotonic`.

        Raises:
            DocumentStageFailed: it failed for good.
            SearchRequestError: likewise, for what it made of a search makes no sense.
            DeadlinePassed: the deadline passed.
            ExecutionCancelled: the work was called off.
        """
        del deadline
        return before

    def process(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """The batch after this step, or as it was where the step failed and the pipeline goes on without it.

        Args:
            batch: its buffers stay the caller's.
            deadline: when what is around the step has to be done, in seconds of `time.monotonic`.

        Raises:
            StageFailed: it failed for good.
            DeadlinePassed: the deadline passed.
            ExecutionCancelled: the run was called off.
            TurnstileAborted: likewise, while the step waited for its turn.
        """
        counts, policy = self.statistics, self.rules.policy
        counts.executions += 1
        attempts = policy.attempts if policy.action == "retry" and not self.is_ordered else 1
        failed = 0
        while True:
            try:
                after = self._timed(batch, deadline)
            except (ExecutionCancelled, TurnstileAborted):
                raise
            except Exception as error:
                failed += 1
                if self._is_beyond_recovery(error, deadline):
                    counts.failures += 1
                    raise
                if failed < attempts:
                    counts.retries += 1
                    self._cancellation.wait(min(backoff(policy, failed), max(deadline - time.monotonic(), 0)))
                    continue
                return self._given_up(batch, error)
            counts.successes += 1
            return after

    def _timed(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        began = time.monotonic()
        own = min(deadline, began + self.rules.timeout)
        try:
            after = self.attempt(batch, own)
            if time.monotonic() > own:
                raise DeadlinePassed
        except Exception as error:
            # A plugin that runs into its own limit is as late as one that runs into the stage's.
            if isinstance(error, (DeadlinePassed, GuestTimeout)):
                self.statistics.timeouts += 1
            raise
        else:
            self.accept(batch, after)
            return after
        finally:
            self.statistics.add_duration(time.monotonic() - began)

    def _is_beyond_recovery(self, error: Exception, deadline: float) -> bool:
        if time.monotonic() > deadline:
            raise DeadlinePassed from error  # no matter what it was: what is around it has no time left
        return isinstance(error, StageFailed) and (self.rules.passes_failures or error.is_final)

    def _given_up(self, batch: ReadBatch, error: Exception) -> ReadBatch:
        counts, policy = self.statistics, self.rules.policy
        failure = self._described(error, batch)
        counts.failures += 1
        counts.add_error(batch.number, str(failure))
        goes_on = "continue" in (policy.action, policy.then if policy.action == "retry" else "")
        failure.is_final = self.takes_turns and not isinstance(error, DeadlinePassed)
        if not goes_on or failure.is_final:
            raise failure from error
        self.skip(batch.number)
        counts.reads.count(batch, batch)
        return batch

    def _described(self, error: Exception, batch: ReadBatch) -> StageFailed:
        if isinstance(error, DeadlinePassed):
            reason = f"it was stopped after {self.rules.timeout:g} seconds."
            return StageTimedOut(self.rules.path, reason, batch)
        if isinstance(error, StageFailed):
            return error
        if isinstance(error, GuestTimeout):
            return StageTimedOut(self.rules.path, str(error), batch, hint=error.hint)
        if isinstance(error, LanescopeError):
            return StageFailed(self.rules.path, str(error), batch, hint=error.hint)
        return StageFailed(self.rules.path, f"{type(error).__name__}: {error}.", batch)

    @abstractmethod
    def attempt(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """The batch after this step; `batch` itself is not changed where the policy needs it as it was."""

    @abstractmethod
    def accept(self, before: ReadBatch, after: ReadBatch) -> None:
        """Counts an attempt that went well and was in time."""

    @abstractmethod
    def skip(self, number: int) -> None:
        """The batch of this number will not come, or not again."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of what the step holds, in the thread that worked with it."""
