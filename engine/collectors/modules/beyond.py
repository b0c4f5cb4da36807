"""What FastQC does not tell: N50, qualities from the chances of error, length against quality, all duplicates."""

from __future__ import annotations

import math

import numpy as np

from engine.collectors.base import Table
from engine.collectors.key_sample import KeySample
from engine.collectors.lengths import Lengths
from engine.collectors.results import ErrorQuality, EstimatedDuplication, LengthQuality, LengthStatistics
from kernels.collectors.read_errors import ERROR_ONE, ERROR_UNITS, LENGTH_STARTS


def length_statistics(lengths: Lengths) -> LengthStatistics:
    """N50, N90, mean and median of the lengths, of at least one read."""
    used, counts = lengths.bases, lengths.reads
    reads, total = int(counts.sum()), int(counts @ used)
    up_to = np.cumsum(counts)
    low, high = (int(used[np.searchsorted(up_to, rank)]) for rank in ((reads + 1) // 2, reads // 2 + 1))
    from_longest = np.cumsum((counts * used)[::-1])

    def reaching(tenths: int) -> int:
        return int(used[::-1][np.searchsorted(from_longest, -(-total * tenths // 10))]) if total else 0

    return LengthStatistics(n50=reaching(5), n90=reaching(9), mean=total / reads, median=(low + high) / 2)


def error_quality(counts: Table, by_quality: Table) -> ErrorQuality | None:
    """Qualities from the chances of error; ``None`` without bases.

    Args:
        counts: int64 [n_lengths, 94], reads by length and mean quality.
        by_quality: int64 [94], bases by Phred quality.
    """
    reads = counts.sum(axis=0)
    used = np.flatnonzero(reads)
    if not len(used):
        return None
    # Python's integers: the sum over a big file does not fit into 64 bits.
    errors = sum(int(bases) * int(unit) for bases, unit in zip(by_quality, ERROR_UNITS, strict=True)) / ERROR_ONE
    first, last = int(used[0]), int(used[-1])
    return ErrorQuality(
        mean_quality=-10 * math.log10(errors / int(by_quality.sum())) + 0.0,
        expected_errors=errors,
        qualities=tuple(range(first, last + 1)),
        counts=tuple(reads[first : last + 1].tolist()),
        q20_reads=int(reads[20:].sum()),
        q30_reads=int(reads[30:].sum()),
    )


def length_quality(counts: Table, longest: int) -> LengthQuality | None:
    """Reads by length and quality, from the first to the last bin that has any; ``None`` without bases.

    Args:
        counts: int64 [n_lengths, 94], reads by bin of length and mean quality.
        longest: bases of the longest read.
    """
    rows, columns = np.flatnonzero(counts.any(axis=1)), np.flatnonzero(counts.any(axis=0))
    if not len(rows):
        return None
    used = range(int(rows[0]), int(rows[-1]) + 1)
    low, high = int(columns[0]), int(columns[-1]) + 1
    ends = [*(LENGTH_STARTS[1:] - 1).tolist(), max(longest, int(LENGTH_STARTS[-1]))]
    return LengthQuality(
        starts=tuple(int(LENGTH_STARTS[row]) for row in used),
        ends=tuple(ends[row] for row in used),
        qualities=tuple(range(low, high)),
        counts=tuple(tuple(counts[row, low:high].tolist()) for row in used),
    )


def estimated_duplication(sample: KeySample) -> EstimatedDuplication | None:
    """Duplicates among all reads; ``None`` without reads."""
    if not sample.reads:
        return None
    # More sequences than reads cannot be, whatever the sample says.
    sequences = min(sample.known << sample.level, sample.reads)
    spread = math.sqrt((1 - 2.0**-sample.level) / sample.known) if sample.level else 0.0
    return EstimatedDuplication(
        sequences=sequences,
        duplicates=100 * (sample.reads - sequences) / sample.reads,
        remaining=100 * sequences / sample.reads,
        relative_error=spread,
        sampled=sample.known,
    )
