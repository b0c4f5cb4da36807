"""What the qualities of each cycle come to: how many, their sum, and percentiles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Table = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


def quality_ranks_reference(counts: Table, percents: Table, totals: Table, sums: Table, firsts: Table) -> None:
    """Plain twin of `quality_ranks`."""
    totals[:] = counts.sum(axis=1)
    sums[:] = counts @ np.arange(counts.shape[1])
    cumulative = counts.cumsum(axis=1)
    for row, percent in enumerate(percents.tolist()):
        firsts[row] = (cumulative >= (totals * percent // 100)[:, None]).argmax(axis=1)


@kernel("void(int64[:, ::1], int64[::1], int64[::1], int64[::1], int64[:, ::1])")
def quality_ranks(counts: Table, percents: Table, totals: Table, sums: Table, firsts: Table) -> None:
    """Sums over the qualities of each cycle, and the first quality at which a share of its bases is reached.

    Args:
        counts: int64 [cycles, n_qualities], bases by quality.
        percents: int64 [n], shares of the bases, ascending, each rounded down to whole bases.
        totals: int64 [cycles], to fill: bases.
        sums: int64 [cycles], to fill: the sum of their qualities.
        firsts: int64 [n, cycles], to fill: the quality; 0 where there are no bases.
    """
    ranks = np.empty(len(percents), np.int64)
    for cycle in range(len(counts)):
        total = np.int64(0)
        weighted = np.int64(0)
        for quality in range(counts.shape[1]):
            total += counts[cycle, quality]
            weighted += quality * counts[cycle, quality]
        totals[cycle] = total
        sums[cycle] = weighted
        for row in range(len(percents)):
            ranks[row] = total * percents[row] // 100
        below = np.int64(0)
        row = 0
        for quality in range(counts.shape[1]):
            below += counts[cycle, quality]
            while row < len(percents) and below >= ranks[row]:
                firsts[row, cycle] = quality
                row += 1
            if row == len(percents):
                break


def add_group_means_reference(
    totals: Table, sums: Table, firsts: Table, enough: int, groups: Table, values: Values, cycles: Table
) -> None:
    """Plain twin of `add_group_means`."""
    for cycle, group in enumerate(groups.tolist()):
        if totals[cycle]:
            values[0, group] += sums[cycle] / totals[cycle]
            cycles[0, group] += 1
        if totals[cycle] > enough:
            values[1:, group] += firsts[:, cycle]
            cycles[1, group] += 1


@kernel("void(int64[::1], int64[::1], int64[:, ::1], int64, int64[::1], float64[:, ::1], int64[:, ::1])")
def add_group_means(
    totals: Table, sums: Table, firsts: Table, enough: int, groups: Table, values: Values, cycles: Table
) -> None:
    """Adds up what cycles have, one after another, for the mean over each group: any other order rounds otherwise.

    Args:
        totals: int64 [cycles], bases.
        sums: int64 [cycles], the sum of their qualities.
        firsts: int64 [n, cycles], percentiles.
        enough: cycles of so many bases or fewer have no percentiles.
        groups: int64 [cycles], which group each is of.
        values: float64 [1 + n, n_groups], means and percentiles, to add to.
        cycles: int64 [2, n_groups], cycles with a mean, and with percentiles, to add to.
    """
    for cycle in range(len(totals)):
        group = groups[cycle]
        if totals[cycle]:
            values[0, group] += sums[cycle] / totals[cycle]
            cycles[0, group] += 1
        if totals[cycle] > enough:
            for row in range(len(firsts)):
                values[1 + row, group] += firsts[row, cycle]
            cycles[1, group] += 1
