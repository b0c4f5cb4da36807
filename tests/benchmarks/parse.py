"""Parsing and validating FASTQ alone, in one thread, against counting lines with ``wc -l``."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.run.settings import RunSettings
from engine.run.warmup import warm_up
from engine.source.plain import PlainSource
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.timing import Contender, command, interleaved

_GOAL = 2.5


def parse(path: Path) -> int:
    """Reads, cuts and validates a file. Returns the number of its reads."""
    pool = BufferPool(RunSettings().batch_bytes, 2)
    source = PlainSource(path)
    count = 0
    try:
        for batch in FastqParser(source, pool, path):
            count += len(batch)
            pool.give(batch.buffer)
    finally:
        source.close()
    return count


def read(path: Path) -> None:
    """Only brings a file into a buffer: the least that parsing it can take."""
    buffer = memoryview(bytearray(RunSettings().batch_bytes))
    source = PlainSource(path)
    while source.read_into(buffer):
        pass
    source.close()


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    warm_up()

    def ours() -> None:
        assert parse(inputs.plain) == reads.READS

    contenders: dict[str, Contender] = {"lanescope, parse": ours, "lanescope, read only": lambda: read(inputs.plain)}
    if shutil.which("wc"):
        contenders["wc -l"] = command("wc", "-l", str(inputs.plain))
    times = interleaved(contenders)
    report.print_times(times)
    figures = [
        report.Figure("throughput", f"{inputs.plain.stat().st_size / times['lanescope, parse'].best / 1e9:.2f} GB/s")
    ]
    if "wc -l" in times:
        figures.append(report.ratio("parse / wc -l", times["lanescope, parse"], times["wc -l"], _GOAL))
    report.print_figures(figures)


if __name__ == "__main__":
    main()
