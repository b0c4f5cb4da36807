"""The QC modules that look at sequences, in plain Python over plain reads, written from FastQC 0.12.1's definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.collectors.modules.contaminants import possible_source
from engine.collectors.results import (
    DUPLICATION_LEVELS,
    AdapterContent,
    Duplication,
    Overrepresented,
    OverrepresentedSequence,
)
from tests.naive_parser import Read

ADAPTERS = {
    "Illumina Universal Adapter": "AGATCGGAAGAG",
    "Illumina Small RNA 3' Adapter": "TGGAATTCTCGG",
    "Illumina Small RNA 5' Adapter": "GATCGTCGGACT",
    "Nextera Transposase Sequence": "CTGTCTCTTATA",
    "PolyA": "AAAAAAAAAAAA",
    "PolyG": "GGGGGGGGGGGG",
}


class NaiveKeys:
    """Sequences kept and how often each was met; FastQC keeps 100,000."""

    def __init__(self, reads: Iterable[Read], limit: int = 100_000) -> None:
        self.counts: dict[str, int] = {}
        self.reads = 0
        self.reads_at_limit = 0
        for read in reads:
            key = read.bases[:50].decode().upper()
            self.reads += 1
            if len(self.counts) < limit:
                self.reads_at_limit = self.reads
                self.counts[key] = self.counts.get(key, 0) + 1
            elif key in self.counts:
                self.counts[key] += 1

    def duplication(self) -> Duplication:
        """Levels, each scaled up by the chance to have met one of its sequences."""
        levels = Counter(self.counts.values())
        corrected = {level: self._corrected(level, seen) for level, seen in sorted(levels.items())}
        total = sum(level * number for level, number in corrected.items())
        percent = [0.0] * len(DUPLICATION_LEVELS)
        for level, number in corrected.items():
            percent[_slot(level)] += level * number / total * 100
        return Duplication(percent=tuple(percent), remaining=sum(corrected.values()) / total * 100)

    def _corrected(self, level: int, seen: int) -> float:
        if self.reads_at_limit == self.reads or self.reads - seen < self.reads_at_limit:
            return seen
        missed = 1.0
        for i in range(self.reads_at_limit):
            missed *= (self.reads - i - level) / (self.reads - i)
            if missed < 1 - seen / (seen + 0.01):
                missed = 0
                break
        return seen / (1 - missed)

    def overrepresented(self) -> Overrepresented:
        """In the order of the hash table, where equally frequent."""
        shares = {key: self.counts[key] / self.reads * 100 for key in naive_hash_map(self.counts)}
        listed = sorted((key for key in shares if shares[key] > 0.1), key=lambda key: -self.counts[key])
        return Overrepresented(
            sequences=tuple(
                OverrepresentedSequence(
                    sequence=key, count=self.counts[key], percent=shares[key], source=possible_source(key)
                )
                for key in listed
            )
        )


def _slot(level: int) -> int:
    for slot, above in zip(range(15, 8, -1), (10_000, 5000, 1000, 500, 100, 50, 9), strict=True):
        if level > above:
            return slot
    return level - 1


def naive_hash_map(keys: Iterable[str]) -> list[str]:
    """Keys as Java's HashMap gives them out: buckets that double in number, and lists that keep their order."""
    buckets: list[list[str]] = [[] for _ in range(16)]
    for count, key in enumerate(keys, 1):
        buckets[_spread(key) % len(buckets)].append(key)
        if count > len(buckets) * 0.75:
            larger: list[list[str]] = [[] for _ in range(2 * len(buckets))]
            for bucket in buckets:
                for old in bucket:
                    larger[_spread(old) % len(larger)].append(old)
            buckets = larger
    return [key for bucket in buckets for key in bucket]


def _spread(key: str) -> int:
    value = 0
    for character in key:
        value = (31 * value + ord(character)) % 2**32
    return value ^ value >> 16


def naive_adapters(reads: Sequence[Read], groups: Sequence[Sequence[int]]) -> AdapterContent:
    """As FastQC counts: arrays that grow with the longest read so far, new places taking over the last one's count.

    Args:
        reads: not all of at most 12 bases, none of exactly 12 before the first longer one.
        groups: of the places where a probe can begin, from 1.
    """
    counts = {name: [0] for name in ADAPTERS}
    longest = 0
    for read in reads:
        bases = read.bases.decode().upper()
        if len(bases) > max(longest, 12):
            longest = len(bases)
            for places in counts.values():
                places.extend([places[-1]] * (longest - 12 + 1 - len(places)))
        for name, probe in ADAPTERS.items():
            if (at := bases.find(probe)) >= 0:
                for place in range(at, longest - 12 + 1):
                    counts[name][place] += 1
    return AdapterContent(
        starts=tuple(group[0] for group in groups),
        ends=tuple(group[-1] for group in groups),
        names=tuple(ADAPTERS),
        percent=tuple(
            tuple(sum(places[i - 1] * 100 / len(reads) for i in group) / len(group) for group in groups)
            for places in counts.values()
        ),
    )
