"""What a run does to its reads beside counting them: a pipeline, QC of what it keeps, and FASTQ out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.collectors.base import part
from engine.collectors.results import QcResults
from engine.collectors.tally import Tally, merged, tallies
from engine.errors import CheckpointError
from engine.reasons import Reason
from engine.run.beginning import AtMark, Beginning
from engine.run.outputs import ReadsIn, by_sample, opened
from engine.run.processor_part import Processed, ProcessorPart
from engine.run.snapshot import PipelineSummary, RunOutput
from engine.sink.ordered import OrderedSink, tell_nobody
from engine.sink.plan import OutputPlan
from engine.sink.state import FileState

if TYPE_CHECKING:
    from engine.checkpoint.state import State
    from engine.pipeline.plan import ResolvedPipeline
    from engine.pipeline.steps.executor import Executor, PipelineRun
    from engine.pipeline.steps.statistics import StepStatistics
    from engine.stages.bounds import EarlyTrim


class Processing:
    """The part of a run that all its workers share. Any thread may `cancel` it.

    Attributes:
        early_trims: of the reads and of the mates, what of the pipeline can be found before it begins.
        most_reads: reads, or pairs, of the input after which nothing is left to do; ``None``: it has to be read to
            its end, as where what is behind them has a file of its own.
        parts: one for each worker.

    Args:
        pipeline: what reads go through; ``None``: nothing is changed, and nothing counted again.
        output: where they go to; ``None``: nowhere.
        reads: what comes in.
        workers: how many will ask for their part.
        beginning: what has been done before.
        token: see `OutputFile`.

    Raises:
        CheckpointError: that was done by another pipeline.
        OutputError: the output cannot be made, or does not suit the reads; there are no files then.
    """

    def __init__(
        self,
        pipeline: ResolvedPipeline | None,
        output: OutputPlan | None,
        reads: ReadsIn,
        workers: int,
        beginning: Beginning | None = None,
        token: str = "",
    ) -> None:
        beginning = beginning or Beginning()
        self._pipeline = None if pipeline is None else _started(pipeline)
        self._sink: OrderedSink | None = None
        run = self._pipeline
        if run is not None and beginning.number:
            run.restore(beginning.memories, beginning.number)
        executors = [None if run is None else run.executor() for _ in range(workers)]
        after = [None] * workers if pipeline is None else tallies(workers, is_paired=reads.is_paired)
        _restore(beginning, executors[0], after[0])
        self._after = after[0]
        self.early_trims = (None, None) if pipeline is None else _early_trims(pipeline)
        self.most_reads = None if pipeline is None or _wants_rest(output) else _most_reads(pipeline)
        # Last of all: from here on there are files.
        if output is not None:
            self._sink = opened(by_sample(output, pipeline), reads, workers, beginning, token)
        sink = self._sink
        singles = output is None or output.singletons is not None or output.with_singletons
        self.parts = [
            ProcessorPart(executor, tally, sink, singles=singles)
            for executor, tally in zip(executors, after, strict=True)
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self._pipeline is None and self._sink is None

    @property
    def leaves_reads_alone(self) -> bool:
        """Whether nothing writes into the buffers of batches."""
        return self._pipeline is None

    @property
    def can_be_left(self) -> bool:
        """Whether it can be gone on with by another process; what goes to a pipe cannot."""
        return self._sink is None or self._sink.can_be_left

    def keep_new(self) -> None:
        """Has what stages remember ready for `at_mark`; before any batch."""
        for memory in self._pipeline.memories if self._pipeline is not None else ():
            memory.keep_new()

    def mark(self, number: int) -> None:
        """Prepares for `at_mark`.

        Args:
            number: of a batch that nobody has been given, nor any after it.
        """
        if self._after is not None:
            self._after.mark(number)
        if self._sink is not None:
            self._sink.mark(number)

    @property
    def has_come_to_mark(self) -> bool:
        """Whether all that workers brought before the last mark has been written."""
        return self._sink is None or self._sink.state_at_mark() is not None

    def at_mark(self, number: int, parts: Sequence[Processed]) -> AtMark:
        """All that has been done to batches before a mark, after that of every worker has been.

        Args:
            number: of the batch after the mark.
            parts: copies of what each worker had then.
        """
        counted, steps = _after_and_steps(parts)
        state: State = {}
        if counted:
            state["after"] = merged(counted).state_at_mark()
        if steps and self._pipeline is not None:
            state["steps"] = self._pipeline.state(steps)
        memories = self._pipeline.memories if self._pipeline is not None else ()
        sink = None if self._sink is None else self._sink.state_at_mark()
        return AtMark(state, sink, tuple(memory.new_before(number) for memory in memories))

    def cancel(self) -> None:
        """Ends the work of all workers at once, and frees those who wait for each other."""
        if self._pipeline is not None:
            self._pipeline.cancel()
        if self._sink is not None:
            self._sink.abort()

    def finish(self, about_to_name: Callable[[Sequence[FileState]], object] = tell_nobody) -> tuple[RunOutput, ...]:
        """Gives the files their names, after every batch has gone through.

        Args:
            about_to_name: see `OrderedSink.finish`.

        Raises:
            OutputError: one cannot be written to its end; nothing is left of it.
        """
        if self._sink is None:
            return ()
        sink, self._sink = self._sink, None
        return tuple(
            RunOutput(written.path, written.reads, written.text_bytes, written.file_bytes)
            for written in sink.finish(about_to_name)
        )

    def abandon(self, *, keeps: bool = False) -> None:
        """Removes what has been written. Does nothing after `finish`.

        Args:
            keeps: it stays, under temporary names, for another process to go on with.
        """
        if self._sink is not None:
            if keeps:
                self._sink.leave()
            else:
                self._sink.abandon()
            self._sink = None

    def results(self, parts: Sequence[Processed], *, final: bool = True) -> QcResults | None:
        """The QC modules over what was kept; ``None`` without a pipeline.

        Args:
            parts: copies of what the workers have, see `ProcessorPart.copy`.
            final: see `qc_results`.
        """
        counted, _ = _after_and_steps(parts)
        return merged(counted).results(final=final) if counted else None

    def live_summary(self) -> PipelineSummary | None:
        """What the stages have done until some tenths of a second ago; ``None`` without a pipeline."""
        return self.summary([Processed(steps=part.steps) for part in self.parts])

    def summary(self, parts: Sequence[Processed]) -> PipelineSummary | None:
        """What the stages have done; ``None`` without a pipeline."""
        _, steps = _after_and_steps(parts)
        return None if self._pipeline is None or not steps else self._pipeline.summary(steps)

    def statistics(self, parts: Sequence[Processed]) -> StepStatistics | None:
        """The same, to be merged with those of other runs; ``None`` without a pipeline."""
        _, steps = _after_and_steps(parts)
        if not steps:
            return None
        # Imported where it is needed: without a pipeline this would be a quarter of a short run.
        from engine.pipeline.steps.executor import added_up

        return added_up(steps)


def _after_and_steps(parts: Sequence[Processed]) -> tuple[list[Tally], list[StepStatistics]]:
    after = [each.after for each in parts if each.after is not None]
    return after, [each.steps for each in parts if each.steps is not None]


def _restore(beginning: Beginning, executor: Executor | None, after: Tally | None) -> None:
    """Gives one worker what all of those before had counted."""
    if beginning.state is None:
        return
    if set(beginning.state) & {"after", "steps"} != ({"after", "steps"} if executor is not None else set()):
        raise CheckpointError("It is of a run with another pipeline.")
    if executor is not None and after is not None:
        after.begin(beginning.number)
        after.restore(part(beginning.state, "after"))
        executor.restore(part(beginning.state, "steps"))


def _started(pipeline: ResolvedPipeline) -> PipelineRun:
    # Imported where it is needed: the kernels of stages are made ready for those who have a pipeline.
    from engine.pipeline.steps.executor import PipelineRun

    return PipelineRun(pipeline)


def _early_trims(pipeline: ResolvedPipeline) -> tuple[EarlyTrim | None, EarlyTrim | None]:
    from engine.pipeline.early_trims import early_trims

    return early_trims(pipeline)


def _most_reads(pipeline: ResolvedPipeline) -> int | None:
    from engine.pipeline.early_end import most_reads

    return most_reads(pipeline)


def _wants_rest(output: OutputPlan | None) -> bool:
    return output is not None and any(file.reason == Reason.NOT_SAMPLED.word for file in output.dropped)
