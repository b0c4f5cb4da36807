"""The reads that benchmarks run on: made once, kept in the user's cache folder."""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import platformdirs

from tests.benchmarks.measuring.make_reads import Recipe, illumina
from tests.stored_files import bgzf

_PIECE = 0xFF00 * 256  # bytes of text that are compressed in one go

READS = 1_000_000
BASES = READS * Recipe().length


@dataclass(frozen=True, slots=True)
class Inputs:
    """A million reads of 150 bases.

    Attributes:
        folder: where they are, and where there is room for more.
        plain: as text, 359 MB.
        gzip: the same, compressed by zlib at level 6.
        bgzf: the same in blocks, as `bgzip` writes them.
    """

    folder: Path
    plain: Path
    gzip: Path
    bgzf: Path


def parser(description: str | None) -> argparse.ArgumentParser:
    """The arguments that all benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    folder = platformdirs.user_cache_path("lanescope") / "benchmarks"
    parser.add_argument(
        "--data", type=Path, default=folder, metavar="DIR", help="where the reads are kept (default: %(default)s)"
    )
    return parser


def provide(folder: Path) -> Inputs:
    """Makes the reads where they are missing, which takes a minute."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "1m_150bp.fastq"
    inputs = Inputs(folder, plain, plain.with_suffix(".fastq.gz"), plain.with_suffix(".bgz"))
    _make(plain, _write_reads)
    _make(inputs.gzip, lambda file: _compress(plain, file))
    _make(inputs.bgzf, lambda file: _compress_blocks(plain, file))
    _bring_into_memory(inputs)
    return inputs


def repeated(path: Path, times: int) -> Path:
    """The file `times` times in a row, beside it; whoever asked deletes it."""
    target = path.with_name(f"{times}x_{path.name}")

    def write(file: BinaryIO) -> None:
        for _ in range(times):
            with path.open("rb") as source:
                shutil.copyfileobj(source, file, 1 << 24)

    _make(target, write)
    return target


def _make(path: Path, write: Callable[[BinaryIO], None]) -> None:
    if path.exists():
        return
    print(f"Making {path} …", flush=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            write(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_reads(file: BinaryIO) -> None:
    file.writelines(illumina(Recipe(reads=READS)))


def _compress(plain: Path, file: BinaryIO) -> None:
    with plain.open("rb") as source, gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as target:
        shutil.copyfileobj(source, target, 1 << 24)


def _compress_blocks(plain: Path, file: BinaryIO) -> None:
    if shutil.which("bgzip"):
        subprocess.run(["bgzip", "-c", str(plain)], stdout=file, check=True)
        return
    with plain.open("rb") as source:
        while text := source.read(_PIECE):
            file.write(bgzf(text))


def _bring_into_memory(inputs: Inputs) -> None:
    """Reads the files once, so that nothing measured waits for a disk."""
    for path in (inputs.plain, inputs.gzip, inputs.bgzf):
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 24):
                pass
