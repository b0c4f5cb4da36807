"""What goes beyond FastQC's modules, in plain Python over plain reads."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import mean, median

from engine.collectors.results import ErrorQuality, EstimatedDuplication, LengthQuality, LengthStatistics
from tests.naive_parser import Read

_STARTS = sorted({round(10 ** (step / 10)) for step in range(91)})


def naive_length_statistics(reads: Sequence[Read]) -> LengthStatistics:
    """N50 and so on."""
    lengths = sorted((len(read.bases) for read in reads), reverse=True)

    def reaching(tenths: int) -> int:
        held = 0
        for length in lengths:
            held += length
            if 10 * held >= tenths * sum(lengths):
                return length if sum(lengths) else 0
        return 0

    return LengthStatistics(n50=reaching(5), n90=reaching(9), mean=float(mean(lengths)), median=float(median(lengths)))


def naive_error_quality(reads: Sequence[Read]) -> ErrorQuality | None:
    """By floating-point numbers, but for means that are whole: the units are rounded."""
    means = [_quality(read) for read in reads if read.bases]
    if not means:
        return None
    errors = [_error(quality) for read in reads for quality in read.qualities]
    low, high = min(means), max(means) + 1
    return ErrorQuality(
        mean_quality=-10 * math.log10(math.fsum(errors) / len(errors)) + 0.0,
        expected_errors=math.fsum(errors),
        qualities=tuple(range(low, high)),
        counts=tuple(means.count(quality) for quality in range(low, high)),
        q20_reads=sum(quality >= 20 for quality in means),
        q30_reads=sum(quality >= 30 for quality in means),
    )


def naive_length_quality(reads: Sequence[Read]) -> LengthQuality | None:
    """Reads by bin and mean."""
    cells = Counter(
        (max(i for i, start in enumerate(_STARTS) if start <= len(read.bases)), _quality(read))
        for read in reads
        if read.bases
    )
    if not cells:
        return None
    rows = range(min(row for row, _ in cells), max(row for row, _ in cells) + 1)
    columns = range(min(quality for _, quality in cells), max(quality for _, quality in cells) + 1)
    return LengthQuality(
        starts=tuple(_STARTS[row] for row in rows),
        ends=tuple(_STARTS[row + 1] - 1 for row in rows),
        qualities=tuple(columns),
        counts=tuple(tuple(cells[row, quality] for quality in columns) for row in rows),
    )


def naive_duplication(reads: Sequence[Read]) -> EstimatedDuplication:
    """Of so few reads that all are compared."""
    distinct = len({read.bases[:50].upper() for read in reads})
    return EstimatedDuplication(
        sequences=distinct,
        duplicates=100 * (len(reads) - distinct) / len(reads),
        remaining=100 * distinct / len(reads),
        relative_error=0.0,
        sampled=distinct,
    )


def _error(character: int) -> float:
    return round(2**36 * 10 ** ((33 - character) / 10)) / 2**36


def _quality(read: Read) -> int:
    errors = sum(int(_error(character) * 2**36) for character in read.qualities)
    return next(q for q in range(93, -1, -1) if q == 0 or errors <= int(_error(33 + q) * 2**36) * len(read.qualities))
