"""From reads in the machine's memory to merged tables, by a GPU, its upload and download included; beside the CPU.

Both count what has a twin on the GPU, and nothing else; what comes out is compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numba import cuda

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet
from engine.collectors.tally import Tally, tallies
from engine.devices.counter import DeviceCounter
from engine.devices.driver import driver_of
from engine.devices.pins import Pins
from engine.devices.times import DeviceTimes
from engine.devices.twins import twins_of
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.plain import PlainSource
from tests.benchmarks.measuring import gpu
from tests.benchmarks.measuring.make_reads import Recipe, illumina
from tests.benchmarks.measuring.timing import interleaved

_READS = 200_000
_TIMES = 8
_MEBIBYTES = (4, 16, 64)
_CAP = 8 << 30
_GOAL = 0.8
"""Share of the bandwidth of an upload from pinned memory."""


class Counted:
    """The same batches, counted here or there.

    Args:
        batches: over buffers of their own.
        batch_bytes: the size of a buffer.
    """

    def __init__(self, batches: Sequence[ReadBatch], batch_bytes: int) -> None:
        self._batches = batches
        self._batch_bytes = batch_bytes
        self._twins = twins_of(CollectorSet())
        self._pins = Pins(batch_bytes, len(batches))
        self._pins.join()  # for good: a run pins the few buffers of its pool once, and these are many
        self.names = frozenset(twin.collector for twin in self._twins)
        self.times = DeviceTimes()

    def there(self, *, is_pinned: bool = True) -> Tally:
        """By the GPU.

        Args:
            is_pinned: batches go up from where they are; else they are copied before.

        Raises:
            RuntimeError: it failed, or left something to the CPU.
        """
        (tally,) = tallies(1, is_paired=False)
        pins = self._pins if is_pinned else None
        counter = DeviceCounter(driver_of(0, _CAP), tally, batch_bytes=self._batch_bytes, twins=self._twins, pins=pins)
        counter.open()
        try:
            taken = [self._added(counter, batch) for batch in self._batches]
            counter.settle()
            counter.take()
        finally:
            counter.close()
        if counter.failure or not all(taken):
            raise RuntimeError(counter.failure or "batches that do not fit")
        self.times = counter.times
        return tally

    @staticmethod
    def _added(counter: DeviceCounter, batch: ReadBatch) -> bool:
        is_taken = counter.add(batch)
        counter.kept.let_go(batch)
        return is_taken

    def here(self, threads: int) -> Tally:
        """By threads on the CPU, merged."""
        sets = tallies(threads, is_paired=False)

        def work(number: int) -> None:
            for batch in self._batches[number::threads]:
                sets[number].reads.add_to(batch, self.names)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(threads)))
        for other in sets[1:]:
            sets[0].merge(other)
        return sets[0]

    def differing(self) -> list[str]:
        """What both do not count alike."""
        mine, theirs = (tally.reads.state() for tally in (self.there(), self.here(1)))
        return sorted(name for name in self.names if not _same(mine[name], theirs[name]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare results with the CPU's; also simulated")
    parser.add_argument("--reads", type=int, default=_READS, help=f"{_TIMES} times over (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    asked = parser.parse_args(arguments)
    if not asked.check:
        gpu.require()
    print(f"{gpu.describe()}\n")
    text = b"".join(illumina(Recipe(reads=asked.reads))) * (1 if asked.check else _TIMES)
    found: dict[str, Any] = {}
    is_wrong = False
    for mebibytes in _MEBIBYTES[: 1 if asked.check else None]:
        counted = Counted(list(_batches(text, mebibytes << 20)), mebibytes << 20)
        differing = counted.differing()
        if differing:
            is_wrong = True
            print(f"NOT THE SAME as on the CPU, in batches of {mebibytes} MiB: {', '.join(differing)}", file=sys.stderr)
        alike = ", ".join(sorted(counted.names - set(differing))) or "none"
        print(f"batches of {mebibytes} MiB: as on the CPU are {alike}")
        if not asked.check:
            found[f"{mebibytes} MiB"] = _measure(counted, len(text))
            if asked.json:  # each time, should there be no time for the next
                asked.json.write_text(json.dumps({"device": gpu.describe(), **found}, indent=1), encoding="utf-8")
    return 1 if is_wrong else 0


def _measure(counted: Counted, size: int) -> dict[str, float]:
    threads = os.cpu_count() or 1
    upload = _upload_seconds(size)
    times = interleaved(
        {
            "copied": lambda: _nothing(counted.there(is_pinned=False)),
            "GPU": lambda: _nothing(counted.there()),
            "CPU": lambda: _nothing(counted.here(threads)),
        }
    )
    rate = size / times["GPU"].median / 1e9
    figures = {
        "upload, GB/s": size / upload / 1e9,
        "GPU, GB/s": rate,
        "of the upload": rate / (size / upload / 1e9),
        "copied first, GB/s": size / times["copied"].median / 1e9,
        "pinning, GB/s": _pinning_rate(),
        "copies, s": counted.times.copying,
        "kernels, s": counted.times.counting,
        "GPU in use, s": counted.times.busy,
        "CPU, threads": threads,
        "CPU, GB/s": size / times["CPU"].median / 1e9,
        "CPU / GPU": times["CPU"].ratio(times["GPU"]),
    }
    for name, value in figures.items():
        goal = f"  (goal {_GOAL:g})" if name == "of the upload" else ""
        print(f"  {name:20}{value:8.2f}{goal}")
    return figures


def _upload_seconds(size: int) -> float:
    host, there = cuda.pinned_array(size, np.uint8), cuda.device_array(size, np.uint8)
    host[:] = ord("A")
    return gpu.seconds_of(lambda stream: there.copy_to_device(host, stream=stream))


def _pinning_rate() -> float:
    """GB/s of having a buffer stay where it is; of new ones, as a run's are."""
    driver, seconds, size = driver_of(0, _CAP), [], _MEBIBYTES[-1] << 20
    driver.open()
    try:
        for _ in range(5):
            buffer = np.ones(size, np.uint8)
            began = time.perf_counter()
            driver.pin(buffer)
            seconds.append(time.perf_counter() - began)
            driver.unpin(buffer)
    finally:
        driver.close()
    return size / statistics.median(seconds) / 1e9


def _nothing(_tally: Tally) -> None:
    return None


def _batches(text: bytes, batch_bytes: int) -> Iterator[ReadBatch]:
    """Whole records of a text, each batch over a buffer that nobody else gets."""
    pool = BufferPool(batch_bytes, len(text) // batch_bytes + 4)
    with tempfile.TemporaryDirectory(prefix="lanescope-bench-") as folder:
        path = Path(folder) / "reads.fastq"
        path.write_bytes(text)
        source = PlainSource(path)
        try:
            yield from FastqParser(source, pool, path)
        finally:
            source.close()


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return _without_zeros(one) == _without_zeros(other)
    return bool(one == other)


def _without_zeros(table: np.ndarray[Any, Any]) -> list[tuple[Any, ...]]:
    """What is counted, wherever a table ends."""
    return [(*place, int(table[tuple(place)])) for place in np.argwhere(table).tolist()]


if __name__ == "__main__":
    raise SystemExit(main())
