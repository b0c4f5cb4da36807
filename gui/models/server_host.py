"""The server behind the window, for threads that may wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from engine.home import Home
from engine.run.snapshot import RunSnapshot
from engine.store.store import Store
from gui.models.engine_link import EngineLink
from gui.models.verdict_choices import ProfileChoices

if TYPE_CHECKING:
    from engine.collectors.judged_by import JudgedBy
    from engine.pipeline.definition import PipelineDefinition
    from engine.run.queue import RunQueue
    from engine.server.server import ApiServer
    from engine.sink.plan import OutputPlan
    from engine.source.naming import Dataset


@dataclass(frozen=True, slots=True)
class Open:
    """A server that listens.

    Attributes:
        url: its address.
        token: what programs have to bring.
    """

    url: str
    token: str


class WindowQueue:
    """The window's queue of runs as the server knows it, whichever it is at the moment.

    Args:
        engine: has the queue.
        choices: by which profile each run is judged; programs are told the same as the window shows.
    """

    def __init__(self, engine: EngineLink, choices: ProfileChoices) -> None:
        self._engine = engine
        self._choices = choices

    def submit_dataset(
        self,
        dataset: Dataset,
        *,
        interleaved: bool = False,
        pipeline: PipelineDefinition | None = None,
        output: OutputPlan | None = None,
        judged_by: JudgedBy | None = None,
    ) -> RunSnapshot:
        """Queues a sample; see `RunQueue.submit_dataset`."""
        return self._engine.with_queue(
            lambda queue: queue.submit_dataset(
                dataset, interleaved=interleaved, pipeline=pipeline, output=output, judged_by=judged_by
            )
        )

    def snapshots(self) -> tuple[RunSnapshot, ...]:
        """See `RunQueue.snapshots`."""
        return self._engine.with_queue(lambda queue: queue.snapshots())

    def snapshot(self, run_id: int) -> RunSnapshot | None:
        """See `RunQueue.snapshot`."""
        run = self._engine.with_queue(lambda queue: queue.snapshot(run_id))
        return None if run is None else self._choices.applied(run)

    def cancel(self, run_id: int) -> None:
        """See `RunQueue.cancel`."""
        self._engine.with_queue(lambda queue: queue.cancel(run_id))


class ServerHost:
    """One server at most, until `close`. Every method blocks, and may be called from any thread."""

    def __init__(self, home: Home, engine: EngineLink, choices: ProfileChoices) -> None:
        self._home = home
        self._queue = WindowQueue(engine, choices)
        self._guard = threading.Lock()
        self._server: ApiServer | None = None
        self._is_closed = False

    def serve(self, store: Store, port: int, folders: Sequence[Path], *, renew: bool = False) -> Open | None:
        """Stops the server that is there and starts one anew; ``None`` after `close`.

        Args:
            store: where runs and pipelines are kept.
            port: to listen on; 0: any that is free.
            folders: that programs may name files in.
            renew: make another token.

        Raises:
            ServerError: the port cannot be had.
            TokenError: the token cannot be kept or read.
        """
        from engine.server.access import AllowedFolders, kept_token, renew_token
        from engine.server.server import ApiServer
        from engine.server.workplace import Workplace

        with self._guard:
            self._stop()
            if self._is_closed:
                return None
            if renew:
                renew_token(self._home)
            token = kept_token(self._home)
            # It has all of a queue that the routes use.
            place = Workplace(self._home, store, cast("RunQueue", self._queue), AllowedFolders(folders))
            server = ApiServer(place, token, port=port)
            server.start()
            self._server = server
            return Open(server.url, token)

    def stop(self) -> None:
        """Ends the server, if there is one, and returns when nothing is left of it."""
        with self._guard:
            self._stop()

    def close(self) -> None:
        """Ends the server, and lets none begin any more."""
        with self._guard:
            self._is_closed = True
            self._stop()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
