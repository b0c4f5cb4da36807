"""Runs that are killed at random moments, gone on with, and compared to one that was left alone."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psutil

from engine.checkpoint.beside import checkpoints_beside, runs_with_checkpoints
from engine.flow.backpressure import Backpressure, Block
from engine.pipeline.definition import PipelineDefinition
from engine.report.bundle import Format, write_reports
from engine.run.queue import RunQueue
from engine.run.settings import Recovery, RunSettings
from engine.run.snapshot import PipelineSummary, QueueLoad, RunSnapshot, StageSummary
from engine.run.state import RunState
from engine.store.store import Store
from tests.engine.run.doomed import submit

REPOSITORY = Path(__file__).resolve().parents[3]
BATCH = 1 << 15
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A run.

    Attributes:
        files: what it reads, one or two of mates; or lanes.
        pipeline: what its reads go through.
        endings: of the files that it writes: reads, mates, singletons, and the reads and mates that are dropped.
        split_reads: see `OutputPlan`.
        recovery: see `RunSettings`.
        are_lanes: the files are of single reads, one after the other.
        backpressure: see `RunSettings`.
    """

    files: Sequence[Path]
    pipeline: PipelineDefinition | None = None
    endings: Sequence[str] = ()
    split_reads: int | None = None
    recovery: Recovery = "resume"
    are_lanes: bool = False
    backpressure: Backpressure = field(default_factory=Block)

    def order(self, folder: Path) -> dict[str, Any]:
        """As `tests.engine.run.doomed` takes it; database and outputs are in a folder."""
        return {
            "database": str(folder / "runs.sqlite"),
            "again": 0,
            "files": [str(file) for file in self.files],
            "pipeline": self.pipeline and self.pipeline.model_dump(mode="json"),
            "outputs": [str(folder / "out" / f"kept_{number}{end}") for number, end in enumerate(self.endings)],
            "split_reads": self.split_reads,
            "batch_bytes": BATCH,
            "recovery": self.recovery,
            "names_outputs": False,
            "most_checkpoints": 100_000,
            "are_lanes": self.are_lanes,
            "backpressure": self.backpressure.model_dump(mode="json"),
        }


@dataclass
class Executioner:
    """Loses runs.

    Attributes:
        process: what forks them.
        killed: how many have been lost.
    """

    process: subprocess.Popen[str]
    killed: int = field(default=0)

    def lose(self, order: dict[str, Any], *, marks: int, delay: float) -> None:
        """Begins a run, or goes on with one, and kills its process.

        Args:
            order: see `Case.order`.
            marks: checkpoints to wait for, or the end of the run.
            delay: seconds to wait besides.
        """
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        assert self._next() == "begun", "it could not begin"
        while marks and (word := self._next()) != "end":
            marks -= word == "mark"
        time.sleep(delay)  # a random moment, whatever goes on there
        [child] = _children(self.process.pid)
        os.kill(child, signal.SIGKILL)
        while self._next() != "gone":
            pass
        self.killed += 1

    def _next(self) -> str:
        assert self.process.stdout is not None
        word = self.process.stdout.readline().strip()
        assert word, "it ended by itself"
        return word


def _children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


@contextmanager
def executioner(pipelines: Sequence[PipelineDefinition]) -> Generator[Executioner]:
    """Somebody who loses runs.

    Args:
        pipelines: whose kernels are loaded beforehand.
    """
    command = [sys.executable, "-m", "tests.engine.run.doomed", *(each.model_dump_json() for each in pipelines)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        found = Executioner(process)
        try:
            assert found._next() == "ready"
            yield found
        finally:
            for child in _children(process.pid):
                os.kill(child, signal.SIGKILL)
            _close(process.stdin)


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        pipe.close()


def result_of(case: Case, folder: Path) -> dict[str, bytes]:
    """All that a run writes that is left alone, by name."""
    (folder / "out").mkdir(parents=True)
    with Store.open(folder / "runs.sqlite") as store:
        order = case.order(folder)
        settings = RunSettings(workers=1, batch_bytes=BATCH, checkpoint_seconds=0, recovery=case.recovery)
        queue = RunQueue(store, settings=settings.model_copy(update={"backpressure": case.backpressure}))
        try:
            return written(queue, submit(queue, order), folder)
        finally:
            queue.close()


def result_of_lost(case: Case, folder: Path, by: Executioner, kills: int, chance: random.Random) -> dict[str, bytes]:
    """All that it writes when it is lost so many times on its way."""
    (folder / "out").mkdir(parents=True)
    order = case.order(folder)
    database = folder / "runs.sqlite"
    for _ in range(kills):
        order["again"] = lost_run(database)
        by.lose(order, marks=chance.randrange(4), delay=chance.random() * 0.03)
    with Store.open(database) as store:
        # Other settings than before: they must not matter.
        queue = RunQueue(store, settings=RunSettings(workers=3, batch_bytes=BATCH // 3, checkpoint_seconds=0.05))
        try:
            again = lost_run(database)
            if again:
                queue.continue_run(again)
            # Without a checkpoint it is begun anew, in the same batches.
            else:
                queue.close()
                queue = RunQueue(store, settings=RunSettings(workers=3, batch_bytes=BATCH))
                again = submit(queue, order)
            return written(queue, again, folder)
        finally:
            queue.close()


def lost_run(database: Path) -> int:
    """The newest run, if it can go on; 0: there is none."""
    if not database.exists():
        return 0
    with Store.open(database) as store:
        rows = store.list_runs()
        assert all(row.state is RunState.INTERRUPTED for row in rows)
    return max(runs_with_checkpoints(database), default=0)


def written(queue: RunQueue, run_id: int, folder: Path) -> dict[str, bytes]:
    assert queue.wait(120)
    end = queue.snapshot(run_id)
    assert end is not None
    assert end.state is RunState.COMPLETED, end.failure
    assert end.samples[-1].reads == end.results.basic.reads
    times = [sample.time for sample in end.samples]
    assert times == sorted(times)
    assert not list(checkpoints_beside(folder / "runs.sqlite").glob("*/checkpoint*"))
    write_reports([_timeless(end)], folder / "out" / "reports", {Format.JSON, Format.TSV, Format.FASTQC})
    files = [path for path in (folder / "out").rglob("*") if path.is_file() and path.suffix != ".zip"]
    return {str(path.relative_to(folder)): path.read_bytes().replace(str(folder).encode(), b"") for path in files}


def _timeless(run: RunSnapshot) -> RunSnapshot:
    """The run without what depends on the clock and the machine."""
    return replace(
        run, run_id=1, created=_EPOCH, started=_EPOCH, finished=_EPOCH, elapsed=1.0, prepared=0.0, samples=(),
        threads=(), workers=1, queue=QueueLoad(), pipeline=run.pipeline and _timeless_summary(run.pipeline),
    )  # fmt: skip


def _timeless_summary(summary: PipelineSummary) -> PipelineSummary:
    return replace(
        summary, total=_timeless_stage(summary.total), stages=tuple(_timeless_stage(each) for each in summary.stages)
    )


def _timeless_stage(stage: StageSummary) -> StageSummary:
    inner = tuple(_timeless_stage(each) for each in stage.stages)
    return replace(stage, seconds=0.0, p50=None, p95=None, p99=None, stages=inner)
