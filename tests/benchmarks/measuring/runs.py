"""Runs in this process, as the command line and the window make them."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.pipeline.definition import PipelineDefinition
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.warmup import settle, warm_up
from engine.sink.plan import OutputPlan
from engine.store.store import Store


class RunFailed(Exception):
    """A run that was to be timed did not complete."""


class Bench:
    """A warm engine on a store of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(
        self,
        path: Path,
        *,
        workers: int,
        polite: bool = False,
        pipeline: PipelineDefinition | None = None,
        output: OutputPlan | None = None,
        checkpoint_seconds: float = 5.0,
    ) -> RunSnapshot:
        """Carries one run out, until it is kept and its reads, if they go anywhere, are written.

        Raises:
            RunFailed: it did not complete.
        """
        queue = RunQueue(
            self._store, settings=RunSettings(workers=workers, polite=polite, checkpoint_seconds=checkpoint_seconds)
        )
        try:
            created = queue.submit(path, pipeline=pipeline, output=output)
            queue.wait()
            ended = queue.snapshot(created.run_id)
        finally:
            queue.close()
        self._store.flush()
        if ended is None or ended.state is not RunState.COMPLETED:
            raise RunFailed(str(ended.failure if ended else path))
        return ended


@contextmanager
def bench() -> Generator[Bench]:
    """A bench with all kernels ready and an empty store, which goes away afterwards."""
    warm_up()
    settle()
    with (
        tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder,
        Store.open(Path(folder) / "runs.sqlite") as store,
    ):
        yield Bench(store)
