"""A table of deviations as shades: numbers in, one byte a place out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.collectors.results import TileQuality
from gui.models.plot_axes import Ticks

Shades = npt.NDArray[np.uint8]

UNKNOWN = 255
"""The shade of a place that no read reaches; all others are 0..254, the middle one for no deviation."""

MIDDLE = 127
FULL = 10.0
"""Deviation, Phred, from which shades grow no stronger: where FastQC's verdict is a failure."""

_MOST_COLUMNS = 1200


def shade(deviations: npt.NDArray[np.float64]) -> Shades:
    """The shade of each deviation (Phred), uint8 of the same shape.

    It grows with the square root: one Phred is to be seen beside ten.
    """
    share = np.sign(deviations) * np.sqrt(np.clip(np.abs(deviations) / FULL, 0, 1))
    return np.where(np.isfinite(deviations), np.rint(MIDDLE * (1 + np.nan_to_num(share))), UNKNOWN).astype(np.uint8)


def tile_shades(result: TileQuality) -> Shades:
    """Shades of all tiles, uint8 [tiles, columns]: a column a base, or fewer of a very long read.

    The last row is the first tile: row 0 stands at the top.
    """
    values = np.array(
        [[np.nan if value is None else value for value in row] for row in result.deviation], dtype=np.float64
    )
    count = min(result.ends[-1], _MOST_COLUMNS)
    bases = (np.arange(count) + 0.5) * (result.ends[-1] / count) + 0.5
    groups = np.minimum(np.searchsorted(np.asarray(result.ends) + 0.5, bases), len(result.ends) - 1)
    return np.ascontiguousarray(shade(values)[::-1, groups])


def worst_tile(result: TileQuality, group: int) -> int | None:
    """Index of the tile that is furthest below the others in a group of positions; ``None`` where none is known."""
    known = [(row[group], index) for index, row in enumerate(result.deviation)]
    return min(((value, index) for value, index in known if value is not None), default=(0.0, None))[1]


def tile_ticks(tiles: Sequence[int], low: float, high: float, most: int) -> Ticks:
    """Names of tiles at the middles of their rows, as many as there is room for, evenly."""
    first, last = max(0, int(np.ceil(low - 0.5))), min(len(tiles) - 1, int(np.floor(high - 0.5)))
    every = max(1, -(-(last - first + 1) // max(1, most)))
    return [(index + 0.5, str(tiles[index])) for index in range(first, last + 1, every)]
