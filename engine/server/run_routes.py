"""Routes for runs: start, list, follow, cancel, results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from engine.pipeline.definition import PipelineDefinition
from engine.report.json_report import RunDocument as ResultsDocument
from engine.report.json_report import run_document
from engine.run.outputs import refuse_before_run
from engine.server.documents import LARGEST_ID, RunDocument, RunRequest
from engine.server.problems import RequestError
from engine.server.workplace import Workplace
from engine.sink.dropped import DroppedFile
from engine.sink.errors import OutputError
from engine.sink.plan import OutputPlan
from engine.source.naming import Dataset, find_datasets
from engine.special_files import is_special

_INTERVAL = 0.25
"""Seconds between two events, at least."""

_QUIET = 60
"""Intervals without news after which a comment tells that the server is there."""

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `progress`, and `end` at the end, each with a run as JSON.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}

RunId = Annotated[int, Path(ge=1, le=LARGEST_ID, examples=[1])]


def run_routes(place: Workplace) -> APIRouter:
    """The routes, over what they work with."""
    router = APIRouter(tags=["runs"])

    @router.post("/_run", status_code=HTTPStatus.ACCEPTED)
    def start_runs(wanted: RunRequest) -> list[RunDocument]:
        """Start runs, which wait for those before them."""
        samples = _samples(place, wanted)
        if wanted.output is not None and len(samples) > 1:
            raise RequestError(
                f"One output cannot take the reads of {len(samples)} runs.",
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
                hint="Start one run at a time.",
            )
        output = _output(place, wanted)
        judged_by = None if wanted.profile is None else place.judged_by(wanted.profile)
        named = None if wanted.pipeline is None else place.registry.get(wanted.pipeline)
        is_interleaved = wanted.pairs == "interleaved"
        # What can be wrong is found before the first is started: who is told of a fault would start all of them again.
        pipelines = [named or _usual(place, sample) for sample in samples]
        _refuse_impossible(place, samples, pipelines, output, is_interleaved=is_interleaved)
        started = []
        for sample, pipeline in zip(samples, pipelines, strict=True):
            run = place.queue.submit_dataset(
                sample, interleaved=is_interleaved, pipeline=pipeline, output=output, judged_by=judged_by
            )
            started.append(RunDocument.of(run))
        return started

    @router.get("/_run")
    def list_runs(search: Annotated[str, Query(max_length=200)] = "") -> list[RunDocument]:
        """List runs, newest first; those whose name, path, state or date hold every word."""
        now = {run.run_id: run for run in place.queue.snapshots()}
        return [
            RunDocument.of(now[row.run_id]) if row.run_id in now else RunDocument.listed(row)
            for row in place.store.list_runs(search)
        ]

    @router.get("/_run/{run_id}")
    def show_run(run_id: RunId) -> RunDocument:
        """Show where a run stands."""
        return RunDocument.of(place.run(run_id))

    @router.get("/_run/{run_id}/_events", response_class=StreamingResponse, responses=_EVENTS)
    async def follow_run(run_id: RunId) -> StreamingResponse:
        """Follow a run by server-sent events until it ends."""
        await run_in_threadpool(place.run, run_id)
        return StreamingResponse(
            _events(place, run_id), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    @router.post("/_run/{run_id}/_cancel", status_code=HTTPStatus.ACCEPTED)
    def cancel_run(run_id: RunId) -> RunDocument:
        """Cancel a run; what it had counted is kept. Harmless after its end."""
        run = place.run(run_id)
        if place.queue.snapshot(run_id) is None and not run.state.is_final:
            raise RequestError("This run belongs to another process.", status=HTTPStatus.CONFLICT)
        place.queue.cancel(run_id)
        return RunDocument.of(place.run(run_id))

    @router.get("/_run/{run_id}/_results", response_model=ResultsDocument)
    def run_results(run_id: RunId) -> Response:
        """Tell what a run has found, so far or in the end: every module, its verdicts, and what each stage did."""
        return Response(json.dumps(run_document(place.run(run_id))), media_type="application/json")

    return router


def _samples(place: Workplace, wanted: RunRequest) -> list[Dataset]:
    found = place.allowed.inputs(wanted.paths)
    refused = list(found.refused)
    if wanted.pairs == "auto":
        together = find_datasets(found.files)
        refused += together.refused
        samples = list(together.datasets)
    else:
        samples = [Dataset(path.name, ((path,),)) for path in found.files]
    if refused:
        raise refused[0]
    return samples


def _usual(place: Workplace, sample: Dataset) -> PipelineDefinition | None:
    """The pipeline that the dataset uses, if it uses one."""
    return place.registry.associations.for_file(sample.files[0][0], sample=sample.name)


def _output(place: Workplace, wanted: RunRequest) -> OutputPlan | None:
    for name, needed in (("output2", "output"), ("dropped", "output"), ("dropped2", "dropped")):
        if getattr(wanted, name) is not None and getattr(wanted, needed) is None:
            raise RequestError(f"{name} needs {needed}.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if wanted.output is None:
        return None
    second: FilePath | None = None if wanted.output2 is None else place.allowed.place(wanted.output2)
    dropped: tuple[DroppedFile, ...] = ()
    if wanted.dropped is not None:
        mates = None if wanted.dropped2 is None else place.allowed.place(wanted.dropped2)
        dropped = (DroppedFile(place.allowed.place(wanted.dropped), mates),)
    plan = OutputPlan(place.allowed.place(wanted.output), second, replace=wanted.replace, dropped=dropped)
    for path in plan.paths():
        # A pipe that nobody reads would hold this run, and all after it, for ever.
        if is_special(path):
            raise OutputError(f"{path} is not a file.", path=path, hint="Name a file.")
    return plan


def _refuse_impossible(
    place: Workplace,
    samples: Sequence[Dataset],
    pipelines: Sequence[PipelineDefinition | None],
    output: OutputPlan | None,
    *,
    is_interleaved: bool,
) -> None:
    """Refuses pipelines that name what is not there, and outputs that cannot be: those runs would fail at once."""
    inputs = [file for sample in samples for files in sample.files for file in files]
    for sample, pipeline in zip(samples, pipelines, strict=True):
        resolved = None if pipeline is None else place.resolved(pipeline, purpose="document")
        if output is not None:
            refuse_before_run(output, resolved, inputs, is_paired=is_interleaved or sample.is_paired)


async def _events(place: Workplace, run_id: int) -> AsyncIterator[str]:
    told: RunDocument | None = None
    quiet = 0
    while not place.is_closing.is_set():
        run = RunDocument.of(await run_in_threadpool(place.run, run_id))
        if run != told:
            told, quiet = run, 0
            yield _event("end" if run.state.is_final else "progress", run)
            if run.state.is_final:
                return
        elif (quiet := quiet + 1) % _QUIET == 0:
            yield ": still here\n\n"
        if place.queue.snapshot(run_id) is None:  # of another process, which tells the database now and then
            await asyncio.sleep(4 * _INTERVAL)
        else:
            await asyncio.sleep(_INTERVAL)


def _event(name: str, run: RunDocument) -> str:
    return f"event: {name}\ndata: {run.model_dump_json()}\n\n"
