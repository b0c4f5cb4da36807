"""A pipeline over some reads, at once and beside all runs."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.pipeline.steps.executor import Executor, PipelineRun
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.detection import with_shown
from engine.run.reading import Reading
from engine.run.snapshot import PipelineSummary
from engine.server.bounded import BoundedSource
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from engine.source.alignments import AlignmentSource
from engine.source.base import ByteSource
from engine.source.inputs import check, open_source

_BATCH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ExecutedRead:
    """A read as it came out."""

    name: str
    bases: str
    qualities: str


@dataclass(frozen=True, slots=True)
class Executed:
    """What an execution came to.

    Attributes:
        summary: what each stage did.
        statistics: the same, to be merged.
        output: the reads that were kept, plain FASTQ.
        reads: how many.
    """

    summary: PipelineSummary
    statistics: StepStatistics
    output: Path
    reads: int

    def first(self, count: int) -> list[ExecutedRead]:
        """The first reads that were kept."""
        with self.output.open(encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            records = zip(*[_lines(file)] * 4, strict=True)
            return [
                ExecutedRead(name[1:], bases, qualities)
                for name, bases, _, qualities in itertools.islice(records, count)
            ]


class Execution:
    """Takes the reads of one file through a pipeline. `cancel` may be called by any thread.

    Args:
        pipeline: what to do.
        source: reads, compressed or not.
        output: a file to make.
        most_text: bytes of text that the source may hold, decompressed; ``None`` for any.

    Attributes:
        statistics: what the stages have done, once it has ended, well or not.
    """

    def __init__(self, pipeline: ResolvedPipeline, source: Path, output: Path, *, most_text: int | None = None) -> None:
        self._pipeline = pipeline
        self._source = source
        self._output = output
        self._most_text = most_text
        self._run = PipelineRun(pipeline)
        self._is_cancelled = False
        self.statistics: StepStatistics | None = None

    def cancel(self) -> None:
        """Ends it soon."""
        self._is_cancelled = True
        self._run.cancel()

    def run(self) -> Executed:
        """Reads, works and writes, in the calling thread.

        Raises:
            InputError: the reads cannot be read, or are not valid.
            RequestError: there is too much text.
            OutputError: there is no room for what comes out.
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            ExecutionCancelled: it was called off.
        """
        check(self._source)
        self._look_for_adapters()
        pool = BufferPool(_BATCH_BYTES, 2)
        executor = self._run.executor()
        with contextlib.ExitStack() as stack:
            stack.callback(executor.close)
            stack.callback(self._count, executor)
            source = open_source(self._source, threads=0)
            stack.callback(source.close)
            if self._most_text is not None:
                source = _bounded(source, self._most_text)
            sink = OrderedSink(OutputPlan(self._output), inputs=[self._source])
            stack.callback(sink.abandon)
            for batch in FastqParser(source, pool, self._source):
                if self._is_cancelled:
                    raise ExecutionCancelled
                sink.write(executor.process(batch))
                pool.give(batch.buffer)
            (written,) = sink.finish()
            statistics = executor.statistics()
        return Executed(self._run.summary([statistics]), statistics, written.path, written.reads)

    def _look_for_adapters(self) -> None:
        """Has stages that ask for it learn which adapters the first reads show."""
        most = self._most_text

        def watch(source: ByteSource) -> ByteSource:
            return source if most is None else _bounded(source, most)

        shown = with_shown(self._pipeline, Reading(((self._source,),)), watch)
        if shown is not self._pipeline:
            # Who has cancelled by now has cancelled what went before: `run` asks between batches.
            self._run = PipelineRun(shown)

    def _count(self, executor: Executor) -> None:
        self.statistics = executor.statistics()


def _bounded(source: ByteSource, most: int) -> ByteSource:
    """The source with so much text at most, and so much BAM or SAM where the text is made of that."""
    if isinstance(source, AlignmentSource):
        source.wrap(lambda inner: BoundedSource(inner, most))
    return BoundedSource(source, most)


def _lines(file: Iterator[str]) -> Iterator[str]:
    return (line.removesuffix("\n") for line in file)
