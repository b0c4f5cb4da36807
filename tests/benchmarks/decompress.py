"""Decompression alone, into a buffer of 4 MiB, against ``bgzip`` and ``igzip``; BAM against pysam."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

from engine.run.warmup import warm_up
from engine.source.inputs import open_source
from tests.benchmarks.measuring import reads, report
from tests.benchmarks.measuring.timing import Contender, command, interleaved

_GOAL = 1.1
_BUFFER = 4 << 20


def read(path: Path) -> int:
    """Reads a file to its end. Returns the bytes of its text."""
    buffer = memoryview(bytearray(_BUFFER))
    source = open_source(path)
    total = 0
    while count := source.read_into(buffer):
        total += count
    source.close()
    return total


def made(path: Path, make: Callable[[Path], None]) -> Path:
    """A file that is made where it is missing."""
    if not path.exists():
        print(f"Making {path} …", flush=True)
        unfinished = path.with_suffix(".part")
        make(unfinished)
        unfinished.replace(path)
    return path


def write_bam(plain: Path, target: Path) -> None:
    """Makes an unaligned BAM of the reads."""
    import pysam

    pysam.samtools.fqimport("-0", str(plain), "-o", str(target), "-O", "bam")


def read_with_pysam(path: Path) -> None:
    """Brings reads back to FASTQ as one does in Python."""
    import pysam

    with pysam.AlignmentFile(str(path), check_sq=False, threads=2) as file:
        for read in file:
            qualities = pysam.qualities_to_qualitystring(read.get_forward_qualities() or [])
            f"@{read.query_name}\n{read.get_forward_sequence()}\n+\n{qualities}\n".encode()


def main() -> None:
    """Measure and print."""
    inputs = reads.provide(reads.parser(__doc__).parse_args().data)
    report.print_machine()
    warm_up()
    size = inputs.plain.stat().st_size

    def ours() -> None:
        assert read(inputs.bgzf) == size

    contenders: dict[str, Contender] = {"lanescope, BGZF": ours, "lanescope, gzip": lambda: read(inputs.gzip) and None}
    if shutil.which("bgzip"):
        contenders["bgzip -d -@2"] = command("bgzip", "-d", "-c", "-@2", str(inputs.bgzf))
    if shutil.which("igzip"):
        contenders["igzip -d"] = command("igzip", "-d", "-c", str(inputs.gzip))
    if importlib.util.find_spec("pysam"):
        bam = made(inputs.folder / "1m_150bp.bam", lambda target: write_bam(inputs.plain, target))
        contenders["lanescope, BAM"] = lambda: read(bam) and None
        contenders["pysam, BAM"] = lambda: read_with_pysam(bam)
    times = interleaved(contenders)
    report.print_times(times)
    if "bgzip -d -@2" in times:
        report.print_figures(
            [report.ratio("BGZF / bgzip -d -@2", times["lanescope, BGZF"], times["bgzip -d -@2"], _GOAL)]
        )


if __name__ == "__main__":
    main()
