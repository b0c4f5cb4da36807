"""Adapter and quality trimming and a length filter, QC before and after, file to file, against fastp.

Whole runs with two workers in this process, kernels ready, as a window makes them, the database included; and what the
executor itself takes of each batch.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from pydantic import JsonValue

from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.pipeline.steps.executor import PipelineRun
from engine.sink.plan import OutputPlan
from engine.source.inputs import open_source
from engine.stages.catalogue import KINDS
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.report import Figure
from tests.benchmarks.measuring.runs import Bench, bench
from tests.benchmarks.measuring.timing import Contender, Times, command, interleaved

_GZIP_GOAL = 0.35
_PLAIN_GOAL = 0.25
_SIZE_GOAL = 1.05
_WORKERS = 2
_ADAPTER = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA"
_PIPELINE_GOAL = 100.0
_STAGE_GOAL = 30.0
_CHAIN: tuple[tuple[str, dict[str, JsonValue]], ...] = (
    ("windows", {"direction": "3' end", "window": 4, "quality": 20}),
    ("adapters", {"adapters": [_ADAPTER]}),
    ("length", {"minimum": 36}),
)
_FASTP = ("--adapter_sequence", _ADAPTER, "--cut_tail", "--disable_quality_filtering", "--length_required", "36")


def _pipeline() -> PipelineDefinition:
    stages = [StageDefinition(name=name, stage=name, parameters=chosen) for name, chosen in _CHAIN]
    return PipelineDefinition(name="bench", stages=tuple(stages))


def contenders(inputs: reads.Inputs, bench: Bench, folder: Path) -> dict[str, Contender]:
    """All that is timed, in the order of a round."""
    every: dict[str, Contender] = {}
    for kind, source in (("gzip", inputs.gzip), ("plain", inputs.plain)):
        ending = source.name.partition(".")[2]
        every[f"{kind}, lanescope"] = _ours(bench, source, folder / f"lanescope.{ending}")
        if shutil.which("fastp"):
            target = folder / f"fastp.{ending}"
            reports = ("--json", str(folder / "fastp.json"), "--html", str(folder / "fastp.html"))
            words = ("-w", str(_WORKERS), "-i", str(source), "-o", str(target))
            every[f"{kind}, fastp"] = _anew(target, command("fastp", *words, *_FASTP, *reports))
    return every


def _ours(bench: Bench, source: Path, target: Path) -> Contender:
    pipeline, output = _pipeline(), OutputPlan(target, replace=True)

    def contender() -> None:
        bench.run(source, workers=_WORKERS, pipeline=pipeline, output=output)

    return _anew(target, contender)


def _anew(target: Path, contender: Contender) -> Contender:
    """To a file that is not there yet: letting go of an old one takes as long as writing a part of the new one.

    What others wrote before is on the disk by then, so that nobody waits for anybody else's.
    """

    def timed() -> float:
        target.unlink(missing_ok=True)
        os.sync()
        began = time.perf_counter()
        contender()
        return time.perf_counter() - began

    return timed


def figures(times: dict[str, Times], folder: Path) -> Iterable[Figure]:
    """What the times and sizes say."""
    for kind, goal in (("gzip", _GZIP_GOAL), ("plain", _PLAIN_GOAL)):
        ours = times[f"{kind}, lanescope"]
        if rival := times.get(f"{kind}, fastp"):
            yield report.ratio(f"{kind} to {kind} / fastp", ours, rival, goal)
        yield Figure(f"{kind}: throughput", f"{reads.BASES / ours.median / 1e6:.0f} Mbp/s")
    theirs = folder / "fastp.fastq.gz"
    if theirs.exists():
        size = (folder / "lanescope.fastq.gz").stat().st_size / theirs.stat().st_size
        yield report.at_most("size of the gzip file / fastp's", size, _SIZE_GOAL, "x")


def overhead(path: Path) -> Iterable[Figure]:
    """What the executor adds to a batch: with no stage, and with each of some that do next to nothing."""
    stages, rounds = 5, 20
    kind = KINDS["shorten"]
    source = open_source(path)
    batches = [batch for batch, _ in zip(FastqParser(source, BufferPool(4 << 20, 20), path), range(10), strict=False)]
    source.close()
    idle = [StageDefinition(name=f"s{n}", stage=kind.name, parameters={"length": 100_000}) for n in range(stages)]
    bare = kind.build(kind.parameters.model_validate({"length": 100_000}))
    empty, full = (
        PipelineRun(resolve(PipelineDefinition(name="bench", stages=tuple(chain)))).executor() for chain in ([], idle)
    )
    spent: dict[str, list[float]] = {"empty": [], "full": [], "bare": []}
    for batch in batches * rounds:
        for name, work in (("empty", empty.process), ("full", full.process), ("bare", bare.process)):
            began = time.perf_counter()
            work(batch)
            spent[name].append(time.perf_counter() - began)
    times = {name: 1e6 * median(seconds) for name, seconds in spent.items()}
    yield report.at_most("overhead of a pipeline, per batch", times["empty"], _PIPELINE_GOAL, " us")
    of_stage = (times["full"] - times["empty"]) / stages - times["bare"]
    yield report.at_most("overhead of a stage, per batch", of_stage, _STAGE_GOAL, " us")


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder, bench() as ready:
        times = interleaved(contenders(inputs, ready, Path(folder)), 5)
        report.print_times(times)
        report.print_figures([*figures(times, Path(folder)), *overhead(inputs.plain)])


if __name__ == "__main__":
    main()
