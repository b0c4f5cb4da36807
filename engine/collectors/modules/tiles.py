"""Quality and yield by tile.

Quality as in FastQC 0.12.1 (``PerTileQualityScores``): the mean of each tile less the mean over the tiles. Sums run
one after another in FastQC's order, for differences of near numbers show every rounding.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.collectors.modules.groups import cycle_groups
from engine.collectors.results import OLD_OFFSET, Floats, TileQuality, TileYield
from engine.collectors.tile_yield import TileTotals
from engine.collectors.tiles import TileSums
from kernels.qualities import OFFSET

Matrix = npt.NDArray[np.float64]


def tile_quality(tiles: TileSums, lowest: int) -> TileQuality:
    """How far each tile's mean quality is from the average of the tiles, by cycle.

    Args:
        tiles: see `TileSums`.
        lowest: the lowest quality character of all reads.
    """
    groups = cycle_groups(tiles.sums.shape[1])
    average, deviation = _deviations(tiles, groups, OFFSET)
    return TileQuality(
        starts=tuple(first for first, _ in groups),
        ends=tuple(last for _, last in groups),
        tiles=tuple(tiles.tiles.tolist()),
        average=average,
        deviation=deviation,
        deviation_by_64=_deviations(tiles, groups, OLD_OFFSET)[1] if lowest >= OLD_OFFSET else (),
    )


def tile_yield(totals: TileTotals) -> TileYield:
    """Reads, bases and mean quality of each tile."""
    return TileYield(
        lanes=tuple(totals.lanes.tolist()),
        tiles=tuple(totals.tiles.tolist()),
        reads=tuple(totals.values[:, 0].tolist()),
        bases=tuple(totals.values[:, 1].tolist()),
        mean_quality=tuple(total / bases if bases else None for _, bases, total in totals.values.tolist()),
    )


def _deviations(
    tiles: TileSums, groups: list[tuple[int, int]], offset: int
) -> tuple[tuple[float, ...], tuple[Floats, ...]]:
    """The average over the tiles by group, and how far each tile is from it."""
    means, reached = _group_means(tiles, groups, offset)
    average = np.zeros(len(groups))
    for row in means:
        average += row
    average /= len(tiles.tiles)
    deviation = tuple(
        tuple(value if there else None for value, there in zip(row, flags, strict=True))
        for row, flags in zip((means - average).tolist(), reached.tolist(), strict=True)
    )
    return tuple(average.tolist()), deviation


def _group_means(tiles: TileSums, groups: list[tuple[int, int]], offset: int) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """float64 [tiles, groups], the mean over a group of the cycles' means, 0 where no read gets; and where one does."""
    count = len(tiles.tiles)
    totals, cycles = np.zeros((len(groups), count)), np.zeros((len(groups), count))
    reads = np.ascontiguousarray(tiles.reads.T)
    qualities = tiles.sums.T - offset * reads
    for group, (first, last) in enumerate(groups):
        for cycle in range(first - 1, last):
            totals[group] += qualities[cycle] / np.maximum(reads[cycle], 1)
            cycles[group] += reads[cycle] > 0
    reached = cycles > 0
    return np.ascontiguousarray((totals / np.maximum(cycles, 1)).T), np.ascontiguousarray(reached.T)
