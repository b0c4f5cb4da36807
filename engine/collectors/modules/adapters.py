"""Adapter content.

As in FastQC 0.12.1 (``AdapterContent``): a read counts from where a probe first occurs to the last place
where one could; a group of places is the mean over them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.collectors.adapters import AdapterHits
from engine.collectors.base import Table
from engine.collectors.modules.groups import cycle_groups
from engine.collectors.results import AdapterContent
from kernels.probes import FAR_STEP, NEAR

Groups = list[tuple[int, int]]


def adapter_content(hits: AdapterHits, reads: int, longest: int) -> AdapterContent:
    """Percent of reads with each adapter at or before a place.

    Args:
        hits: where adapters begin.
        reads: all reads.
        longest: bases of the longest read.
    """
    names = tuple(adapter.name for adapter in hits.adapters)
    if longest <= hits.longest_probe:
        return AdapterContent(names=names, percent=((),) * len(names), too_short=True)
    positions = longest - hits.longest_probe + 1
    groups = cycle_groups(positions)
    near, far = hits.hits(positions)
    return AdapterContent(
        starts=tuple(first for first, _ in groups),
        ends=tuple(last for _, last in groups),
        names=names,
        percent=tuple(tuple(_group_means(near[i], far[i], groups, reads).tolist()) for i in range(len(names))),
    )


def _group_means(near: Table, far: Table, groups: Groups, reads: int) -> npt.NDArray[np.float64]:
    percents = np.cumsum(near) * 100.0 / reads
    first_far = next((i for i, (_, last) in enumerate(groups) if last > NEAR), len(groups))
    firsts = np.array([first for first, _ in groups])
    lasts = np.array([last for _, last in groups])
    means = np.zeros(len(groups))
    if first_far:
        end = lasts[first_far - 1]
        means[:first_far] = np.add.reduceat(percents[:end], firsts[:first_far] - 1)
    for i in range(first_far, len(groups)):
        means[i] = _reads_by_place(near, far, int(firsts[i]), int(lasts[i])) * 100.0 / reads
    return np.asarray(means / (lasts - firsts + 1))


def _reads_by_place(near: Table, far: Table, first: int, last: int) -> int:
    """Reads with an adapter at or before each place of a group, summed over the group; where bins end groups do.

    A read whose adapter begins at place p of the group is counted at last - p + 1 of its places.
    """
    width = last - first + 1
    places = np.arange(1, len(near) + 1)
    within = (places >= first) & (places <= last)
    total = int(near[places < first].sum()) * width + int((near * (last - places + 1))[within].sum())
    bins = slice(-(-first // FAR_STEP), last // FAR_STEP + 1)
    total += int(far[: bins.start, 0].sum()) * width
    # Sums are of bases counted from 0: place p is base p - 1.
    return total + int(far[bins, 0].sum()) * last - int(far[bins, 1].sum())
