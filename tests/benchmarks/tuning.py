"""Runs that tune themselves against the best fixed setting found by search, on three workloads.

A tuned run begins at a poor setting where it may leave it. All fixed settings are run on the same lanes for some
seconds in turns, several rounds of them; then where the tuned run came to rest and the best fixed one are, and the
median of the ratios counts: on a machine that does other work, only figures that were taken side by side mean anything.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.report.load_text import decision_text
from engine.run.run import Run
from engine.run.settings import RunSettings, usable_cores
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.stage_kernels import kernel_modules
from engine.run.state import RunState
from engine.run.warmup import warm_up, warm_up_modules
from engine.sink.plan import OutputPlan
from engine.tuning.decision import Verdict
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.report import Figure

_LANES = 100
"""Times that the file is read in a row: more than any run here comes to."""

_SETTLED = 10.0
_WITHIN = 10.0
_MIB = 1 << 20


@dataclass(frozen=True)
class Workload:
    """What is run.

    Attributes:
        name: of the workload.
        path: the file.
        batches: bytes of a batch that are searched; one where results depend on it.
        poor: where the tuned run begins.
        pipeline: what reads go through.
        ending: of the output, if there is one.
    """

    name: str
    path: Path
    batches: tuple[int, ...]
    poor: dict[str, Any]
    pipeline: PipelineDefinition | None = None
    ending: str = ""


def workloads(inputs: reads.Inputs) -> list[Workload]:
    """The three."""
    trim = (StageDefinition(name="quality", stage="quality"), StageDefinition(name="length", stage="length"))
    slow = tuple(StageDefinition(name=f"slow{at}", type="wasm", udf_name="low-complexity") for at in range(6))
    return [
        Workload("QC from plain", inputs.plain, (_MIB, 4 * _MIB, 16 * _MIB), {"batch_bytes": 1 << 17}),
        Workload(
            *("trimming gzip to gzip", inputs.gzip, (4 * _MIB,), {}),
            PipelineDefinition(name="trim", stages=trim),
            "fastq.gz",
        ),
        Workload("a slow plugin", inputs.plain, (4 * _MIB,), {}, PipelineDefinition(name="slow", stages=slow)),
    ]


def ran(workload: Workload, folder: Path, seconds: float, **settings: Any) -> RunSnapshot:
    """A run that is cancelled after so many seconds of work."""
    lanes = (workload.path,) * _LANES
    created = RunSnapshot(1, workload.name, lanes[0], "", RunState.CREATED, datetime.now().astimezone())
    pipeline = None if workload.pipeline is None else resolve(workload.pipeline)
    if pipeline is not None:
        warm_up_modules(kernel_modules(pipeline))

    def cancel(snapshot: RunSnapshot) -> None:
        if snapshot.elapsed >= seconds:
            run.cancel()

    run = Run(
        replace(created, inputs=(lanes,)),
        RunSettings.model_validate(settings),
        cancel,
        pipeline=None if pipeline is None else lambda: pipeline,
        output=OutputPlan(folder / f"out.{workload.ending}", replace=True) if workload.ending else None,
    )
    end = run.execute()
    if end.failure is not None:
        raise RuntimeError(f"{workload.name}: {end.failure.message}")
    return end


def rate(samples: tuple[Sample, ...], since: float) -> float:
    """Bytes of text a second from then on."""
    late = [sample for sample in samples if sample.time >= since]
    return (late[-1].text_bytes - late[0].text_bytes) / (late[-1].time - late[0].time)


def measured(workload: Workload, folder: Path, fixed: float, tuned: float, rounds: int) -> list[Figure]:
    """The workload at every setting, tuned, and where that came to rest against the best in turns."""
    tried = [
        {"workers": workers, "batch_bytes": batch}
        for workers, batch in itertools.product(range(1, usable_cores() + 1), workload.batches)
    ]
    best = tried[_fastest(in_turns(workload, folder, tried, fixed, rounds))]
    end = ran(workload, folder, tuned, workers=usable_cores(), tuning=True, **workload.poor)
    assert end.tuning is not None
    for decision in end.tuning.decisions:
        print(f"    {decision_text(decision)}")
    found = asdict(end.tuning.setting)
    late = [each for each in end.tuning.decisions if each.time > _SETTLED and each.verdict is Verdict.TRIED]
    against, reached = in_turns(workload, folder, [best, found], fixed, 2 * rounds)
    ratio = statistics.median(mine / its for its, mine in zip(against, reached, strict=True))
    return [
        Figure(f"{workload.name}: best fixed", f"{statistics.median(against) / 1e6:.0f} MB/s", _name(best)),
        report.at_most("    tuned, below it by", 100 * (1 - ratio), _WITHIN, "%"),
        Figure("    tuned to", _name(found)),
        Figure("    steps tried after 10 s", f"{len(late)}"),
    ]


def in_turns(
    workload: Workload, folder: Path, settings: list[dict[str, int]], seconds: float, rounds: int
) -> list[list[float]]:
    """Bytes of text a second at every setting, in every round: whatever else the machine does, all suffer from it."""
    speeds: list[list[float]] = [[] for _ in settings]
    for turn in range(rounds):
        order = list(enumerate(settings))
        for at, setting in order if turn % 2 else reversed(order):
            end = ran(workload, folder, seconds, **setting)
            speeds[at].append(rate(end.samples, seconds / 3))
            print(f"{workload.name}: {_name(setting)}: {speeds[at][-1] / 1e6:.0f} MB/s", flush=True)
    return speeds


def _fastest(speeds: list[list[float]]) -> int:
    return max(range(len(speeds)), key=lambda at: statistics.median(speeds[at]))


def _name(setting: dict[str, int]) -> str:
    return f"{setting['workers']} workers, {setting['batch_bytes'] / _MIB:g} MiB"


def main() -> None:
    """Measure and print."""
    parser = reads.parser(__doc__)
    parser.add_argument("--fixed", type=float, default=4.0, help="seconds of each run at a fixed setting")
    parser.add_argument("--rounds", type=int, default=3, help="runs at each")
    parser.add_argument("--only", default="", help="the workloads whose names begin so")
    parser.add_argument("--tuned", type=float, default=25.0, help="seconds of a tuned run")
    arguments = parser.parse_args()
    inputs = reads.provide(arguments.data)
    report.print_machine()
    warm_up()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-", dir=inputs.folder) as folder:
        found = [
            figure
            for workload in workloads(inputs)
            if workload.name.startswith(arguments.only)
            for figure in measured(workload, Path(folder), arguments.fixed, arguments.tuned, arguments.rounds)
        ]
    report.print_figures(found)


if __name__ == "__main__":
    main()
