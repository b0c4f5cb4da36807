"""Positions in the read as a bottom axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.collectors.results import PositionGroups
from gui.models.plot_series import Array, centres
from gui.views.plots.picture import Cell, Table

X_LABEL = "position in read (bp)"


def position_range(ends: Sequence[int]) -> tuple[float, float]:
    """From before the first base to after the last, bp."""
    return 0.5, float(ends[-1]) + 0.5


def position_stops(groups: PositionGroups | None) -> Array:
    """The middle of each group, float64 [n], bp."""
    return np.empty(0) if groups is None else centres(groups.starts, groups.ends)


def position_words(groups: PositionGroups, index: int) -> str:
    """``base 75``, or ``bases 75`` to the end of the group."""
    start, end = groups.starts[index], groups.ends[index]
    return f"base {start:,}" if start == end else f"bases {start:,}\N{EN DASH}{end:,}"


def position_table(groups: PositionGroups, columns: Mapping[str, Sequence[Cell]]) -> Table:
    """One row a group of positions, its columns by their titles."""
    rows = zip(groups.starts, groups.ends, *columns.values(), strict=True)
    return ["position from (bp)", "position to (bp)", *columns], [list(row) for row in rows]
