"""A server that really runs, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from engine.home import find_home
from engine.run.queue import RunQueue
from engine.server.access import AllowedFolders, kept_token
from engine.server.server import ApiServer
from engine.server.workplace import Workplace
from engine.store.store import Store

PATIENCE = 30.0

TRIM = {
    "description": "Keeps reads of 4 bases or more.",
    "stages": [{"name": "long", "stage": "length", "parameters": {"minimum": 4}}],
}
FASTQ = b"@one\nACGTAC\n+\nIIIIII\n@two\nAC\n+\nII\n@three 3\nACGT\n+\n!!!!\n"


@dataclass
class Served:
    """A running server, a client with the token, and the folder that is allowed."""

    server: ApiServer
    place: Workplace
    client: httpx.Client
    token: str
    folder: Path

    def bare(self) -> httpx.Client:
        """A client without a token."""
        return httpx.Client(base_url=self.server.url, timeout=PATIENCE, trust_env=False)


@contextmanager
def serving(folder: Path, *, largest_body: int = 4 << 20) -> Iterator[Served]:
    """Starts a server over a store and a queue of its own, and ends all."""
    folder.mkdir(exist_ok=True)
    home = find_home()
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(home.database))
        queue = RunQueue(store, workers=2)
        stack.callback(queue.close)
        place = Workplace(home, store, queue, AllowedFolders([folder]))
        token = kept_token(home)
        server = stack.enter_context(ApiServer(place, token, port=0, largest_body=largest_body))
        client = httpx.Client(
            base_url=server.url, headers={"authorization": f"Bearer {token}"}, timeout=PATIENCE, trust_env=False
        )
        yield Served(server, place, stack.enter_context(client), token, folder)
