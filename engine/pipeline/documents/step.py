"""Steps over JSON documents: searches before they begin, and what came out of runs and searches."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pydantic import ValidationError

from engine.batch import ReadBatch
from engine.pipeline.documents.conclusion import Conclusion, carried_out
from engine.pipeline.policies import Rules, Step
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.pipeline.steps.statistics import StepStatistics
from engine.search.query_stages import QueryStage
from engine.search.request import SearchRequest, SearchRequestError, reasons
from engine.wasm.documents.abi import DocumentKind
from engine.wasm.documents.json_text import Document
from engine.wasm.documents.stage import DocumentOutput
from engine.wasm.errors import GuestCancelled
from engine.wasm.plugins.opening import AnyDocumentPlugin


class DocumentWork(Protocol):
    """What is done to one document.

    Attributes:
        may_recover: whether what failed may go well another time.
    """

    may_recover: bool

    def process(self, document: Document, cancellation: Cancellation, deadline: float) -> DocumentOutput:
        """The document after it; `deadline` in seconds of `time.monotonic`."""
        ...


class QueryWork:
    """A stage of Lanescope's over searches.

    Args:
        stage: with its parameters.
    """

    may_recover = False

    def __init__(self, stage: QueryStage) -> None:
        self._stage = stage

    def process(self, document: Document, _cancellation: Cancellation, _deadline: float) -> DocumentOutput:
        """See `DocumentWork.process`."""
        return DocumentOutput(self._stage.rewrite(SearchRequest.model_validate(document)).model_dump(mode="json"))


class PluginWork:
    """A plugin over documents, each in a fresh instance: nothing may be kept between two.

    Args:
        plugin: checked and compiled.
        kind: what the documents are.
    """

    may_recover = True

    def __init__(self, plugin: AnyDocumentPlugin, kind: DocumentKind) -> None:
        self._plugin = plugin
        self._kind: DocumentKind = kind

    def process(self, document: Document, cancellation: Cancellation, deadline: float) -> DocumentOutput:
        """See `DocumentWork.process`."""
        watch = cancellation.watch()
        watch.deadline = deadline
        try:
            with contextlib.closing(self._plugin.open(watch)) as stage:
                output = stage.process(document, self._kind)
        except GuestCancelled:
            raise ExecutionCancelled from None
        return replace(output, document=_searched(self._plugin, output.document)) if self._kind == "query" else output


def _searched(plugin: AnyDocumentPlugin, document: Document) -> Document:
    """A search that a plugin has changed, if it makes sense.

    Raises:
        SearchRequestError: it does not.
    """
    try:
        return SearchRequest.model_validate(document).model_dump(mode="json")
    except ValidationError as error:
        name = plugin.manifest.name
        raise SearchRequestError(f"After the plugin {name} the search makes no sense. {reasons(error)}") from error


class Bystander(Step):
    """Has no part in what goes through: reads pass a stage over documents, and documents one over reads.

    Args:
        rules: of the stage.
        cancellation: of the run.
    """

    def __init__(self, rules: Rules, cancellation: Cancellation) -> None:
        super().__init__(rules, StepStatistics(rules.name, rules.kind), cancellation)

    def process(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """See `Step.process`: lets all pass, and counts nothing."""
        del deadline
        return batch

    def attempt(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """See `Step.attempt`."""
        return self.process(batch, deadline)

    def accept(self, before: ReadBatch, after: ReadBatch) -> None:
        """See `Step.accept`."""

    def skip(self, number: int) -> None:
        """See `Step.skip`."""

    def close(self) -> None:
        """See `Step.close`."""


class DocumentStep(Bystander):
    """A stage over documents.

    Args:
        rules: how it is carried out.
        make: gives what it does.
        cancellation: of the run.
    """

    def __init__(self, rules: Rules, make: Callable[[], DocumentWork], cancellation: Cancellation) -> None:
        super().__init__(rules, cancellation)
        self._work = make()

    @property
    def takes_documents(self) -> bool:
        """See `Step.takes_documents`."""
        return True

    def conclude(self, before: Conclusion, deadline: float) -> Conclusion:
        """See `Step.conclude`."""
        return carried_out(
            self.rules, self.statistics, self._cancellation, self._concluded, before, deadline,
            may_recover=self._work.may_recover,
        )  # fmt: skip

    def _concluded(self, before: Conclusion, deadline: float) -> Conclusion:
        output = self._work.process(before.document, self._cancellation, deadline)
        path = self.rules.path
        self.statistics.reads.add("documents", {"kept" if output.keep else "rejected": 1})
        numbers = dict(before.numbers) if output.number is None else {**before.numbers, path: output.number}
        after = replace(before, document=output.document, numbers=numbers)
        return after if output.keep else after.rejected(path)
