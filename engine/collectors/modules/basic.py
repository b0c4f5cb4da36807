"""Basic statistics."""

from __future__ import annotations

import numpy as np

from engine.collectors.base import Table
from engine.collectors.lengths import Lengths
from engine.collectors.results import BasicStatistics
from kernels.collectors.bases import BASES
from kernels.qualities import OFFSET

_A, _C, _G, _T = (BASES.index(base) for base in b"ACGT")


def basic_statistics(lengths: Lengths, bases: Table, by_quality: Table) -> BasicStatistics:
    """Counts over all reads.

    Args:
        lengths: of all reads.
        bases: int64 [5], bases in the order A, C, G, T, N.
        by_quality: int64 [94], bases by Phred quality.
    """
    if not len(lengths.bases):
        return BasicStatistics()
    known = int(bases[[_A, _C, _G, _T]].sum())
    scored = int(by_quality.sum())
    present = np.flatnonzero(by_quality)
    return BasicStatistics(
        reads=int(lengths.reads.sum()),
        bases=int(lengths.reads @ lengths.bases),
        shortest=int(lengths.bases[0]),
        longest=lengths.longest,
        gc_percent=100 * int(bases[_G] + bases[_C]) / known if known else 0.0,
        mean_quality=int(by_quality @ np.arange(len(by_quality))) / scored if scored else 0.0,
        q20_bases=int(by_quality[20:].sum()),
        q30_bases=int(by_quality[30:].sum()),
        lowest_quality_byte=int(present[0]) + OFFSET if scored else 0,
        highest_quality_byte=int(present[-1]) + OFFSET if scored else 0,
    )
