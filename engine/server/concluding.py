"""JSON documents through pipelines for searches and results, and searches of reads, for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.pipeline.documents.concluding import ResultPipeline
from engine.pipeline.documents.conclusion import Conclusion
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.documents.stages import DocumentRun
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import PipelineSummary
from engine.search.hits import Hit, HitBatch
from engine.search.numbers import numbers_of_search
from engine.search.request import SearchRequest
from engine.search.search import ReadSearch, SearchSummary
from engine.wasm.documents.json_text import Document

Note = Callable[[str, StepStatistics], None]
"""Is told what a pipeline, by its reference, has done."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What became of a document.

    Attributes:
        conclusion: the document, and what stages said of it.
        summary: what each stage did.
        statistics: the same, to be merged.
    """

    conclusion: Conclusion
    summary: PipelineSummary
    statistics: StepStatistics


class DocumentExecution:
    """Takes one document through a pipeline. `cancel` may be called by any thread.

    Args:
        pipeline: for searches or results.
    """

    def __init__(self, pipeline: ResolvedPipeline) -> None:
        self._run = DocumentRun(pipeline)

    @property
    def statistics(self) -> StepStatistics:
        """What the stages have done so far."""
        return self._run.statistics()

    def cancel(self) -> None:
        """Ends it soon."""
        self._run.cancel()

    def run(self, document: Document) -> Concluded:
        """Works, in the calling thread.

        Raises:
            LanescopeError: a stage failed, and the pipeline is not to go on without it.
            ExecutionCancelled: it was called off.
        """
        conclusion = self._run.process(document)
        return Concluded(conclusion, self._run.summary(), self._run.statistics())


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    Attributes:
        summary: of the search.
        hits: the first ones.
        conclusion: the numbers after a result pipeline; ``None`` without stages for them.
        query: what the query pipeline did; ``None`` without one.
        result: what the result pipeline did; likewise.
    """

    summary: SearchSummary
    hits: Sequence[Hit]
    conclusion: Conclusion | None
    query: PipelineSummary | None
    result: PipelineSummary | None


class SearchExecution:
    """Searches files. `cancel` may be called by any thread.

    Args:
        files: where to search.
        request: what for.
        query: changes the request first.
        result: what hits and numbers go through.
        most: hits that are kept.
        note: is told what the pipelines have done.
    """

    def __init__(
        self,
        files: Sequence[Path],
        request: SearchRequest,
        *,
        query: QueryPipeline | None,
        result: ResultPipeline | None,
        most: int,
        note: Note,
    ) -> None:
        self._query, self._result, self._most, self._note = query, result, most, note
        self._hits: list[Hit] = []
        self._search = ReadSearch(files, request, workers=1, on_hits=self._keep, rewriter=query, processing=result)

    def cancel(self) -> None:
        """Ends it soon."""
        self._search.cancel()

    def run(self) -> Found:
        """Searches, and returns when all is done.

        Raises:
            LanescopeError: a file cannot be read, or a stage failed.
            ExecutionCancelled: it was called off.
        """
        summary = self._search.run()
        if summary.is_cancelled:
            raise ExecutionCancelled
        result, conclusion = self._result, None
        if result is not None and result.takes_documents:
            conclusion = result.conclude(numbers_of_search(summary))
        for each in (self._query, result):
            if each is not None:
                self._note(each.definition.reference, each.statistics())
        return Found(
            summary,
            self._hits,
            conclusion,
            None if self._query is None else self._query.summary(),
            None if result is None else result.summary(),
        )

    def _keep(self, hits: HitBatch) -> None:
        left = self._most - len(self._hits)
        if left > 0:
            self._hits += hits.first(left).hits()
