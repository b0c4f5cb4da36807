"""Adapter content.

As in FastQC 0.12.1 (``AdapterContent``): a read counts from where a probe first occurs to the last place
where one could; a group of places is the mean over them.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import numpy as np

from engine.collectors.adapters import AdapterHits
from engine.collectors.base import Groups, Table
from engine.collectors.modules.groups import cycle_groups
from engine.collectors.results import AdapterContent
from kernels.collectors.probes import FAR_STEP, NEAR


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
        percent=tuple(_group_means(near[i], far[i], groups, reads) for i in range(len(names))),
    )


def _group_means(near: Table, far: Table, groups: Groups, reads: int) -> tuple[float, ...]:
    if not near.any() and not far.any():
        return (0.0,) * len(groups)
    percents = (np.cumsum(near) * 100.0 / reads).tolist()
    means = []
    for first, last in groups:
        if last <= NEAR:
            # One after another, as FastQC does, so that the last digit agrees.
            total = reduce(add, percents[first - 1 : last])
        else:
            total = _reads_by_place(near, far, first, last) * 100.0 / reads
        means.append(total / (last - first + 1))
    return tuple(means)


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
