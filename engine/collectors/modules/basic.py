"""Basic statistics."""

from __future__ import annotations

import numpy as np

from engine.collectors.base import Table
from engine.collectors.results import BasicStatistics
from kernels.collectors.bases import BASES
from kernels.qualities import OFFSET

_A, _C, _G, _T = (BASES.index(base) for base in b"ACGT")


def basic_statistics(lengths: Table, bases: Table, by_quality: Table) -> BasicStatistics:
    """Counts over all reads.

    Args:
        lengths: int64 [longest + 1], reads by length.
        bases: int64 [5, longest], bases by cycle.
        by_quality: int64 [94], bases by Phred quality.
    """
    used = np.flatnonzero(lengths)
    if not len(used):
        return BasicStatistics()
    totals = bases.sum(axis=1)
    known = int(totals[[_A, _C, _G, _T]].sum())
    scored = int(by_quality.sum())
    present = np.flatnonzero(by_quality)
    return BasicStatistics(
        reads=int(lengths.sum()),
        bases=int(lengths @ np.arange(len(lengths))),
        shortest=int(used[0]),
        longest=int(used[-1]),
        gc_percent=100 * int(totals[_G] + totals[_C]) / known if known else 0.0,
        mean_quality=int(by_quality @ np.arange(len(by_quality))) / scored if scored else 0.0,
        q20_bases=int(by_quality[20:].sum()),
        q30_bases=int(by_quality[30:].sum()),
        lowest_quality_byte=int(present[0]) + OFFSET if scored else 0,
        highest_quality_byte=int(present[-1]) + OFFSET if scored else 0,
    )
