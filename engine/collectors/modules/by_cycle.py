"""Modules by cycle: quality, base content, N content.

Definitions as in FastQC 0.12.1: ``PerBaseQualityScores``, ``QualityCount``,
``PerBaseSequenceContent``, ``NContent``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.collectors.results import BaseContent, BaseQuality, Floats, NContent
from kernels.collectors.bases import BASES
from kernels.collectors.quality_ranks import quality_ranks

Groups = list[tuple[int, int]]

_ENOUGH = 100
"""Bases: with so many or fewer a cycle has no percentiles (FastQC 0.12.1, ``PerBaseQualityScores``)."""

_PERCENTILES = (10, 25, 50, 75, 90)
_PORTION = 4096
"""Cycles that are looked at together."""

_A, _C, _G, _T, _N = (BASES.index(base) for base in b"ACGTN")


def base_quality(rows: Callable[[int, int], Table], groups: Groups) -> BaseQuality:
    """Mean and percentiles of quality: each the mean over its group of the cycles' own.

    A percentile of a cycle is the first quality whose cumulative count reaches the share,
    rounded down, of the cycle's bases; cycles of 100 bases or fewer have none.

    Args:
        rows: gives int64 [last - first, 94], bases by quality, of cycles first .. last - 1 from 0.
        groups: see `cycle_groups`.
    """
    values: list[list[float | None]] = [[] for _ in range(1 + len(_PERCENTILES))]
    for some in _portions(groups):
        first, last = some[0][0] - 1, some[-1][1]
        for column, found in zip(
            values, _quality_values(rows(first, last), [(a - first, b - first) for a, b in some]), strict=True
        ):
            column.extend(found)
    mean, low, lower, median, upper, high = (tuple(column) for column in values)
    return BaseQuality(
        **_ends(groups),
        mean=mean,
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        percentile_10=low,
        percentile_90=high,
    )


def _portions(groups: Groups) -> Iterator[Groups]:
    """Consecutive groups of some thousand cycles together, for the table of a long read is large."""
    some: Groups = []
    for group in groups:
        if some and group[1] - some[0][0] >= _PORTION:
            yield some
            some = []
        some.append(group)
    if some:
        yield some


def _quality_values(qualities: Table, groups: Groups) -> list[Floats]:
    """Mean and each of `_PERCENTILES` by group."""
    totals, sums = np.empty((2, len(qualities)), np.int64)
    firsts = np.empty((len(_PERCENTILES), len(qualities)), np.int64)
    quality_ranks(qualities, np.array(_PERCENTILES), totals, sums, firsts)
    means = _group_means(sums / np.maximum(totals, 1), totals > 0, groups)
    return [means, *(_group_means(row.astype(np.float64), totals > _ENOUGH, groups) for row in firsts)]


def base_content(bases: Table, groups: Groups) -> BaseContent:
    """Percent of A, C, G and T among the four.

    Args:
        bases: int64 [5, cycles], rows A, C, G, T, N.
        groups: see `cycle_groups`.
    """
    counts = _group_sums(bases, groups)
    known = counts[[_A, _C, _G, _T]].sum(axis=0)
    a, c, g, t = (_percent(counts[row], known) for row in (_A, _C, _G, _T))
    return BaseContent(**_ends(groups), a=a, c=c, g=g, t=t)


def n_content(bases: Table, lengths: Table, groups: Groups) -> NContent:
    """Percent of N among all bases.

    Args:
        bases: int64 [5, cycles], rows A, C, G, T, N.
        lengths: int64 [cycles + 1], reads by length.
        groups: see `cycle_groups`.
    """
    reaching = lengths[::-1].cumsum()[::-1][1:]
    return NContent(
        **_ends(groups), n=_percent(_group_sums(bases[_N][None], groups)[0], _group_sums(reaching[None], groups)[0])
    )


def _ends(groups: Groups) -> dict[str, tuple[int, ...]]:
    return {"starts": tuple(first for first, _ in groups), "ends": tuple(last for _, last in groups)}


def _group_sums(rows: Table, groups: Groups) -> Table:
    if not groups:
        return np.zeros((len(rows), 0), np.int64)
    return np.add.reduceat(rows, [first - 1 for first, _ in groups], axis=1)


def _group_means(values: npt.NDArray[np.float64], usable: npt.NDArray[np.bool_], groups: Groups) -> Floats:
    """Adds up cycle by cycle, as FastQC does: in any other order the last digits are others."""
    if not groups:
        return ()
    group_of = np.repeat(np.arange(len(groups)), [last - first + 1 for first, last in groups])
    sums = np.bincount(group_of, np.where(usable, values, 0.0), len(groups))
    numbers = np.bincount(group_of, usable, len(groups))
    return tuple(s / n if n else None for s, n in zip(sums.tolist(), numbers.tolist(), strict=True))


def _percent(parts: Table, wholes: Table) -> Floats:
    return tuple(
        part / whole * 100 if whole else None for part, whole in zip(parts.tolist(), wholes.tolist(), strict=True)
    )
