"""What every request has to pass before anybody looks at it."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.server.problems import Problem, answer

_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)

USUAL_BODY = 1 << 20
"""Bytes of the largest body where reads are not expected."""


class Guard:
    """Lets requests through that name this machine, bring the token and are not too large.

    The name of the host is looked at because a web page can have its own name lead to this machine (DNS rebinding).

    Args:
        app: what is guarded.
        token: what ``Authorization: Bearer`` has to bring.
        largest_body: bytes of the largest body of reads.
    """

    def __init__(self, app: ASGIApp, token: str, largest_body: int) -> None:
        self._app = app
        self._token = token.encode()
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        limit = self._largest_body if scope["path"].endswith("/_execute") else USUAL_BODY
        refusal = self._refusal(headers, limit)
        if refusal is not None:
            problem, more = refusal
            await answer(problem, more)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)

    def _refusal(self, headers: Headers, limit: int) -> tuple[Problem, dict[str, str]] | None:
        if not _HOST.fullmatch(headers.get("host", "")):
            detail = "Requests have to name this machine as 127.0.0.1 or localhost."
            return _problem(HTTPStatus.MISDIRECTED_REQUEST, detail), {}
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), self._token):
            detail = "Requests have to bring the token that stands in Lanescope's folder: Authorization: Bearer TOKEN"
            return _problem(HTTPStatus.UNAUTHORIZED, detail), {"www-authenticate": "Bearer"}
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:30]) > limit:
            return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(limit)), {"connection": "close"}
        return None


def _counted(receive: Receive, limit: int) -> Receive:
    """Takes in no more of a body than the limit, whatever its header says."""
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(limit))
        return message

    return counted


def _problem(status: HTTPStatus, detail: str) -> Problem:
    return Problem(title=status.phrase, status=status, detail=detail)


def _too_large(limit: int) -> str:
    return f"A body may have at most {limit:,} bytes here. Larger files can be read where they are: name their path."
