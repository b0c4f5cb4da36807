"""Adapter and quality trimming and a length filter, QC before and after, file to file, against fastp.

Two workers in this process, kernels ready, over the engine's own parser, queue, stages, collectors and sink.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet
from engine.flow.pool import BufferPool
from engine.flow.queue import BatchQueue
from engine.parse.fastq import FastqParser
from engine.run.settings import RunSettings
from engine.sink.ordered import OrderedSink, Written
from engine.sink.plan import OutputPlan
from engine.source.inputs import open_source
from engine.stages.base import NativeStage
from engine.stages.catalogue import KINDS
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.report import Figure
from tests.benchmarks.measuring.timing import Contender, Times, command, interleaved

_GZIP_GOAL = 0.35
_PLAIN_GOAL = 0.25
_SIZE_GOAL = 1.05
_WORKERS = 2
_ADAPTER = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA"
_CHAIN: tuple[tuple[str, dict[str, object]], ...] = (
    ("windows", {"direction": "3' end", "window": 4, "quality": 20}),
    ("adapters", {"adapters": [_ADAPTER]}),
    ("length", {"minimum": 36}),
)
_FASTP = ("--adapter_sequence", _ADAPTER, "--cut_tail", "--disable_quality_filtering", "--length_required", "36")


@dataclass(slots=True)
class _Work:
    """One worker: its stages and collectors."""

    stages: list[NativeStage[Any]]
    before: CollectorSet
    after: CollectorSet

    def run(self, queue: BatchQueue[ReadBatch], pool: BufferPool, sink: OrderedSink) -> None:
        for batch in queue:
            self.before.add(batch)
            result = batch
            for stage in self.stages:
                result = stage.process(result)
            self.after.add(result.kept())
            sink.write(result)
            pool.give(batch.buffer)


def trim(source_path: Path, target: Path) -> Written:
    """Trims a file as two workers of a run would."""
    settings = RunSettings()
    pool = BufferPool(settings.batch_bytes, 2 * _WORKERS + 2)
    queue: BatchQueue[ReadBatch] = BatchQueue(_WORKERS)
    sink = OrderedSink(OutputPlan(target, replace=True), inputs=[source_path])
    source = open_source(source_path)
    threads = [threading.Thread(target=_worker().run, args=(queue, pool, sink)) for _ in range(_WORKERS)]
    for thread in threads:
        thread.start()
    for batch in FastqParser(source, pool, source_path):
        queue.push(batch)
    queue.close()
    for thread in threads:
        thread.join()
    source.close()
    return sink.finish()[0]


def _worker() -> _Work:
    stages = [KINDS[name].build(KINDS[name].parameters.model_validate(chosen)) for name, chosen in _CHAIN]
    return _Work(stages, CollectorSet(), CollectorSet())


def contenders(inputs: reads.Inputs, folder: Path) -> dict[str, Contender]:
    """All that is timed, in the order of a round."""
    every: dict[str, Contender] = {}
    for kind, source in (("gzip", inputs.gzip), ("plain", inputs.plain)):
        ending = source.name.partition(".")[2]
        every[f"{kind}, lanescope"] = _ours(source, folder / f"lanescope.{ending}")
        if shutil.which("fastp"):
            target = str(folder / f"fastp.{ending}")
            reports = ("--json", str(folder / "fastp.json"), "--html", str(folder / "fastp.html"))
            words = ("-w", str(_WORKERS), "-i", str(source), "-o", target)
            every[f"{kind}, fastp"] = command("fastp", *words, *_FASTP, *reports)
    return every


def _ours(source: Path, target: Path) -> Contender:
    def contender() -> None:
        trim(source, target)

    return contender


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


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        times = interleaved(contenders(inputs, Path(folder)), 3)
        report.print_times(times)
        report.print_figures(figures(times, Path(folder)))


if __name__ == "__main__":
    main()
