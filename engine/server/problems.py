"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from engine.collectors.profiles import ProfileError
from engine.errors import InputError, LanescopeError
from engine.pipeline.errors import PipelineError, PipelineNotFoundError
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.steps.failures import DocumentStageFailed, MissingPipelineError, StageFailed
from engine.report.html.elements import legible
from engine.search.request import SearchRequestError
from engine.server.access import PathNotAllowedError
from engine.sink.errors import NoSpaceError, OutputError
from engine.store.errors import RunNotFoundError, RunStillGoingError, StoreError
from engine.wasm.errors import PluginError

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (InvalidPipelineError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (PipelineNotFoundError, HTTPStatus.NOT_FOUND),
    (RunNotFoundError, HTTPStatus.NOT_FOUND),
    (PathNotAllowedError, HTTPStatus.FORBIDDEN),
    (NoSpaceError, HTTPStatus.INSUFFICIENT_STORAGE),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (PipelineError, HTTPStatus.CONFLICT),
    (RunStillGoingError, HTTPStatus.CONFLICT),
    (OutputError, HTTPStatus.CONFLICT),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StageFailed, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DocumentStageFailed, HTTPStatus.UNPROCESSABLE_ENTITY),
    (SearchRequestError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (MissingPipelineError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (PluginError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ProfileError, HTTPStatus.UNPROCESSABLE_ENTITY),
)


class ProblemFault(BaseModel):
    """One of several things that are wrong: where, and what."""

    path: str = Field(examples=["stages[2].parameters.minimum"])
    message: str = Field(examples=["has to be at least 0"])


class Problem(BaseModel):
    """Why a request failed, as RFC 9457 has it, with a hint at what to do and everything that is wrong."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(default="about:blank", examples=["urn:lanescope:problem:pipeline-not-found"])
    title: str = Field(examples=["This pipeline cannot be found"])
    status: int = Field(examples=[404])
    detail: str = Field(default="", examples=["There is no pipeline trimmin; did you mean trimming?"])
    hint: str = Field(default="", examples=["See which there are with: lanescope pipeline list"])
    faults: list[ProblemFault] = Field(default=[])


class RequestError(LanescopeError):
    """A request that cannot be met as it is.

    Attributes:
        status: of the answer.
    """

    title = "This request cannot be met"

    def __init__(self, message: str, *, status: HTTPStatus, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


def problem_of(error: LanescopeError) -> Problem:
    """What to tell of an error that the user can do something about."""
    status = error.status if isinstance(error, RequestError) else HTTPStatus.BAD_REQUEST
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), status)
    faults = []
    if isinstance(error, InvalidPipelineError):
        faults = [ProblemFault(path=legible(fault.path), message=legible(fault.message)) for fault in error.faults]
    return Problem(
        type=f"urn:lanescope:problem:{_spelled(type(error).__name__.removesuffix('Error'))}",
        title=error.title,
        status=status,
        detail=legible(str(error)),
        hint=legible(error.hint),
        faults=faults,
    )


def answer(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer that tells of a problem."""
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Lets every error of an application become problem details."""
    app.add_exception_handler(LanescopeError, _lanescope)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _defect)


def _spelled(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


async def _lanescope(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, LanescopeError)  # noqa: S101 - registered for these
    return answer(problem_of(error))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for these
    faults = [
        ProblemFault(path=legible(".".join(map(str, each["loc"]))), message=legible(str(each["msg"])))
        for each in error.errors()
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer(
        Problem(title="The request is not as it should be", status=status, detail="See the faults.", faults=faults)
    )


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these
    status = HTTPStatus(error.status_code)
    detail = legible(str(error.detail))
    headers = dict(error.headers or {})
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        headers["connection"] = "close"
    return answer(
        Problem(title=status.phrase, status=status, detail="" if detail == status.phrase else detail), headers
    )


async def _gone(_request: Request, _error: Exception) -> JSONResponse:
    """Who sent a part of a body and left, which is no defect: nobody reads this."""
    status = HTTPStatus.BAD_REQUEST
    return answer(Problem(title=status.phrase, status=status, detail="The body has not come in whole."))


async def _defect(_request: Request, error: Exception) -> JSONResponse:
    _log.error("a request met a defect", exc_info=error)
    return answer(
        Problem(
            title="Lanescope has a defect",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            detail="The request could not be carried out.",
            hint="Please report it, with the log file in Lanescope's folder.",
        )
    )
