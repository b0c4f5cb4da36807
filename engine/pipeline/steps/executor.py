"""A pipeline at work: shared by the workers of a run, and each worker's part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.policies import NEVER, Step
from engine.pipeline.steps.cancellation import Cancellation
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import PipelineSummary
from engine.stages.memory import Memory, Words


class PipelineRun:
    """One run of a pipeline.

    Args:
        pipeline: what to run.
    """

    def __init__(self, pipeline: ResolvedPipeline) -> None:
        self._pipeline = pipeline
        self._cancellation = Cancellation()
        self._shared: dict[int, object] = {}
        pipeline.root.share(self._shared)

    @property
    def memories(self) -> tuple[Memory, ...]:
        """What stages remember from batch to batch, in the order of the stages."""
        return tuple(shared for shared in self._shared.values() if isinstance(shared, Memory))

    def restore(self, memories: Sequence[Words], number: int) -> None:
        """Takes up what the stages of another run of the pipeline had remembered; before any batch.

        Args:
            memories: all that each of `memories` there had given, in order.
            number: of the batch that comes first.

        Raises:
            CheckpointError: it is of another pipeline.
        """
        if len(memories) != len(self.memories):
            raise CheckpointError("It is of other stages than the pipeline has.")
        for memory, words in zip(self.memories, memories, strict=True):
            memory.restore(words, number)

    def state(self, parts: list[StepStatistics]) -> State:
        """What all workers have done, for a checkpoint; `Executor.restore` of one of them takes it up."""
        return added_up(parts).state()

    def executor(self) -> Executor:
        """The part of one worker."""
        return Executor(self._pipeline.root.build(self._shared, self._cancellation))

    def cancel(self) -> None:
        """Ends the work of all workers: plugins at once, kernels within some 50 ms; frees whoever waits."""
        self._cancellation.cancel()

    def summary(self, parts: list[StepStatistics]) -> PipelineSummary:
        """What all workers have done.

        Args:
            parts: copies of their statistics, at least one.
        """
        whole = added_up(parts).summary()
        definition = self._pipeline.definition
        return PipelineSummary(definition.name, definition.version, replace(whole, stages=()), whole.stages)


def added_up(parts: list[StepStatistics]) -> StepStatistics:
    """What all workers have done; `parts`, at least one, stay as they are."""
    total = parts[0].copy()
    for part in parts[1:]:
        total.merge(part)
    return total


class Executor:
    """Carries the stages of a pipeline out on one batch after the other, for one worker."""

    def __init__(self, root: Step) -> None:
        self._root = root

    def process(self, batch: ReadBatch) -> ReadBatch:
        """The batch after all stages. Its buffers are the caller's, but bases in them may have been masked.

        Raises:
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            ExecutionCancelled: the run was called off.
            TurnstileAborted: likewise, while a stage waited for its turn.
        """
        return self._root.process(batch, NEVER)

    def statistics(self) -> StepStatistics:
        """A copy of what has been done so far; to be asked for between batches."""
        return self._root.statistics.copy()

    def restore(self, state: State) -> None:
        """Takes up what the executors of another run of the pipeline had done; before any batch.

        Args:
            state: `StepStatistics.state` of what they had done.

        Raises:
            CheckpointError: it is of another pipeline.
        """
        self._root.statistics.restore(state)

    def close(self) -> None:
        """Lets go of what the stages hold, in the thread that worked with them."""
        self._root.close()
