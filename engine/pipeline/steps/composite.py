"""Steps made of steps; a whole pipeline is one."""

from __future__ import annotations

from collections.abc import Sequence

from engine.batch import ReadBatch
from engine.pipeline.documents.conclusion import Conclusion, carried_out
from engine.pipeline.policies import Rules, Step
from engine.pipeline.steps.cancellation import Cancellation
from engine.pipeline.steps.statistics import StepStatistics


class CompositeStep(Step):
    """Steps one after the other. Where one of them takes turns, the whole never tries again.

    Args:
        rules: how it is carried out.
        steps: in order.
        cancellation: of the run.
    """

    def __init__(self, rules: Rules, steps: Sequence[Step], cancellation: Cancellation) -> None:
        counts = StepStatistics(rules.name, rules.kind, [step.statistics for step in steps])
        super().__init__(rules, counts, cancellation)
        self._steps = tuple(steps)
        self._is_ordered = any(step.is_ordered for step in steps)

    @property
    def is_ordered(self) -> bool:
        """See `Step.is_ordered`."""
        return self._is_ordered

    @property
    def takes_documents(self) -> bool:
        """See `Step.takes_documents`."""
        return any(step.takes_documents for step in self._steps)

    def conclude(self, before: Conclusion, deadline: float) -> Conclusion:
        """See `Step.conclude`."""
        if not self.takes_documents:
            return before
        return carried_out(self.rules, self.statistics, self._cancellation, self._concluded, before, deadline)

    def _concluded(self, before: Conclusion, deadline: float) -> Conclusion:
        for step in self._steps:
            self._cancellation.check()
            before = step.conclude(before, deadline)
            if before.rejected_by:
                break
        return before

    def attempt(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """See `Step.attempt`."""
        for step in self._steps:
            self._cancellation.check()
            batch = step.process(batch, deadline)
        return batch

    def accept(self, before: ReadBatch, after: ReadBatch) -> None:
        """See `Step.accept`."""
        self.statistics.reads.count(before, after)

    def skip(self, number: int) -> None:
        """See `Step.skip`."""
        for step in self._steps:
            step.skip(number)

    def close(self) -> None:
        """See `Step.close`."""
        for step in self._steps:
            step.close()
