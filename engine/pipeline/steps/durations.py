"""How long stages took, in a checkpoint."""

from __future__ import annotations

from typing import Any

import numpy as np
from ddsketch import DDSketch

from engine.checkpoint.state import State

# The sketch can be written as a protocol buffer only, by a package that nothing else here needs; its few numbers are
# read and set directly.


def state_of(sketch: DDSketch) -> State:
    """A sketch of durations, for a checkpoint."""
    store = sketch._store
    bins = np.array(store.bins, np.float64)
    keys = np.flatnonzero(bins)
    return {
        "keys": keys + store.offset,
        "counts": bins[keys],
        "zeros": float(sketch._zero_count),
        "sum": float(sketch.sum),
        "least": float(sketch._min),
        "most": float(sketch._max),
    }


def durations_of(state: Any, accuracy: float) -> DDSketch:
    """The sketch that `state_of` was given.

    Args:
        state: what it gave.
        accuracy: of the sketch.

    Raises:
        KeyError: this is something else, as are `TypeError` and `ValueError`.
    """
    sketch = DDSketch(accuracy)
    for key, count in zip(state["keys"].tolist(), state["counts"].tolist(), strict=True):
        sketch._store.add(key, count)
    sketch._zero_count = float(state["zeros"])
    sketch._count = sketch._store.count + sketch._zero_count
    sketch._sum = float(state["sum"])
    sketch._min, sketch._max = float(state["least"]), float(state["most"])
    return sketch
