"""The QC modules in plain Python over plain reads, written from FastQC 0.12.1's definitions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from engine.collectors.results import (
    AdapterContent,
    BaseContent,
    BaseQuality,
    BasicStatistics,
    Floats,
    GcContent,
    LengthDistribution,
    NContent,
    QcResults,
    SequenceQuality,
)
from tests.naive_beyond import (
    naive_duplication,
    naive_error_quality,
    naive_length_quality,
    naive_length_statistics,
)
from tests.naive_parser import Read
from tests.naive_sequences import ADAPTERS, NaiveKeys, naive_adapters


def naive_qc(reads: Sequence[Read]) -> QcResults:
    """What `engine.collectors.modules.qc.qc_results` should say about these reads, whose names tell no tiles."""
    if not reads:
        return QcResults()
    groups = naive_groups(max(len(read.bases) for read in reads))
    longest = max(len(read.bases) for read in reads)
    keys = NaiveKeys(reads)
    starts, ends = tuple(group[0] for group in groups), tuple(group[-1] for group in groups)
    shares = {base.lower(): _share(reads, groups, base, "ACGT") for base in "ACGT"}
    return QcResults(
        basic=_basic(reads),
        base_quality=BaseQuality(starts=starts, ends=ends, **_quality_by_cycle(reads, groups)),
        sequence_quality=_sequence_quality(reads),
        base_content=BaseContent(starts=starts, ends=ends, **shares),
        gc_content=_gc_content(reads),
        n_content=NContent(starts=starts, ends=ends, n=_share(reads, groups, "N", None)),
        lengths=_lengths([len(read.bases) for read in reads]),
        duplication=keys.duplication(),
        overrepresented=keys.overrepresented(),
        adapters=naive_adapters(reads, naive_groups(longest - 11))
        if longest > 12
        else AdapterContent(names=tuple(ADAPTERS), percent=((),) * len(ADAPTERS), too_short=True),
        length_statistics=naive_length_statistics(reads),
        error_quality=naive_error_quality(reads),
        length_quality=naive_length_quality(reads),
        estimated_duplication=naive_duplication(reads),
    )


def naive_groups(longest: int) -> list[list[int]]:
    """Cycles, from 1, in groups."""
    cycles = range(1, longest + 1)
    if longest <= 75:
        return [[cycle] for cycle in cycles]
    interval = next(i for i in _steps(2, 5, 10) if 9 + math.ceil((longest - 9) / i) < 75)

    def label(cycle: int) -> tuple[int, int]:
        if cycle < 10:
            return 0, cycle
        return 1, cycle // interval if interval > 10 else (cycle - 10) // interval

    return [list(group) for _, group in groupby(cycles, label)]


def _steps(*digits: int) -> list[int]:
    return [digit * 10**power for power in range(9) for digit in digits]


def _basic(reads: Sequence[Read]) -> BasicStatistics:
    letters = b"".join(read.bases for read in reads).decode().upper()
    characters = b"".join(read.qualities for read in reads)
    known = sum(letters.count(base) for base in "ACGT")
    return BasicStatistics(
        reads=len(reads),
        bases=len(letters),
        shortest=min(len(read.bases) for read in reads),
        longest=max(len(read.bases) for read in reads),
        gc_percent=100 * (letters.count("G") + letters.count("C")) / known if known else 0.0,
        mean_quality=sum(byte - 33 for byte in characters) / len(characters) if characters else 0.0,
        q20_bases=sum(byte - 33 >= 20 for byte in characters),
        q30_bases=sum(byte - 33 >= 30 for byte in characters),
        lowest_quality_byte=min(characters, default=0),
        highest_quality_byte=max(characters, default=0),
    )


def _quality_by_cycle(reads: Sequence[Read], groups: list[list[int]]) -> dict[str, Floats]:
    by_cycle = {
        cycle: sorted(read.qualities[cycle - 1] - 33 for read in reads if len(read.qualities) >= cycle)
        for group in groups
        for cycle in group
    }

    def over_groups(of_cycle: dict[int, float]) -> Floats:
        found = [[of_cycle[cycle] for cycle in group if cycle in of_cycle] for group in groups]
        return tuple(sum(values) / len(values) if values else None for values in found)

    def percentile(percent: int) -> Floats:
        # The first quality with so many bases at or below it; not in cycles of 100 bases or fewer.
        return over_groups(
            {cycle: float(q[len(q) * percent // 100 - 1]) for cycle, q in by_cycle.items() if len(q) > 100}
        )

    return {
        "mean": over_groups({cycle: sum(q) / len(q) for cycle, q in by_cycle.items() if q}),
        "median": percentile(50),
        "lower_quartile": percentile(25),
        "upper_quartile": percentile(75),
        "percentile_10": percentile(10),
        "percentile_90": percentile(90),
    }


def _sequence_quality(reads: Sequence[Read]) -> SequenceQuality:
    means = Counter(sum(read.qualities) // len(read.qualities) - 33 for read in reads if read.qualities)
    if not means:
        return SequenceQuality()
    qualities = range(min(means), max(means) + 1)
    return SequenceQuality(qualities=tuple(qualities), counts=tuple(means[quality] for quality in qualities))


def _share(reads: Sequence[Read], groups: list[list[int]], letter: str, among: str | None) -> Floats:
    shares: list[float | None] = []
    for group in groups:
        counts = Counter(b"".join(read.bases[group[0] - 1 : group[-1]] for read in reads).decode().upper())
        total = counts.total() if among is None else sum(counts[other] for other in among)
        shares.append(counts[letter] / total * 100 if total else None)
    return tuple(shares)


def _gc_content(reads: Sequence[Read]) -> GcContent:
    bins = [0.0] * 101
    claims_of: dict[int, list[range]] = {}
    for read in reads:
        step = 1000 if len(read.bases) > 1000 else 100 if len(read.bases) > 100 else 1
        used = read.bases[: len(read.bases) // step * step].upper()
        if used:
            if len(used) not in claims_of:
                claims_of[len(used)] = [_claimed(gc, len(used)) for gc in range(len(used) + 1)]
            claims = claims_of[len(used)]
            for percent in claims[used.count(b"G") + used.count(b"C")]:
                bins[percent] += 1 / sum(percent in claim for claim in claims)
    return GcContent(counts=tuple(bins), theory=tuple(_theory(bins)))


def _claimed(gc: int, length: int) -> range:
    low, high = max(gc - 0.5, 0.0), min(gc + 0.5, length)
    return range(math.floor(low * 100 / length + 0.5), math.floor(high * 100 / length + 0.5) + 1)


def _theory(bins: list[float]) -> list[float]:
    total = 0.0
    for reads in bins:  # newer Pythons' sum() is more exact
        total += reads
    if total <= 1:
        return [0.0] * 101
    peak = bins.index(max(bins))
    threshold = bins[peak] - bins[peak] / 10
    low = high = peak
    while low >= 0 and bins[low] > threshold:
        low -= 1
    while high <= 100 and bins[high] > threshold:
        high += 1
    mode = peak if low < 0 or high > 100 else (low + 1 + high - 1) / 2
    deviation = math.sqrt(sum(n * (percent - mode) ** 2 for percent, n in enumerate(bins)) / (total - 1))
    if deviation == 0:
        return [total if percent == mode else 0.0 for percent in range(101)]
    return [
        total * math.exp(-((percent - mode) ** 2) / (2 * deviation**2)) / math.sqrt(2 * math.pi * deviation**2)
        for percent in range(101)
    ]


def _lengths(lengths: list[int]) -> LengthDistribution:
    # One bin more than needed at either end.
    low, high = max(min(lengths) - 1, 0), max(lengths) + 1
    width = next(step for step in _steps(1, 2, 5) if (high - low) // step <= 50)
    starts = [start for start in range(0, high + 1, width) if start + width > low]
    return LengthDistribution(
        starts=tuple(starts),
        ends=tuple(min(start + width - 1, high) for start in starts),
        counts=tuple(sum(start <= length < start + width for length in lengths) for start in starts),
    )
