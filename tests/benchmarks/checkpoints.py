"""What checkpoints cost a run, and how long it takes to take one up.

Whole runs in this process with a checkpoint every five seconds and without any, in turns: QC from gzip, and trimming
from gzip to gzip. Then what a run that was lost does before it reads: of a run with QC before and after, and with a
deduplication that remembers a million reads.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from engine.checkpoint.folder import CheckpointFolder
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.run.crew import Crew
from engine.run.outputs import ReadsIn
from engine.run.processing import Processing
from engine.run.reading import Reading
from engine.run.resuming import beginning_of
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.report import Figure
from tests.benchmarks.measuring.runs import Bench, bench
from tests.benchmarks.measuring.timing import Contender, Times, interleaved

_WORKERS = 2
_EVERY = 5.0
_COST_GOAL = 1.02
_RESTORE_GOAL = 1.0
_TRIM = PipelineDefinition(
    name="trim",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="adapters", stage="adapters", parameters={"known": True}),
        StageDefinition(name="length", stage="length", parameters={"minimum": 36}),
    ),
)
_ONCE = PipelineDefinition(name="once", stages=(StageDefinition(name="once", stage="deduplicate"),))


class _KeepingFolder(CheckpointFolder):
    """Keeps checkpoints when the run has ended."""

    def prune(self, kept: int = 0) -> int:
        return super().prune(kept) if kept else 0


def contenders(inputs: dict[str, Path], bench: Bench, folder: Path) -> dict[str, Contender]:
    """Runs of some ten seconds or more, with checkpoints and without."""
    every: dict[str, Contender] = {}
    for name, path in inputs.items():
        for words, seconds in (("with", _EVERY), ("without", 0.0)):
            output = OutputPlan(folder / f"{words}.fastq.gz", replace=True) if name == "trimming" else None
            every[f"{name}, {words} checkpoints"] = _run(bench, path, seconds, output)
    return every


def _run(bench: Bench, path: Path, seconds: float, output: OutputPlan | None) -> Contender:
    pipeline = None if output is None else _TRIM

    def contender() -> None:
        bench.run(path, workers=_WORKERS, pipeline=pipeline, output=output, checkpoint_seconds=seconds)

    return contender


def figures(times: dict[str, Times], names: Iterable[str]) -> Iterable[Figure]:
    """What checkpoints cost."""
    for name in names:
        ours, theirs = (times[f"{name}, {words} checkpoints"] for words in ("with", "without"))
        yield report.ratio(f"{name}: with checkpoints / without", ours, theirs, _COST_GOAL)
        yield Figure(f"{name}: checkpoints a run", f"{ours.median / _EVERY:.0f} or so")


def restoring(path: Path, folder: Path) -> Iterable[Figure]:
    """What taking up a checkpoint takes, beside reading up to its place."""
    now = datetime.now().astimezone()
    created = RunSnapshot(run_id=1, name=path.name, path=path, kind="", state=RunState.CREATED, created=now)
    checkpoints, settings = _KeepingFolder(folder / "kept"), RunSettings(workers=_WORKERS, checkpoint_seconds=0.2)
    pipeline = resolve(_ONCE)
    Run(created, settings, pipeline=lambda: pipeline, checkpoints=checkpoints).execute()
    began = time.perf_counter()
    beginning = beginning_of(checkpoints, created, pipeline)
    reading = Reading.of(created, None, beginning.place, beginning.number)
    processing = Processing(pipeline, None, ReadsIn((path,), is_paired=False), _WORKERS, beginning)
    reading.open()
    Crew(reading, settings, processing, lambda: None, beginning)
    took = time.perf_counter() - began
    reading.close()
    processing.abandon()
    [words] = beginning.memories
    note = f" ({len(words) // 2:,} reads remembered)"
    yield report.at_most("taking up a checkpoint", took, _RESTORE_GOAL, "s", note)
    newest = checkpoints.checkpoints()[0]
    yield Figure("size of the checkpoint", f"{newest.size / 1e6:.1f} MB")


def main() -> None:
    """Measure and print."""
    parser = reads.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds to time (default: %(default)s)")
    parser.add_argument("--times", type=int, default=12, metavar="N", help="the input so often (default: %(default)s)")
    arguments = parser.parse_args()
    inputs = reads.provide(arguments.data)
    repeated = {
        "QC": reads.repeated(inputs.gzip, 3 * arguments.times),
        "trimming": reads.repeated(inputs.gzip, arguments.times),
    }
    try:
        report.print_machine()
        with tempfile.TemporaryDirectory(prefix="lanescope-bench-", dir=inputs.folder) as folder, bench() as ready:
            times = interleaved(contenders(repeated, ready, Path(folder)), arguments.rounds)
            report.print_times(times)
            report.print_figures([*figures(times, repeated), *restoring(inputs.plain, Path(folder))])
    finally:
        for path in repeated.values():
            path.unlink()


if __name__ == "__main__":
    main()
