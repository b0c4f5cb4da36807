"""Yield and quality of nanopore reads by channel and over time."""

from __future__ import annotations

import numpy as np

from engine.collectors.base import Table
from engine.collectors.nanopore import NARROWEST, NanoporeYield
from engine.collectors.results import Floats, YieldByChannel, YieldOverTime


def yield_over_time(counted: NanoporeYield) -> YieldOverTime | None:
    """Reads by start time; ``None`` where headers do not tell it."""
    if not counted.is_told or not len(counted.bins):
        return None
    seconds = NARROWEST << counted.octave
    return YieldOverTime(
        seconds=seconds,
        starts=tuple((counted.bins * seconds).tolist()),
        reads=tuple(counted.by_time[:, 0].tolist()),
        bases=tuple(counted.by_time[:, 1].tolist()),
        mean_quality=_means(counted.by_time),
    )


def yield_by_channel(counted: NanoporeYield) -> YieldByChannel | None:
    """Reads by channel; ``None`` where headers do not tell it."""
    channels = np.flatnonzero(counted.by_channel[:, 0])
    if not counted.is_told or not len(channels):
        return None
    table = counted.by_channel[channels]
    return YieldByChannel(
        channels=tuple(channels.tolist()),
        reads=tuple(table[:, 0].tolist()),
        bases=tuple(table[:, 1].tolist()),
        mean_quality=_means(table),
    )


def _means(table: Table) -> Floats:
    return tuple(total / bases if bases else None for _, bases, total in table.tolist())
