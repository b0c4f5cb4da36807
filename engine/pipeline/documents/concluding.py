"""Pipelines of type ``result``: hits go through them as they are found, and the numbers in the end."""

from __future__ import annotations

import threading

from engine.batch import ReadBatch
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.detecting import told_all
from engine.pipeline.documents.conclusion import Conclusion
from engine.pipeline.documents.stages import DocumentRun
from engine.pipeline.plan import resolve
from engine.pipeline.resolving import Pipelines
from engine.pipeline.steps.executor import Executor, PipelineRun
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import PipelineSummary
from engine.wasm.documents.json_text import Document


class ResultPipeline:
    """Stages over reads work on hits, batch by batch; those over documents on what came out, once all is there.

    Shared by the workers of one search. Args and errors are those of `QueryPipeline`.
    """

    def __init__(self, definition: PipelineDefinition, pipelines: Pipelines | None = None) -> None:
        self.definition = definition
        resolved = told_all(resolve(definition, pipelines=pipelines, purpose="result"))
        self._hits = PipelineRun(resolved)
        self._documents = DocumentRun(resolved)
        self._guard = threading.Lock()
        self._parts: list[StepStatistics] = []

    @property
    def takes_documents(self) -> bool:
        """Whether any of its stages works on the numbers."""
        return self._documents.takes_documents

    def executor(self) -> HitExecutor:
        """The part of one worker, made in its thread."""
        return HitExecutor(self, self._hits.executor())

    def cancel(self) -> None:
        """Frees whoever works or waits with hits; the numbers can still be concluded."""
        self._hits.cancel()

    def conclude(self, document: Document) -> Conclusion:
        """What came out, after all stages over documents, or up to the one that rejected it.

        Raises:
            DocumentStageFailed: a stage failed, and the pipeline is not to go on without it.
        """
        return self._documents.process(document)

    def statistics(self) -> StepStatistics:
        """A copy of what has been done so far, that of workers which have ended."""
        total = self._documents.statistics()
        with self._guard:
            for part in self._parts:
                total.merge(part)
        return total

    def summary(self) -> PipelineSummary:
        """The same, for people."""
        with self._guard:
            return self._documents.summary(tuple(self._parts))

    def note(self, statistics: StepStatistics) -> None:
        """A worker has ended, and this is what it did."""
        with self._guard:
            self._parts.append(statistics)


class HitExecutor:
    """Takes the hits of one worker through a pipeline; see `engine.search.matcher.HitProcessor`."""

    def __init__(self, pipeline: ResultPipeline, executor: Executor) -> None:
        self._pipeline = pipeline
        self._executor = executor

    def process(self, batch: ReadBatch) -> ReadBatch:
        """The hits after all stages over reads; those that are dropped are marked so.

        Raises:
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            ExecutionCancelled: the search was called off.
        """
        return self._executor.process(batch)

    def close(self) -> None:
        """Lets go of what it holds, in the thread that worked with it."""
        self._pipeline.note(self._executor.statistics())
        self._executor.close()
