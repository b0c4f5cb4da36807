"""The HTTP interface for programs."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.telemetry import TelemetryConfig
from pydantic.json_schema import models_json_schema

from engine.server.dataset_routes import dataset_routes
from engine.server.pipeline_routes import pipeline_routes
from engine.server.problems import MEDIA_TYPE, Problem, add_handlers
from engine.server.run_routes import run_routes
from engine.server.search_routes import search_routes
from engine.server.workplace import Workplace

_SILENCE: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Lanescope sends nothing to anybody, whatever the environment says."""

_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Why not, as problem details (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def make_app(place: Workplace, version: str) -> FastAPI:
    """The application; `engine.server.guard.Guard` goes before it.

    Args:
        place: what its routes work with.
        version: Lanescope's.
    """
    app = FastAPI(
        title="Lanescope",
        summary="Pipelines and runs for programs on this machine.",
        version=version,
        docs_url=None,  # these pages would fetch scripts from the network
        redoc_url=None,
        # The guard has looked at the token; this tells of it in the document.
        dependencies=[Depends(HTTPBearer(auto_error=False, description="The token in Lanescope's folder."))],
        responses=_PROBLEM,
        telemetry=_SILENCE,
    )
    add_handlers(app)
    for routes in (pipeline_routes, dataset_routes, run_routes, search_routes):
        app.include_router(routes(place))
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    usual = app.openapi
    _, problems = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")

    def described() -> dict[str, Any]:
        document = usual()
        document["components"]["schemas"] |= problems["$defs"]
        return document

    app.openapi = described  # type: ignore[method-assign] # what FastAPI's manual tells to do
