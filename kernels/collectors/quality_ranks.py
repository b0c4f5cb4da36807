"""What the qualities of each cycle come to: how many, their sum, and percentiles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Table = npt.NDArray[np.int64]


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
