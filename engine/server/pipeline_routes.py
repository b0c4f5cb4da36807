"""Routes for pipelines: keep, show, remove, try out, count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from engine.flow.turnstile import TurnstileAborted
from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.errors import PipelineNotFoundError
from engine.pipeline.keeping.lasting import LastingStatistics
from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.report.numbers import numbers_of_run
from engine.server import bounded
from engine.server.bodies import ReadsDocument, body_of
from engine.server.documents import (
    EXAMPLE_PIPELINE,
    ConcludedDocument,
    ExecutedDocument,
    LastingDocument,
    ListedPipelineDocument,
    RunStatistics,
    StatisticsDocument,
)
from engine.server.executing import Executed
from engine.server.problems import RequestError
from engine.server.search_routes import search_request
from engine.server.workplace import Workplace

FASTQ = "text/x-fastq"
MOST_READS = 1000
"""Reads in a document; there may be any number in FASTQ."""

_CHUNK = 1 << 18
_SAMPLE = "@read1\nACGTACGTAC\n+\nIIIIIIII##\n"
_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": ReadsDocument.model_json_schema(ref_template="#/components/schemas/{model}")
            },
            FASTQ: {"schema": {"type": "string"}, "example": _SAMPLE},
        },
    }
}
_BODIES["requestBody"]["content"]["application/json"]["schema"].pop("$defs", None)

Version = Annotated[str | None, Query(description="Default: the latest.", max_length=64, examples=["1.0.0"])]


def pipeline_routes(place: Workplace) -> APIRouter:
    """The routes, over what they work with."""
    router = APIRouter(tags=["pipelines"])

    @router.get("/_pipeline")
    def list_pipelines(type: PipelineType | None = None) -> list[ListedPipelineDocument]:  # noqa: A002 - part of the URL
        """List the pipelines there are, kept and shipped."""
        return [
            ListedPipelineDocument(
                name=listed.definition.name,
                version=listed.definition.version,
                versions=listed.versions,
                type=listed.definition.type,
                description=listed.definition.description,
                is_shipped=listed.is_shipped,
            )
            for listed in place.registry.list(type)
        ]

    @router.get("/_pipeline/{name}")
    def show_pipeline(name: str, version: Version = None) -> PipelineDefinition:
        """Show a pipeline in its latest version, or in the one asked for."""
        return place.registry.get(name, version)

    @router.post("/_pipeline/{name}", responses={201: {"model": PipelineDefinition}})
    def keep_pipeline(
        name: str, definition: Annotated[dict[str, Any], Body(examples=[EXAMPLE_PIPELINE])], response: Response
    ) -> PipelineDefinition:
        """Create a pipeline, or update it as a new version; everything that is wrong is told at once."""
        if definition.setdefault("name", name) != name:
            raise RequestError(
                "The definition has another name than the address.", status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        try:
            place.registry.versions(name)
        except PipelineNotFoundError:
            response.status_code = HTTPStatus.CREATED
        return place.registry.save(definition)

    @router.delete("/_pipeline/{name}", status_code=HTTPStatus.NO_CONTENT)
    def remove_pipeline(name: str, version: Version = None) -> None:
        """Remove a pipeline, or one version of it, that nobody uses."""
        place.registry.unregister(name, version)

    @router.post(
        "/_pipeline/{name}/_execute",
        openapi_extra=_BODIES,
        response_model=ExecutedDocument | ConcludedDocument,
        responses={200: {"content": {FASTQ: {"schema": {"type": "string"}}}}},
    )
    async def execute_pipeline(
        name: str, request: Request, version: Version = None
    ) -> ExecutedDocument | ConcludedDocument | Response:
        """Take reads through a pipeline: those in the body, or those of a file in an allowed folder.

        The answer is JSON, or, where `text/x-fastq` is accepted, all the reads that were kept. Pipelines for searches
        take a document, a search; those for results take one too, or the numbers of a run, or reads as if they were
        hits.
        """
        definition = await run_in_threadpool(place.registry.get, name, version)
        with ExitStack() as stack:
            folder = stack.enter_context(place.scratch())
            source = await body_of(request, folder, place.allowed)
            if isinstance(source, ReadsDocument):
                return await _concluded(place, definition, source)
            if definition.type == "query":
                raise _misfit("This pipeline is for searches, and these are reads.")
            is_body = source.parent == folder
            executed = await _executed(place, definition, source, folder / "output.fastq", is_body=is_body)
            if FASTQ in request.headers.get("accept", ""):
                return StreamingResponse(_chunks(executed.output, stack.pop_all()), media_type=FASTQ)
            reads = await run_in_threadpool(executed.first, MOST_READS)
        return ExecutedDocument(
            pipeline=executed.summary, reads_out=executed.reads, reads=reads, is_shortened=executed.reads > len(reads)
        )

    @router.get("/_pipeline/{name}/_stats")
    def pipeline_statistics(name: str, version: Version = None) -> StatisticsDocument:
        """Tell what a pipeline has done, stage by stage: in all its runs, and since the server started."""
        definition = place.registry.get(name, version)
        done = {each.version: each for each in place.lasting.of(definition.name)}.get(definition.version)
        executed, failures = place.tallies.summary(definition)
        runs = [
            RunStatistics(run_id=run.run_id, state=run.state, pipeline=run.pipeline)
            for run in place.queue.snapshots()
            if run.pipeline is not None and f"{run.pipeline.name}@{run.pipeline.version}" == definition.reference
        ]
        return StatisticsDocument(
            name=definition.name,
            version=definition.version,
            lasting=None if done is None else _lasting(done),
            executed=executed,
            failed_executions=failures,
            runs=runs,
        )

    return router


def _lasting(done: LastingStatistics) -> LastingDocument:
    return LastingDocument(
        runs=done.runs, failed=done.failed, first=done.first, last=done.last, total=done.total, stages=done.stages
    )


async def _executed(
    place: Workplace, definition: PipelineDefinition, source: FilePath, output: FilePath, *, is_body: bool
) -> Executed:
    most = bounded.LARGEST_TEXT if is_body else None
    async with place.turns:
        try:
            return await run_in_threadpool(place.execute, definition, source, output, most_text=most)
        except (ExecutionCancelled, TurnstileAborted) as error:
            raise RequestError("The server ends.", status=HTTPStatus.SERVICE_UNAVAILABLE) from error


async def _concluded(place: Workplace, definition: PipelineDefinition, body: ReadsDocument) -> ConcludedDocument:
    if definition.type == "document" or (definition.type == "query" and body.document is None):
        what = "reads" if definition.type == "document" else "searches"
        raise _misfit(f"This pipeline is for {what}, and this is a document or a run.")
    document = body.document
    if document is None:
        document = numbers_of_run(await run_in_threadpool(place.run, body.run or 0))
    elif definition.type == "query":
        document = search_request(document).model_dump(mode="json")
    async with place.turns:
        try:
            concluded = await run_in_threadpool(place.conclude, definition, document)
        except ExecutionCancelled as error:
            raise RequestError("The server ends.", status=HTTPStatus.SERVICE_UNAVAILABLE) from error
    conclusion = concluded.conclusion
    return ConcludedDocument(
        pipeline=concluded.summary,
        document=conclusion.document,
        rejected_by=conclusion.rejected_by,
        measured=dict(conclusion.numbers),
    )


def _misfit(words: str) -> RequestError:
    return RequestError(
        words,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        hint='Searches are sent as {"document": {"motif": "GATTACA"}}, runs as {"run": 1}, reads as FASTQ.',
    )


def _chunks(path: FilePath, belongings: ExitStack) -> Iterator[bytes]:
    """A file piece by piece; what belongs to it is closed in the end."""
    with belongings, path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
