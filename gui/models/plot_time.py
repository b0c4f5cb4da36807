"""Yield over time and by channel as places and words: numbers in, arrays out."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import YieldOverTime
from gui.models.plot_series import Array, Line

_HOUR = 3600.0


def bin_edges(result: YieldOverTime) -> tuple[Array, Array]:
    """Where each bin begins and ends, float64 [n_bins] each, hours since the first one began."""
    starts = np.asarray(result.starts, dtype=np.float64)
    left = (starts - (starts[0] if len(starts) else 0.0)) / _HOUR
    return left, left + result.seconds / _HOUR


def per_bin(seconds: int) -> str:
    """``per minute``, ``per 8 min``, ``per 2 h 8 min``."""
    hours, minutes = divmod(seconds // 60, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return "per minute" if seconds == 60 else f"per {' '.join(parts) or f'{seconds} s'}"


def clock(hours: float) -> str:
    """``3:05 h``: hours and minutes since the first read."""
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02} h"


def steps(left: Array, right: Array, values: Array) -> Line:
    """Level steps, each over its bin; the line breaks where bins are left out or nothing is known.

    Returns:
        A line of at most 3n points.
    """
    x, y = np.column_stack((left, right)).ravel(), np.repeat(values, 2)
    gaps = np.flatnonzero(~np.isclose(right[:-1], left[1:]))
    return Line(np.insert(x, 2 * gaps + 2, right[gaps]), np.insert(y, 2 * gaps + 2, np.nan))
