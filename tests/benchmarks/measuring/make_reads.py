"""Write synthetic FASTQ that behaves like a sequencer's output.

The same arguments give the same bytes. Mates 1 and 2 of one seed pair up: same names, same order,
sequences from the two ends of one fragment. Reads of fragments shorter than the read run into the
TruSeq adapter. Nanopore reads have log-normal lengths and names as dorado writes them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

ADAPTERS = {
    1: b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCACATCACGATCTCGTATGCCGTCTTCTGCTTG",
    2: b"AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGTAGATCTCGGTGGTCGCCGTATCATT",
}
CONTAMINANT = b"GATCGGAAGAGCACACGTCTGAACTCCAGTCACATCACGATCTCGTATGCCGTCTTCTGCTTGAAAAAAAAAAAAAAA"

_BLOCK = 20_000
_BINS = np.array([2, 12, 23, 37], np.uint8)
_LETTERS = np.frombuffer(b"ACGT", np.uint8)
_COMPLEMENT = np.zeros(256, np.uint8)
_COMPLEMENT[np.frombuffer(b"ACGTN", np.uint8)] = np.frombuffer(b"TGCAN", np.uint8)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to write.

    Attributes:
        reads: how many.
        length: bases of each Illumina read.
        mate: 1 or 2.
        adapter_fraction: share of reads that run into the adapter.
        duplicate_fraction: share of reads drawn from a small pool of fragments.
        overrepresented: share of reads that are one contaminant.
        n_rate: share of bases that are N.
        binned: four quality values, as on recent instruments.
        genome: bases of the random genome that reads are drawn from.
        seed: of all random numbers.
    """

    reads: int = 100_000
    length: int = 150
    mate: int = 1
    adapter_fraction: float = 0.06
    duplicate_fraction: float = 0.08
    overrepresented: float = 0.002
    n_rate: float = 0.0005
    binned: bool = False
    genome: int = 5_000_000
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Fragments:
    """Where reads of one block come from: int64 starts and sizes, bool [n_reads] whether one is the contaminant."""

    starts: Numbers
    sizes: Numbers
    contaminated: npt.NDArray[np.bool_]


def illumina(recipe: Recipe) -> Iterator[bytes]:
    """FASTQ text of equal-length reads, some thousands at a time."""
    genome = np.random.default_rng(recipe.seed).choice(_LETTERS, size=recipe.genome, p=[0.29, 0.21, 0.21, 0.29])
    pool: tuple[Numbers, Numbers] | None = None
    for block, written in enumerate(range(0, recipe.reads, _BLOCK)):
        n = min(_BLOCK, recipe.reads - written)
        both = np.random.default_rng([recipe.seed, block])  # what mates have in common
        fragments, pool = _draw_fragments(both, n, recipe, pool)
        own = np.random.default_rng([recipe.seed, block, recipe.mate])
        sequences = _sequences(genome, fragments, recipe)
        scores = _scores(own, n, recipe)
        sequences, scores = _misread(own, sequences, scores, fragments.contaminated, recipe)
        yield _illumina_text(both, written, sequences, scores, recipe)


def nanopore(recipe: Recipe) -> Iterator[bytes]:
    """FASTQ text of long reads, one at a time."""
    rng = np.random.default_rng([recipe.seed, 99])
    genome = np.random.default_rng(recipe.seed).choice(_LETTERS, size=recipe.genome)
    for number in range(recipe.reads):
        n = int(np.clip(rng.lognormal(8.3, 0.9), 120, 90_000))
        start = int(rng.integers(0, recipe.genome - n))
        scores = np.clip(rng.normal(rng.normal(16, 4), 5, n), 1, 45).astype(np.uint8)
        sequence = genome[start : start + n].copy()
        bad = rng.random(n) < 10.0 ** (scores.astype(np.float64) / -10.0)
        sequence[bad] = _LETTERS[rng.integers(0, 4, int(bad.sum()))]
        yield _nanopore_text(rng, number, sequence, scores, recipe)


def _draw_fragments(
    rng: np.random.Generator, n: int, recipe: Recipe, pool: tuple[Numbers, Numbers] | None
) -> tuple[_Fragments, tuple[Numbers, Numbers]]:
    starts = rng.integers(0, recipe.genome - 1200, n)
    sizes = np.clip(rng.normal(320, 60, n), 35, 1100).astype(np.int64)
    short = rng.random(n) < recipe.adapter_fraction
    sizes[short] = rng.integers(20, max(21, recipe.length - 2), int(short.sum()))
    if pool is None:
        pool = starts[:2000].copy(), sizes[:2000].copy()
    again = rng.random(n) < recipe.duplicate_fraction
    # Squared: some fragments are drawn far more often than others.
    pick = rng.integers(0, len(pool[0]), int(again.sum())) ** 2 // max(1, len(pool[0]))
    starts[again], sizes[again] = pool[0][pick], pool[1][pick]
    return _Fragments(starts, sizes, rng.random(n) < recipe.overrepresented), pool


def _sequences(genome: Bytes, fragments: _Fragments, recipe: Recipe) -> Bytes:
    """uint8 [n_reads, length] without sequencing errors."""
    length = recipe.length
    offsets = np.arange(length)[None, :]
    if recipe.mate == 1:
        inside = genome[fragments.starts[:, None] + offsets]
    else:
        ends = np.maximum(fragments.starts + fragments.sizes - 1, 0)
        inside = _COMPLEMENT[genome[ends[:, None] - offsets]]
    adapter = np.frombuffer(ADAPTERS[recipe.mate].ljust(length + 8, b"G"), np.uint8)
    past = offsets - fragments.sizes[:, None]
    sequences: Bytes = np.where(past >= 0, adapter[np.clip(past, 0, len(adapter) - 1)], inside)
    sequences[fragments.contaminated] = np.frombuffer(CONTAMINANT.ljust(length, b"A")[:length], np.uint8)
    return sequences


def _scores(rng: np.random.Generator, n: int, recipe: Recipe) -> Bytes:
    """uint8 [n_reads, length], Phred: an offset for each read, a slow fall along it, a few bad cycles."""
    length = recipe.length
    fall = 9.0 * np.linspace(0, 1, length) ** 2
    scores = 36.5 - fall[None, :] + rng.normal(0, 2.0, (n, 1)) + rng.normal(0, 2.5, (n, length))
    scores -= (rng.random((n, length)) < 0.01) * rng.uniform(10, 30, (n, length))
    scores[:, :3] -= 3
    whole = np.clip(np.rint(scores), 2, 41).astype(np.uint8)
    return _BINS[np.searchsorted(_BINS, whole, side="right") - 1] if recipe.binned else whole


def _misread(
    rng: np.random.Generator, sequences: Bytes, scores: Bytes, contaminated: npt.NDArray[np.bool_], recipe: Recipe
) -> tuple[Bytes, Bytes]:
    """Errors as often as the scores say, and bases that could not be called."""
    wrong = rng.random(sequences.shape) < 10.0 ** (scores.astype(np.float64) / -10.0)
    wrong[contaminated] = False
    sequences = np.where(wrong, _LETTERS[rng.integers(0, 4, sequences.shape)], sequences)
    unknown = rng.random(sequences.shape) < recipe.n_rate
    return (
        np.where(unknown, np.uint8(ord("N")), sequences).astype(np.uint8),
        np.where(unknown, np.uint8(2), scores).astype(np.uint8),
    )


def _illumina_text(rng: np.random.Generator, written: int, sequences: Bytes, scores: Bytes, recipe: Recipe) -> bytes:
    n, length = len(sequences), recipe.length
    letters, characters = sequences.tobytes(), (scores + 33).astype(np.uint8).tobytes()
    x, y = rng.integers(1000, 32000, n), rng.integers(1000, 36000, n)
    rows = []
    for read in range(n):
        number = written + read
        tile = 1101 + (number * 78 // max(recipe.reads, 1)) % 78 + 1000 * ((number // 7) % 2)
        text = slice(read * length, (read + 1) * length)
        rows.append(
            b"@LS00123:45:HX5FKDSXY:1:%d:%d:%d %d:N:0:ATCACGTT\n%s\n+\n%s\n"
            % (tile, x[read], y[read], recipe.mate, letters[text], characters[text])
        )
    return b"".join(rows)


def _nanopore_text(rng: np.random.Generator, number: int, sequence: Bytes, scores: Bytes, recipe: Recipe) -> bytes:
    identity = rng.bytes(16).hex()
    name = f"{identity[:8]}-{identity[8:12]}-{identity[12:16]}-{identity[16:20]}-{identity[20:]}"
    minute, channel = number * 4320 // max(recipe.reads, 1), int(rng.integers(1, 513))
    day, hour = 1 + minute // 1440, minute // 60 % 24
    header = (
        f"@{name} runid=4f1c read={number} ch={channel} "
        f"start_time=2026-03-{day:02d}T{hour:02d}:{minute % 60:02d}:00Z flow_cell_id=FAX12345"
    )
    characters = (scores + 33).astype(np.uint8).tobytes()
    return header.encode() + b"\n" + sequence.tobytes() + b"\n+\n" + characters + b"\n"


def main(argv: list[str] | None = None) -> None:
    """Write reads as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="file to write, - for the standard output")
    parser.add_argument("--kind", choices=["illumina", "nanopore"], default="illumina")
    parser.add_argument("--mate", type=int, choices=[1, 2], default=1)
    parser.add_argument("--binned", action="store_true", help="four quality values, as on recent instruments")
    for name, default in (
        ("reads", 100_000), ("length", 150), ("genome", 5_000_000), ("seed", 7), ("adapter-fraction", 0.06),
        ("duplicate-fraction", 0.08), ("overrepresented", 0.002), ("n-rate", 0.0005),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=type(default), default=default)
    arguments = vars(parser.parse_args(argv))
    out, kind = arguments.pop("out"), arguments.pop("kind")
    recipe = Recipe(**arguments)
    with nullcontext(sys.stdout.buffer) if out == "-" else Path(out).open("wb") as file:
        for text in illumina(recipe) if kind == "illumina" else nanopore(recipe):
            file.write(text)


if __name__ == "__main__":
    main()
