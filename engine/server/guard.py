"""What every request has to pass before anybody looks at it."""

from __future__ import annotations

import asyncio
import contextlib
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

_DRAINED = 16 << 20
"""Bytes of a body that are read and thrown away, so that who sends it gets the answer."""

_PATIENCE = 3


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
        body = _Body(receive, send, self._largest_body if scope["path"].endswith("/_execute") else USUAL_BODY)
        refusal = self._refusal(headers, body.limit)
        if refusal is None:
            await self._app(scope, body.receive, body.send)
            return
        problem, more = refusal
        body.is_unwanted = True
        await answer(problem, more)(scope, body.receive, body.send)

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


class _Body:
    """The body of one request, of which no more is taken in than the limit, whatever its header says.

    What comes after that is thrown away for a while before the connection ends: a client that is still sending would
    lose the answer with it.

    Attributes:
        limit: bytes.
        is_unwanted: nobody is going to read it.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self.limit = limit
        self.is_unwanted = False
        self._receive = receive
        self._send = send
        self._total = 0

    async def receive(self) -> Message:
        """See ASGI."""
        try:
            message = await self._receive()
        except asyncio.CancelledError:  # the server ends before the body has come: for who reads it the client is gone
            return {"type": "http.disconnect"}
        self._total += len(message.get("body", b""))
        if self._total > self.limit:
            self.is_unwanted = True
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(self.limit))
        return message

    async def send(self, message: Message) -> None:
        """See ASGI."""
        is_last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if not self.is_unwanted or not is_last:
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._drain()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        thrown_away = 0
        while thrown_away < _DRAINED:
            message = await self._receive()
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return
            thrown_away += len(message.get("body", b""))


def _problem(status: HTTPStatus, detail: str) -> Problem:
    return Problem(title=status.phrase, status=status, detail=detail)


def _too_large(limit: int) -> str:
    return f"A body may have at most {limit:,} bytes here. Larger files can be read where they are: name their path."
