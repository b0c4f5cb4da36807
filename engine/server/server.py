"""The server, in a thread of its own."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from typing import Self

import uvicorn

from engine.errors import LanescopeError
from engine.run.versions import LANESCOPE
from engine.server.app import make_app
from engine.server.guard import Guard
from engine.server.workplace import Workplace

ADDRESS = "127.0.0.1"
"""The only one that is listened on: nobody outside of this machine can connect."""

USUAL_PORT = 8686

LARGEST_BODY = 256 << 20
"""Bytes of the largest body of reads, unless the user says otherwise."""

_log = logging.getLogger(__name__)
_GRACE = 3
"""Seconds that requests get to end when the server does."""


class ServerError(LanescopeError):
    """The server cannot be started."""

    title = "Programs cannot be let in"
    hint = "Choose another port, or end the program that uses this one."


class ApiServer:
    """The HTTP interface, between `start` and `stop`. Started and stopped any number of times, from any thread.

    Args:
        place: what its routes work with; its store and queue are closed by their owner, later.
        token: what programs have to bring.
        port: to listen on; 0: any that is free.
        largest_body: bytes of the largest body of reads.
    """

    def __init__(
        self, place: Workplace, token: str, *, port: int = USUAL_PORT, largest_body: int = LARGEST_BODY
    ) -> None:
        self._place = place
        self._token = token
        self._wanted_port = port
        self._largest_body = largest_body
        self._guard = threading.Lock()
        self._port: int | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether it listens."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def url(self) -> str:
        """Where it listens; empty while it does not."""
        return "" if self._port is None else f"http://{ADDRESS}:{self._port}"

    def start(self) -> None:
        """Begins to listen, unless it does; from here on requests are answered.

        Raises:
            ServerError: the port cannot be had.
        """
        with self._guard:
            if self.is_running:
                return
            listener = _listener(self._wanted_port)
            self._port = listener.getsockname()[1]
            self._place.open()
            self._server = uvicorn.Server(self._settings())
            self._thread = threading.Thread(target=self._serve, args=(self._server, listener), name="lanescope server")
            self._thread.start()

    def stop(self) -> None:
        """Ends what is being executed and followed, and returns when nothing is left of the server."""
        with self._guard:
            if self._server is None or self._thread is None:
                return
            self._place.close()
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = self._port = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _settings(self) -> uvicorn.Config:
        return uvicorn.Config(
            Guard(make_app(self._place, LANESCOPE), self._token, self._largest_body),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )

    def _serve(self, server: uvicorn.Server, listener: socket.socket) -> None:
        """The life of the thread."""
        try:
            with listener:
                server.run(sockets=[listener])
        except Exception:
            _log.exception("the server ended")


def _listener(port: int) -> socket.socket:
    # With the protocol named, asyncio sends each part of an answer at once; else each costs some 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # where the other option would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ServerError(f"The port {port} cannot be used: {reason.lower()}.") from error
    return listener
