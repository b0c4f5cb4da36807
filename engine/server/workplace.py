"""What the routes work with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from engine.checkpoint.unsaved import unsaved_folder
from engine.collectors.judged_by import JudgedBy
from engine.collectors.profile_shelf import ProfileShelf
from engine.errors import LanescopeError
from engine.home import Home
from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.documents.concluding import ResultPipeline
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.keeping.lasting import LastingTallies
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.pipeline.keeping.shelf import Shelf
from engine.pipeline.plan import ResolvedPipeline, resolve
from engine.pipeline.plugins import LibraryPlugins
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.queue import RunQueue
from engine.run.snapshot import RunSnapshot
from engine.search.request import SearchRequest
from engine.server.access import AllowedFolders
from engine.server.concluding import Concluded, DocumentExecution, Found, SearchExecution
from engine.server.executing import Executed, Execution
from engine.server.tallies import ExecutionTallies
from engine.store.store import Store
from engine.wasm.documents.json_text import Document
from engine.wasm.plugins.library import PluginLibrary

_MOST_EXECUTIONS = 2
"""At once; more wait for their turn."""


class _Cancellable(Protocol):
    def cancel(self) -> None:
        """Ends it soon."""
        ...


class Workplace:
    """Runs, pipelines and executions, for every route. Methods may be called from any thread.

    Attributes:
        store: where runs and pipelines are kept; stays open.
        queue: carries runs out; stays open.
        allowed: places that programs may name.
        registry: the pipelines.
        tallies: what executions have done since the server started.
        lasting: what pipelines have done in all their runs, searches and executions.
        turns: for executions, entered in the server's event loop.
        is_closing: the server is going to end.
    """

    def __init__(self, home: Home, store: Store, queue: RunQueue, allowed: AllowedFolders) -> None:
        self.store = store
        self.queue = queue
        self.allowed = allowed
        self.registry = PipelineRegistry(store.pipelines, plugins=LibraryPlugins(PluginLibrary(home)))
        self.tallies = ExecutionTallies()
        self.lasting = LastingTallies(store.pipelines)
        self.is_closing = threading.Event()
        self._home = home
        self._guard = threading.Lock()
        self._executions: set[_Cancellable] = set()
        self.open()

    def judged_by(self, text: str) -> JudgedBy:
        """The profile of that name or title, Lanescope's or the user's.

        Raises:
            ProfileError: there is none.
        """
        shelf = ProfileShelf(self._home.profiles)
        return shelf.judged_by(shelf.find(text))

    def open(self) -> None:
        """Lets executions begin, again."""
        self.turns = asyncio.Semaphore(_MOST_EXECUTIONS)  # of the event loop that is to come
        self.is_closing.clear()

    def close(self) -> None:
        """Calls off what is being executed; runs go on."""
        with self._guard:
            self.is_closing.set()
            executions = list(self._executions)
        for execution in executions:
            execution.cancel()

    def scratch(self) -> AbstractContextManager[Path]:
        """A folder for what one request brings and gets, removed with it."""
        return unsaved_folder(self._home.database)

    def execute(
        self, definition: PipelineDefinition, source: Path, output: Path, *, most_text: int | None = None
    ) -> Executed:
        """Takes reads through a pipeline in the calling thread, and counts it; see `Execution`.

        Raises:
            LanescopeError: it failed.
            ExecutionCancelled: the server ends.
        """
        execution: Execution | None = None
        try:
            execution = Execution(self.resolved(definition), source, output, most_text=most_text)
            with self._noted(execution):
                executed = execution.run()
        except LanescopeError:
            self._count_failure(definition, None if execution is None else execution.statistics)
            raise
        self._count(definition.reference, executed.statistics)
        return executed

    def conclude(self, definition: PipelineDefinition, document: Document) -> Concluded:
        """Takes a document through a pipeline for searches or results in the calling thread, and counts it.

        Raises:
            LanescopeError: it failed.
            ExecutionCancelled: the server ends.
        """
        execution: DocumentExecution | None = None
        try:
            execution = DocumentExecution(self.resolved(definition))
            with self._noted(execution):
                concluded = execution.run(document)
        except LanescopeError:
            self._count_failure(definition, None if execution is None else execution.statistics)
            raise
        self._count(definition.reference, concluded.statistics)
        return concluded

    def search(
        self, files: Sequence[Path], request: SearchRequest, query: str | None, result: str | None, most: int
    ) -> Found:
        """Searches files in the calling thread, by pipelines that are named, or else that their folders agree on.

        Raises:
            LanescopeError: it failed.
            ExecutionCancelled: the server ends.
        """
        shelf = self.store.pipelines.read(Shelf)
        asking = self._wanted(query, files, "query")
        finding = self._wanted(result, files, "result")
        execution = SearchExecution(
            files,
            request,
            query=None if asking is None else QueryPipeline(asking, shelf),
            result=None if finding is None else ResultPipeline(finding, shelf),
            most=most,
            note=self._count,
        )
        with self._noted(execution):
            return execution.run()

    def _count(self, reference: str, statistics: StepStatistics) -> None:
        self.tallies.add(reference, statistics)
        name, _, version = reference.partition("@")
        self.lasting.add(name, version, statistics)

    def _count_failure(self, definition: PipelineDefinition, statistics: StepStatistics | None) -> None:
        self.tallies.add_failure(definition)
        if statistics is not None:
            self.lasting.add(definition.name, definition.version, statistics, is_failed=True)

    def _wanted(
        self, name: str | None, files: Sequence[Path], pipeline_type: PipelineType
    ) -> PipelineDefinition | None:
        if name is not None:
            return self.registry.get(name)
        used = [self.registry.associations.for_file(file, pipeline_type) for file in files]
        return used[0] if all(each == used[0] for each in used) else None

    def resolved(self, definition: PipelineDefinition, purpose: PipelineType | None = None) -> ResolvedPipeline:
        """The pipeline with all that it names.

        Args:
            definition: of it.
            purpose: what it has to be for; ``None``: whatever it is for.

        Raises:
            LanescopeError: it is for something else, or what it names cannot be used.
        """
        return resolve(definition, pipelines=self.store.pipelines.read(Shelf), purpose=purpose or definition.type)

    @contextmanager
    def _noted(self, execution: _Cancellable) -> Iterator[None]:
        with self._guard:
            self._executions.add(execution)
            is_closing = self.is_closing.is_set()
        if is_closing:
            execution.cancel()
        try:
            yield
        finally:
            with self._guard:
                self._executions.discard(execution)

    def run(self, run_id: int) -> RunSnapshot:
        """A run as it is now, of this session or of the past.

        Raises:
            RunNotFoundError: there is none.
            StoreError: the database cannot be read.
        """
        return self.queue.snapshot(run_id) or self.store.load(run_id)
