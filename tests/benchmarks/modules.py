"""What each QC module costs: the counting of reads in one thread, and turning counts into results."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorOptions, CollectorSet
from engine.collectors.modules.qc import qc_results
from engine.collectors.profiles import profile
from engine.collectors.verdicts import verdicts
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.report.fastqc import fastqc_data
from engine.run.settings import RunSettings
from engine.run.warmup import warm_up
from engine.source.plain import PlainSource
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.timing import REPEATS, Times

_GOAL = 0.35
_OPTIONAL = "kmers"
_RESULTS = 0.02


def batches(path: Path) -> Iterator[ReadBatch]:
    """The batches of a file, one at a time."""
    pool = BufferPool(RunSettings().batch_bytes, 2)
    source = PlainSource(path)
    try:
        for batch in FastqParser(source, pool, path):
            yield batch
            pool.give(batch.buffer)
    finally:
        source.close()


def count(path: Path) -> tuple[CollectorSet, dict[str, float]]:
    """Counts a file with every collector, side by side. Returns them and the seconds of each."""
    collectors = CollectorSet(CollectorOptions(kmers=True))
    seconds: dict[str, float] = defaultdict(float)
    for batch in batches(path):
        for name, collector in vars(collectors).items():
            began = time.perf_counter()
            collector.add(batch)
            seconds[name] += time.perf_counter() - began
    return collectors, dict(seconds)


def clocked(work: Callable[[], object]) -> Times:
    """Times something that takes milliseconds."""
    rounds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - began)
    return Times(tuple(rounds))


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    warm_up()
    collectors, _ = count(inputs.plain)
    rounds = [count(inputs.plain)[1] for _ in range(REPEATS)]
    times = {name: Times(tuple(seconds[name] for seconds in rounds)) for name in rounds[0]}
    print(f"Counting {reads.BASES / 1e6:.0f} million bases, median of {REPEATS} rounds (and the best):\n")
    report.print_figures(
        report.Figure(name, f"{t.median / reads.BASES * 1e9:.3f} ns/base (best {t.best / reads.BASES * 1e9:.3f})")
        for name, t in times.items()
    )
    total = median(sum(seconds[name] for name in seconds if name != _OPTIONAL) for seconds in rounds)

    while_running, at_the_end = qc_results(collectors, final=False), qc_results(collectors)
    after = {
        "copy of the collectors": clocked(collectors.copy),
        "results while a run goes on": clocked(lambda: qc_results(collectors, final=False)),
        "results at the end": clocked(lambda: qc_results(collectors)),
        "verdicts": clocked(lambda: verdicts(while_running, profile())),
        "fastqc_data.txt": clocked(lambda: fastqc_data(at_the_end, "reads.fastq")),
    }
    report.print_times(after)
    report.print_figures(
        [
            report.at_most("counting, all but k-mers", total, _GOAL, "core-seconds"),
            report.at_most("results while a run goes on", after["results while a run goes on"].median, _RESULTS, "s"),
        ]
    )


if __name__ == "__main__":
    main()
