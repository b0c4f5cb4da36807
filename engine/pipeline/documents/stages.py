"""JSON documents through the stages of a pipeline that work on them."""

from __future__ import annotations

import time
from dataclasses import replace

from engine.pipeline.documents.conclusion import Conclusion
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.cancellation import Cancellation
from engine.pipeline.steps.failures import DeadlinePassed, DocumentStageFailed
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import PipelineSummary
from engine.wasm.documents.json_text import Document


class DocumentRun:
    """Takes one document after the other through a pipeline, in the calling thread; `cancel` is for any thread.

    Args:
        pipeline: of type ``query`` or ``result``; of the latter only the stages over documents work.
    """

    def __init__(self, pipeline: ResolvedPipeline) -> None:
        self._definition = pipeline.definition
        self._cancellation = Cancellation()
        self._root = pipeline.root.build_for_documents(self._cancellation)

    @property
    def takes_documents(self) -> bool:
        """Whether any of its stages works on documents."""
        return self._root.takes_documents

    def process(self, document: Document) -> Conclusion:
        """The document after all stages, or up to the one that rejected it.

        Raises:
            DocumentStageFailed: a stage failed, and the pipeline is not to go on without it.
            SearchRequestError: likewise, for what it made of a search makes no sense.
            ExecutionCancelled: it was called off.
        """
        deadline = time.monotonic() + self._root.rules.timeout
        try:
            return self._root.conclude(Conclusion(document), deadline)
        except DeadlinePassed as error:
            rules = self._root.rules
            raise DocumentStageFailed(rules.path, f"it was stopped after {rules.timeout:g} seconds.") from error

    def cancel(self) -> None:
        """Ends its work, for good."""
        self._cancellation.cancel()

    def statistics(self) -> StepStatistics:
        """A copy of what has been done so far; to be asked for between documents."""
        return self._root.statistics.copy()

    def summary(self, others: tuple[StepStatistics, ...] = ()) -> PipelineSummary:
        """What has been done so far.

        Args:
            others: of the same pipeline, such as what its stages did to hits.
        """
        total = self.statistics()
        for other in others:
            total.merge(other)
        whole = total.summary()
        return PipelineSummary(self._definition.name, self._definition.version, replace(whole, stages=()), whole.stages)
