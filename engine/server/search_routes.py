"""The route for searches of reads."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.report.html.elements import legible
from engine.run.snapshot import PipelineSummary
from engine.search.hits import Hit
from engine.search.request import SearchRequest, reasons
from engine.server.concluding import Found
from engine.server.problems import RequestError
from engine.server.workplace import Workplace

MOST_HITS = 10_000
"""In one answer."""


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SearchBody(_Document):
    """Where to search and what for; hits meet every condition of the request."""

    paths: list[str] = Field(min_length=1, max_length=1000, examples=[["/data/run7/sample1.fastq.gz"]])
    request: dict[str, JsonValue] = Field(
        default={},
        description="Fields of a search: name, name_match, motif, mismatches, both_strands, minimum_length, "
        "maximum_length, minimum_quality, limit.",
        examples=[{"motif": "GATTACA", "mismatches": 1}],
    )
    query_pipeline: str | None = Field(
        default=None, max_length=200, description="Changes the request first. Default: what the files' folder uses."
    )
    result_pipeline: str | None = Field(
        default=None,
        max_length=200,
        description="Trims and filters hits, and judges the numbers. Default: what the files' folder uses.",
    )
    hits: int = Field(default=1000, ge=0, le=MOST_HITS, description="So many hits are in the answer; all are counted.")


class HitDocument(_Document):
    """A read that was found; place from 0, null without a motif."""

    file: str
    record: int
    name: str
    bases: str
    qualities: str
    place: int | None
    strand: Literal["+", "-"] | None
    mismatches: int

    @classmethod
    def of(cls, hit: Hit) -> HitDocument:
        """One hit."""
        return cls(
            file=legible(str(hit.file)),
            record=hit.record,
            name=legible(hit.name),
            bases=hit.bases,
            qualities=hit.qualities,
            place=hit.place,
            strand=None if hit.place is None else "-" if hit.is_reverse else "+",
            mismatches=hit.mismatches,
        )


class FoundDocument(_Document):
    """What a search came to: the request as it was made, the first hits, and what pipelines did."""

    request: dict[str, JsonValue]
    looked_at: int
    hits_found: int
    is_limited: bool
    hits: list[HitDocument]
    query_pipeline: PipelineSummary | None
    result_pipeline: PipelineSummary | None
    numbers: dict[str, JsonValue] | None = Field(
        description="What came out, after the result pipeline's stages over documents; null without such stages."
    )
    rejected_by: str = Field(description="The stage that rejects what came out; empty: none does.")
    measured: dict[str, float] = Field(description="What those stages measured, by stage.")

    @classmethod
    def of(cls, found: Found) -> FoundDocument:
        """One search."""
        concluded = found.conclusion
        return cls(
            request=found.summary.request.model_dump(mode="json"),
            looked_at=found.summary.reads,
            hits_found=found.summary.hits,
            is_limited=found.summary.is_limited,
            hits=list(map(HitDocument.of, found.hits)),
            query_pipeline=found.query,
            result_pipeline=found.result,
            numbers=None if concluded is None else concluded.document,
            rejected_by="" if concluded is None else concluded.rejected_by,
            measured={} if concluded is None else dict(concluded.numbers),
        )


def search_routes(place: Workplace) -> APIRouter:
    """The route, over what it works with."""
    router = APIRouter(tags=["search"])

    @router.post("/_search")
    async def search_reads(wanted: SearchBody) -> FoundDocument:
        """Find reads by name, motif, length and quality in files and folders that are allowed."""
        request = search_request(wanted.request)
        async with place.turns:
            try:
                found = await run_in_threadpool(_search, place, wanted, request)
            except ExecutionCancelled as error:
                raise RequestError("The server ends.", status=HTTPStatus.SERVICE_UNAVAILABLE) from error
            return await run_in_threadpool(FoundDocument.of, found)

    return router


def search_request(fields: dict[str, Any]) -> SearchRequest:
    """The search with these fields.

    Raises:
        RequestError: it makes no sense.
    """
    try:
        return SearchRequest.model_validate(fields)
    except ValidationError as error:
        words = f"This search makes no sense. {reasons(error)}"
        raise RequestError(words, status=HTTPStatus.UNPROCESSABLE_ENTITY) from error


def _search(place: Workplace, wanted: SearchBody, request: SearchRequest) -> Found:
    inputs = place.allowed.inputs(wanted.paths)
    if inputs.refused:
        raise inputs.refused[0]
    if not inputs.files:
        raise RequestError("There are no files of reads in these places.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return place.search(inputs.files, request, wanted.query_pipeline, wanted.result_pipeline, wanted.hits)
