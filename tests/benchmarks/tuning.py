"""Runs that tune themselves against the best fixed setting found by search, on three workloads.

A tuned run begins at a poor setting where it may leave it, and counts from its tenth second on. Every setting is run on
the same lanes over and over for some seconds, one after the other: on a machine that does other work, only ratios of
figures that were taken side by side mean anything, and these are not.
"""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass, replace
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


def measured(workload: Workload, folder: Path, fixed: float, tuned: float) -> list[Figure]:
    """The workload at every setting, and tuned."""
    best, best_name = 0.0, ""
    for workers, batch in itertools.product(range(1, usable_cores() + 1), workload.batches):
        end = ran(workload, folder, fixed, workers=workers, batch_bytes=batch)
        speed = rate(end.samples, fixed / 3)
        print(f"{workload.name}: {workers} workers, {batch / _MIB:g} MiB: {speed / 1e6:.0f} MB/s", flush=True)
        if speed > best:
            best, best_name = speed, f"{workers} workers, {batch / _MIB:g} MiB"
    end = ran(workload, folder, tuned, workers=usable_cores(), tuning=True, **workload.poor)
    assert end.tuning is not None
    for decision in end.tuning.decisions:
        print(f"    {decision_text(decision)}")
    late = [each for each in end.tuning.decisions if each.time > _SETTLED and each.verdict is Verdict.TRIED]
    below = 100 * (1 - rate(end.samples, _SETTLED) / best)
    return [
        Figure(f"{workload.name}: best fixed", f"{best / 1e6:.0f} MB/s", best_name),
        report.at_most("    tuned, below it by", below, _WITHIN, "%"),
        Figure("    steps tried after 10 s", f"{len(late)}"),
    ]


def main() -> None:
    """Measure and print."""
    parser = reads.parser(__doc__)
    parser.add_argument("--fixed", type=float, default=6.0, help="seconds at each fixed setting")
    parser.add_argument("--tuned", type=float, default=25.0, help="seconds of a tuned run")
    arguments = parser.parse_args()
    inputs = reads.provide(arguments.data)
    report.print_machine()
    warm_up()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-", dir=inputs.folder) as folder:
        found = [
            figure
            for workload in workloads(inputs)
            for figure in measured(workload, Path(folder), arguments.fixed, arguments.tuned)
        ]
    report.print_figures(found)


if __name__ == "__main__":
    main()
