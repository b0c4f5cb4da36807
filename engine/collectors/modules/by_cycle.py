"""Modules by cycle: quality, base content, N content.

Definitions as in FastQC 0.12.1: ``PerBaseQualityScores``, ``QualityCount``,
``PerBaseSequenceContent``, ``NContent``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Groups, Table
from engine.collectors.results import BaseContent, BaseQuality, Floats, NContent
from kernels.collectors.bases import BASES
from kernels.collectors.quality_ranks import add_group_means

Ranks = Callable[[int, int, Table, int], tuple[Table, Table, Table]]

_ENOUGH = 100
"""Bases: with so many or fewer a cycle has no percentiles (FastQC 0.12.1, ``PerBaseQualityScores``)."""

_PERCENTILES = np.array((10, 25, 50, 75, 90))
_PORTION = 4096
"""Cycles that are looked at together, for the table of a long read is large."""

_A, _C, _G, _T, _N = (BASES.index(base) for base in b"ACGTN")


def base_quality(ranks: Ranks, groups: Groups) -> BaseQuality:
    """Mean and percentiles of quality: each the mean over its group of the cycles' own.

    A percentile of a cycle is the first quality whose cumulative count reaches the share,
    rounded down, of the cycle's bases; cycles of 100 bases or fewer have none.

    Args:
        ranks: see `QualityCounts.ranks`.
        groups: see `cycle_groups`.
    """
    sums = np.zeros((1 + len(_PERCENTILES), len(groups)))
    cycles = np.zeros((2, len(groups)), np.int64)
    ends = np.array([last for _, last in groups], np.int64)
    for first in range(0, groups[-1][1] if groups else 0, _PORTION):
        last = min(first + _PORTION, groups[-1][1])
        of_group = np.searchsorted(ends, np.arange(first + 1, last + 1))
        add_group_means(*ranks(first, last, _PERCENTILES, _ENOUGH), _ENOUGH, of_group, sums, cycles)
    numbers = cycles[[0] + [1] * len(_PERCENTILES)]
    mean, low, lower, median, upper, high = (_quotients(*row) for row in zip(sums, numbers, strict=True))
    return BaseQuality(
        **_ends(groups),
        mean=mean,
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        percentile_10=low,
        percentile_90=high,
    )


def base_content(bases: Table, groups: Groups) -> BaseContent:
    """Percent of A, C, G and T among the four.

    Args:
        bases: int64 [5, n_groups], rows A, C, G, T, N.
        groups: see `cycle_groups`.
    """
    known = bases[[_A, _C, _G, _T]].sum(axis=0)
    a, c, g, t = (_percent(bases[row], known) for row in (_A, _C, _G, _T))
    return BaseContent(**_ends(groups), a=a, c=c, g=g, t=t)


def n_content(bases: Table, reaching: Table, groups: Groups) -> NContent:
    """Percent of N among all bases.

    Args:
        bases: int64 [5, n_groups], rows A, C, G, T, N.
        reaching: int64 [n_groups], all bases, whatever they are.
        groups: see `cycle_groups`.
    """
    return NContent(**_ends(groups), n=_percent(bases[_N], reaching))


def _ends(groups: Groups) -> dict[str, tuple[int, ...]]:
    return {"starts": tuple(first for first, _ in groups), "ends": tuple(last for _, last in groups)}


def _quotients(sums: npt.NDArray[np.float64], numbers: Table) -> Floats:
    return tuple(s / n if n else None for s, n in zip(sums.tolist(), numbers.tolist(), strict=True))


def _percent(parts: Table, wholes: Table) -> Floats:
    return tuple(
        part / whole * 100 if whole else None for part, whole in zip(parts.tolist(), wholes.tolist(), strict=True)
    )
