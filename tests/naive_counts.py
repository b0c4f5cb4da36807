"""A count of a FASTQ file by plain Python, to hold the program's numbers to."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class NaiveCounts:
    """What plain loops find in a four-line FASTQ file."""

    reads: int = 0
    bases: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    mean_qualities: Counter[int] = field(default_factory=Counter)
    qualities_by_cycle: Counter[tuple[int, int]] = field(default_factory=Counter)
    bases_by_cycle: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def gc_percent(self) -> float:
        """Percent of G and C among A, C, G, T."""
        return 100 * (self.letters["G"] + self.letters["C"]) / sum(self.letters[base] for base in "ACGT")

    @property
    def mean_quality(self) -> float:
        """Arithmetic mean over bases."""
        return sum(q * n for (_, q), n in self.qualities_by_cycle.items()) / self.bases


def naive_counts(path: Path) -> NaiveCounts:
    """Counts a plain or gzip file of four-line records."""
    data = path.read_bytes()
    lines = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode().splitlines()
    counts = NaiveCounts()
    for sequence, quality in zip(lines[1::4], lines[3::4], strict=True):
        counts.reads += 1
        counts.bases += len(sequence)
        counts.lengths[len(sequence)] += 1
        scores = [ord(character) - 33 for character in quality]
        if scores:
            counts.mean_qualities[sum(scores) // len(scores)] += 1
        for cycle, (base, score) in enumerate(zip(sequence.upper(), scores, strict=True)):
            counts.letters[base] += 1
            counts.bases_by_cycle[cycle, base] += 1
            counts.qualities_by_cycle[cycle, score] += 1
    return counts
