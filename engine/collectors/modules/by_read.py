"""Modules with one number a read: mean quality, GC, length.

Definitions as in FastQC 0.12.1: ``PerSequenceQualityScores``, ``PerSequenceGCContent``,
``SequenceLengthDistribution``.
"""

from __future__ import annotations

import math
from functools import reduce
from itertools import count
from operator import add

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.collectors.lengths import Lengths
from engine.collectors.results import GcContent, LengthDistribution, SequenceQuality

_MOST_INTERVALS = 50
"""Of lengths (FastQC 0.12.1, ``SequenceLengthDistribution``)."""


def sequence_quality(counts: Table) -> SequenceQuality:
    """Reads by mean quality, from the lowest to the highest that occurs.

    Args:
        counts: int64 [94], reads by Phred quality.
    """
    used = np.flatnonzero(counts)
    if not len(used):
        return SequenceQuality()
    first, last = int(used[0]), int(used[-1])
    return SequenceQuality(qualities=tuple(range(first, last + 1)), counts=tuple(counts[first : last + 1].tolist()))


def gc_content(observed: npt.NDArray[np.float64]) -> GcContent:
    """Reads by GC percent, and the normal curve around their mode.

    The mode is the mean of the bins next to the highest that stay above 90 % of it, unless they
    run off an end; the deviation is taken about the mode with n - 1. One read or less has no curve.

    Args:
        observed: float64 [101].
    """
    counts = observed.tolist()
    # One after another, as Java does: whether one read adds up to 1 depends on it, and Python's sum() is more exact.
    total = reduce(add, counts)
    mode = _mode(counts)
    if total <= 1:
        return GcContent(counts=tuple(counts), theory=(0.0,) * len(counts))
    variance = sum((percent - mode) ** 2 * reads for percent, reads in enumerate(counts)) / (total - 1)
    return GcContent(counts=tuple(counts), theory=tuple(_normal(len(counts), mode, variance, total)))


def _mode(counts: list[float]) -> float:
    peak = counts.index(max(counts))
    threshold = counts[peak] - counts[peak] / 10
    top = next((i for i in range(peak, len(counts)) if counts[i] <= threshold), None)
    bottom = next((i for i in range(peak - 1, -1, -1) if counts[i] <= threshold), None)
    if top is None or bottom is None:
        return float(peak)
    near = range(bottom + 1, top)
    return sum(near) / len(near)


def _normal(bins: int, mean: float, variance: float, total: float) -> list[float]:
    if variance == 0:
        return [total if percent == mean else 0.0 for percent in range(bins)]
    scale = total / math.sqrt(2 * math.pi * variance)
    return [scale * math.exp(-((percent - mean) ** 2) / (2 * variance)) for percent in range(bins)]


def length_distribution(lengths: Lengths) -> LengthDistribution:
    """Reads by length in at most about 50 bins of width 1, 2 or 5 x 10^n."""
    if not len(lengths.bases):
        return LengthDistribution()
    low, high = max(int(lengths.bases[0]) - 1, 0), lengths.longest + 1
    width = next(
        w
        for power in count()
        for w in (10**power, 2 * 10**power, 5 * 10**power)
        if (high - low) // w <= _MOST_INTERVALS
    )
    starts = list(range(low // width * width, high + 1, width))
    ends = [min(start + width - 1, high) for start in starts]
    reads = np.concatenate([[0], np.cumsum(lengths.reads)])
    counts = np.diff(reads[np.searchsorted(lengths.bases, [*starts, high + 1])]).tolist()
    return LengthDistribution(starts=tuple(starts), ends=tuple(ends), counts=tuple(counts))
