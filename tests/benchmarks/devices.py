"""From batches in memory to merged tables: on a GPU, upload included, and with workers on the CPU of the same machine.

And the same with the bounds that trimming by windows cuts at, which come down from the GPU for every batch.
Refuses where there is no GPU. Both sides' results are compared before anything is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.batch import ReadBatch
from engine.collectors.tally import Tally, merged, tallies
from engine.devices.counter import DeviceCounter
from engine.devices.driver import driver_of
from engine.devices.pins import Pins
from engine.devices.staging import plan
from engine.devices.twins import twins_of
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.run.settings import RunSettings
from engine.run.warmup import warm_up
from engine.stages import bounds
from engine.stages.bounds import EarlyTrim
from engine.stages.trimming import QualityTrimmer, QualityTrimParameters, WindowTrimmer, WindowTrimParameters
from tests.benchmarks.measuring import compared, gpu, report
from tests.benchmarks.measuring.make_reads import Recipe, illumina
from tests.benchmarks.measuring.timing import interleaved
from tests.parsing import TextSource

_READS = 200_000
_TIMES = 5
_GOAL = 0.8
_NUMBER = 0

_WINDOWS = WindowTrimParameters(quality=25)
_RUNNING = QualityTrimParameters(five_prime=20, three_prime=25)
_TRIMS = {
    "windows": EarlyTrim(_WINDOWS, WindowTrimmer.search(_WINDOWS)),
    "running sums": EarlyTrim(_RUNNING, QualityTrimmer.search(_RUNNING)),
}


@dataclass(frozen=True, slots=True)
class Work:
    """What is counted.

    Attributes:
        batches: in memory.
        text_bytes: of them all, columns included, as they go up.
        names: collectors that have a twin on the device.
        pins: of the batches' buffers.
    """

    batches: tuple[ReadBatch, ...]
    text_bytes: int
    names: frozenset[str]
    pins: Pins


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare results with the CPU's; also simulated")
    parser.add_argument(
        "--reads", type=int, default=_READS, help=f"reads of 150 bases, {_TIMES} times over (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    asked = parser.parse_args(arguments)
    if not asked.check:
        gpu.require()
    work = _work(asked.reads, 1 if asked.check else _TIMES)
    warm_up()
    differing = compared.differing(on_device(work).results(), on_cpu(work, 1).results())
    differing += [f"bounds by {name}" for name, trim in _TRIMS.items() if not has_same_bounds(work, trim)]
    if differing:
        print(f"NOT THE SAME as on the CPU: {', '.join(differing)}", file=sys.stderr)
    else:
        print("The GPU's results are the CPU's.")
    if not asked.check:
        figures = _measure(work)
        if asked.json:
            asked.json.write_text(json.dumps({"consumer": figures}, indent=1), encoding="utf-8")
    return 1 if differing else 0


def _work(reads: int, times: int) -> Work:
    """Batches as a run has them, all of them in memory, so that nothing is read or parsed while it is measured."""
    text = b"".join(illumina(Recipe(reads=reads))) * times
    size = RunSettings().batch_bytes
    pool = BufferPool(size, len(text) // (size // 2) + 2)
    batches = tuple(FastqParser(TextSource(text), pool, Path("reads.fastq")))
    names = frozenset(twin.collector for twin in twins_of(tallies(1, is_paired=False)[0].reads))
    pins = Pins(size, len(batches))
    pins.join()  # for good: a run pins the few buffers of its pool once, and these are many
    return Work(batches, sum(plan(batch).size for batch in batches), names, pins)


def has_same_bounds(work: Work, trim: EarlyTrim) -> bool:
    """Whether the device finds the bounds of all reads that the CPU finds."""
    found: list[ReadBatch] = []
    on_device(work, trim=trim, found=found)
    return len(found) == len(work.batches) and all(
        batch.bounds is not None and np.array_equal(batch.bounds.columns, bounds.on_cpu(batch, trim.search))
        for batch in found
    )


def on_device(
    work: Work, *, everything: bool = False, trim: EarlyTrim | None = None, found: list[ReadBatch] | None = None
) -> Tally:
    """Counts on the device, in this thread.

    Args:
        work: what.
        everything: what has no twin there too, on the CPU meanwhile.
        trim: what bounds are found for, and waited for.
        found: gets the batches with their bounds.
    """
    (tally,) = tallies(1, is_paired=False)
    counter = DeviceCounter(
        driver_of(_NUMBER, RunSettings().device_bytes),
        tally,
        batch_bytes=RunSettings().batch_bytes,
        twins=twins_of(tally.reads),
        trims=(trim, None),
        pins=None if trim else work.pins,  # as in a run: stages may write into buffers
    )
    counter.open()
    try:
        for batch in work.batches:
            if not counter.add(batch):
                raise SystemExit(f"The GPU did not take a batch. {counter.failure}")
            if everything:
                tally.add(batch, work.names)
            bounded = counter.with_bounds(batch)
            if found is not None:
                found.append(bounded)
            counter.kept.let_go(batch)
        counter.settle()
        if counter.failure:
            raise SystemExit(f"The GPU failed: {counter.failure}")
        counter.take()
    finally:
        counter.close()
    return tally


def on_cpu(work: Work, workers: int, *, everything: bool = False, trim: EarlyTrim | None = None) -> Tally:
    """Counts with so many workers, which take turns: the same collectors, or all; `trim`: bounds are found too."""
    parts = tallies(workers, is_paired=False)

    def count(number: int) -> None:
        for batch in work.batches[number::workers]:
            if everything:
                parts[number].add(batch)
            else:
                parts[number].reads.add_to(batch, work.names)
            if trim is not None:
                bounds.on_cpu(batch, trim.search)

    with ThreadPoolExecutor(workers) as executor:
        list(executor.map(count, range(workers)))
    return merged(parts)


def upload_only(work: Work) -> float:
    """Seconds for the same bytes from pinned memory to the device, in pieces as large as batches."""
    driver = driver_of(_NUMBER, 1 << 30)
    driver.open()
    try:
        size = max(plan(batch).size for batch in work.batches)
        host, device, stream = driver.pinned(size), driver.allocate(size), driver.stream()
        host[:] = 0
        first, last = driver.event(), driver.event()
        first.record(stream)
        for _ in range(-(-work.text_bytes // size)):
            driver.upload(host, device, stream)
        last.record(stream)
        driver.wait(last)
        return driver.seconds(first, last)
    finally:
        driver.close()


def _measure(work: Work) -> dict[str, float]:
    print(f"{gpu.describe()}\n")
    report.print_machine()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    windows = _TRIMS["windows"]
    times = interleaved(
        {
            "upload alone": lambda: upload_only(work),
            "GPU, what has a twin there": lambda: _clock(lambda: on_device(work)),
            f"{cores} workers, the same": lambda: _clock(lambda: on_cpu(work, cores)),
            "GPU, everything": lambda: _clock(lambda: on_device(work, everything=True)),
            f"{cores} workers, everything": lambda: _clock(lambda: on_cpu(work, cores, everything=True)),
            "GPU, and bounds of windows": lambda: _clock(lambda: on_device(work, trim=windows)),
            f"{cores} workers, and bounds": lambda: _clock(lambda: on_cpu(work, cores, trim=windows)),
        }
    )
    report.print_times(times)
    upload, there, same, whole, all_cores, bounded, bounded_here = times.values()
    share = upload.median / there.median
    report.print_figures(
        [
            report.Figure("upload alone", f"{work.text_bytes / upload.median / 1e9:.1f} GB/s"),
            report.Figure("host to tables, of the upload", f"{share:.0%}", f"≥ {_GOAL:.0%}", share >= _GOAL),
            report.Figure("twins, GPU to all cores", f"{same.ratio(there):.2f} times as fast"),
            report.Figure("everything, GPU to all cores", f"{all_cores.ratio(whole):.2f} times as fast"),
            report.Figure("twins and bounds, GPU to all cores", f"{bounded_here.ratio(bounded):.2f} times as fast"),
        ]
    )
    rates = {f"{name}, GB/s": work.text_bytes / each.median / 1e9 for name, each in times.items()}
    return {
        **rates,
        "of the upload": share,
        "twins, x": same.ratio(there),
        "everything, x": all_cores.ratio(whole),
        "twins and bounds, x": bounded_here.ratio(bounded),
    }


def _clock(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
