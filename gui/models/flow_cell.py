"""The tiles of an Illumina flow cell as they lie: strips from top to bottom, tiles along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.collectors.results import TileYield
from engine.report.plots.flow_cell import Strip, tile_place
from gui.models.plot_axes import Ticks
from gui.models.plot_heat import UNKNOWN, Shades
from gui.models.plot_series import Values, floats

_FAINTEST = 20
"""Shade of the least value: to be told from a place without a tile."""

_STRONGEST = UNKNOWN - 1


@dataclass(frozen=True, slots=True)
class FlowCell:
    """A map of tiles.

    Attributes:
        strips: from top to bottom; ``None`` is the gap between two surfaces or lanes.
        along: numbers of tiles from left to right.
        index: int64 [strips, along], place of each tile in the results, -1 where there is none.
    """

    strips: tuple[Strip | None, ...]
    along: tuple[int, ...]
    index: npt.NDArray[np.int64]

    @property
    def legend(self) -> str:
        """What the name of a strip stands for: ``1 bot 3 is lane 1, bottom, swath 3``; empty where they have none."""
        # The last of a flow cell lies on its bottom, whose name is the shortest.
        last = next((strip for strip in reversed(self.strips) if strip is not None and strip.words), None)
        return "" if last is None else f"{last.name} is {last.words}"

    def tile_at(self, column: int, height: float) -> int | None:
        """Place in the results of the tile in a column, ``height`` strips from the foot; ``None``: there is none."""
        row = len(self.strips) - 1 - int(height)
        if not (0 <= row < len(self.strips) and 0 <= column < len(self.along)):
            return None
        found = int(self.index[row, column])
        return None if found < 0 else found

    def height_of(self, tile: int) -> float:
        """How far from the foot the middle of a tile's strip is, strips."""
        row = int(np.argwhere(self.index == tile)[0, 0])
        return len(self.strips) - row - 0.5

    def column(self, column: int) -> list[int]:
        """Places in the results of the tiles in a column."""
        return [int(tile) for tile in self.index[:, column] if tile >= 0]

    def strip_ticks(self, low: float, high: float, most: int) -> Ticks:
        """Names of strips at their middles, as many as there is room for."""
        named = [
            (len(self.strips) - row - 0.5, strip.name) for row, strip in enumerate(self.strips) if strip is not None
        ]
        inside = [(place, name) for place, name in reversed(named) if low <= place <= high]
        return inside[:: max(1, -(-len(inside) // max(1, most)))]

    def tile_ticks(self, low: float, high: float, most: int) -> Ticks:
        """Numbers of tiles at their middles, as many as there is room for."""
        inside = [(at + 0.5, str(tile)) for at, tile in enumerate(self.along) if low <= at + 0.5 <= high]
        return inside[:: max(1, -(-len(inside) // max(1, most)))]


def flow_cell(result: TileYield, along: tuple[int, ...] | None = None) -> FlowCell:
    """Where the tiles of ``result`` lie, among those ``along`` the strips of all flow cells if there are more."""
    places = [tile_place(lane, tile) for lane, tile in zip(result.lanes, result.tiles, strict=True)]
    strips: list[Strip | None] = []
    for strip in sorted({strip for strip, _ in places}):
        if strips and strips[-1] is not None and strips[-1][:2] != strip[:2]:
            strips.append(None)
        strips.append(strip)
    along = tuple(sorted({at for _, at in places})) if along is None else along
    rows = {strip: row for row, strip in enumerate(strips)}
    columns = {at: column for column, at in enumerate(along)}
    index = np.full((len(strips), len(along)), -1, dtype=np.int64)
    for place, (strip, at) in enumerate(places):
        index[rows[strip], columns[at]] = place
    return FlowCell(tuple(strips), along, index)


def cell_shades(cell: FlowCell, values: Values, low: float, high: float) -> Shades:
    """The shade of each tile, uint8 [strips, along], the first strip on top: the stronger the nearer to ``high``."""
    known = floats(values)
    share = np.clip((known - low) / max(high - low, 1e-9), 0, 1)
    shades = np.where(np.isfinite(known), np.rint(_FAINTEST + (_STRONGEST - _FAINTEST) * np.nan_to_num(share)), UNKNOWN)
    # What is -1 takes the last place, which is no tile.
    return np.ascontiguousarray(np.append(shades, UNKNOWN).astype(np.uint8)[cell.index])


def value_marks(low: float, high: float, texts: Sequence[str]) -> dict[float, str]:
    """What to write beside the scale, evenly from ``low`` to ``high``: by share of the scale, -1..1."""
    foot = 2 * _FAINTEST / _STRONGEST - 1
    steps = max(1, len(texts) - 1)
    return {foot + (1 - foot) * number / steps: text for number, text in enumerate(texts)} if high > low else {}
