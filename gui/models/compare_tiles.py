"""Flow cells of several runs below each other, in one scale: numbers in, places out, no window in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.collectors.results import TileYield
from engine.report.plots.flow_cell import tile_words as called
from gui.models import format as show
from gui.models.compare import Compared
from gui.models.flow_cell import FlowCell, cell_shades, flow_cell, value_marks
from gui.models.plot_axes import Ticks, written
from gui.models.plot_heat import MIDDLE, UNKNOWN, Shades
from gui.models.plot_series import Array, floats

_LEAST_SPREAD = 1.0
"""Phred; what is all but equal must not look like a pattern."""

_LEAST_SHARE, _MOST_SHARE = 10.0, 50.0
"""Percent from the mean at which shades are strongest: not below, for every flow cell has tiles a few percent apart,
and not above, for one tile that is all but empty would hide the others."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The flow cell of one run among those of others.

    Attributes:
        number: place of its run among all that are compared.
        name: of the run.
        result: its tiles.
        values: of each tile, float64 [tiles], NaN where not known.
        cell: where they lie.
        foot: where its lowest strip begins, strips from the foot of all.
    """

    number: int
    name: str
    result: TileYield
    values: Array
    cell: FlowCell
    foot: float

    @property
    def top(self) -> float:
        """Where its highest strip ends, strips from the foot of all."""
        return self.foot + len(self.cell.strips)

    def words_of(self, tile: int) -> str:
        """What a tile is called: ``lane 1, top, swath 1, tile 1101``."""
        return called(self.result.lanes[tile], self.result.tiles[tile])

    def same(self, other: Panel, tile: int) -> int | None:
        """Place in these results of a tile of ``other``; ``None`` where there is none.

        Of two runs of one lane each, it need not be the same lane.
        """
        any_lane = len(set(self.result.lanes)) == len(set(other.result.lanes)) == 1
        wanted = other.result.lanes[tile], other.result.tiles[tile]
        mine = zip(self.result.lanes, self.result.tiles, strict=True)
        return next(
            (at for at, (lane, number) in enumerate(mine) if number == wanted[1] and (any_lane or lane == wanted[0])),
            None,
        )


@dataclass(frozen=True, slots=True)
class TileMaps:
    """What is shown of each tile.

    Attributes:
        title: what it shows.
        note: what is drawn.
        values: of the tiles of one run, float64 [tiles], NaN where not known.
        limits: the values with the first and with the last shade, from all that are known.
        is_apart: whether shades go both ways from 0, in the middle of the limits.
        written: a value beside the scale.
        words: a value of a tile in words.
    """

    title: str
    note: str
    values: Callable[[TileYield], Array]
    limits: Callable[[Array], tuple[float, float]]
    is_apart: bool
    written: Callable[[float], str]
    words: Callable[[TileYield, int], str]

    def marks(self, low: float, high: float) -> dict[float, str]:
        """What to write beside the scale, by share of it, -1..1."""
        values = (low, (low + high) / 2, high)
        if self.is_apart:
            return {-1.0 + number: self.written(value) for number, value in enumerate(values)}
        return value_marks(low, high, [self.written(value) for value in values])

    def shades(self, panel: Panel, low: float, high: float) -> Shades:
        """The shade of each tile, uint8 [strips, along], the first strip on top."""
        if not self.is_apart:
            return cell_shades(panel.cell, panel.values.tolist(), low, high)
        share = np.clip(np.nan_to_num(panel.values) / high, -1, 1)
        shades = np.where(np.isfinite(panel.values), np.rint(MIDDLE * (1 + share)), UNKNOWN)
        return np.ascontiguousarray(np.append(shades, UNKNOWN).astype(np.uint8)[panel.cell.index])


def panels(maps: TileMaps, runs: Sequence[Compared], names: Sequence[str], heading: float = 0.0) -> list[Panel]:
    """The flow cells of ``runs`` that tell tiles, the first on top, with ``heading`` strips of room above each."""
    found = [(number, run.results.tile_yield) for number, run in enumerate(runs)]
    known = [(number, result) for number, result in found if result is not None and result.tiles]
    along = tuple(sorted({at for _, result in known for at in flow_cell(result).along}))
    stacked: list[Panel] = []
    foot = 0.0
    for number, result in reversed(known):
        cell = flow_cell(result, along)
        stacked.append(Panel(number, names[number], result, maps.values(result), cell, foot))
        foot = stacked[-1].top + heading
    return stacked[::-1]


def heading_strips(stacked: Sequence[Panel], height: float, heading: float) -> float:
    """How many strips are as high as ``heading``, where all are ``height`` with the headings, both in pixels."""
    strips = sum(len(panel.cell.strips) for panel in stacked)
    return heading * strips / max(height - heading * len(stacked), heading)


def strip_ticks(stacked: Sequence[Panel], low: float, high: float, most: int) -> Ticks:
    """Names of strips at their middles, as many as there is room for."""
    strips = sum(len(panel.cell.strips) for panel in stacked)
    return [
        (panel.foot + place, name)
        for panel in stacked
        for each in [most * len(panel.cell.strips) // strips]
        for place, name in panel.cell.strip_ticks(low - panel.foot, high - panel.foot, each)
    ]


def panel_at(stacked: Sequence[Panel], height: float) -> Panel | None:
    """The flow cell ``height`` strips from the foot; ``None`` on a heading."""
    return next((panel for panel in stacked if panel.foot <= height < panel.top), None)


def tile_words(maps: TileMaps, stacked: Sequence[Panel], panel: Panel, tile: int) -> str:
    """A tile of one flow cell, and the same one of the others."""
    lines = [panel.words_of(tile)]
    for other in stacked:
        same = tile if other is panel else other.same(panel, tile)
        lines.append(f"{'no such tile' if same is None else maps.words(other.result, same)}  {other.name}")
    return "\n".join(lines)


def least_words(maps: TileMaps, stacked: Sequence[Panel], column: int) -> str:
    """The least tile of a column of each flow cell."""
    lines = ["least of the column"]
    for panel in stacked:
        known = [(float(panel.values[tile]), tile) for tile in panel.cell.column(column)]
        least = min((entry for entry in known if np.isfinite(entry[0])), default=None)
        words = "no reads" if least is None else maps.words(panel.result, least[1])
        where = "" if least is None else f"tile {panel.result.tiles[least[1]]}: "
        lines.append(f"{where}{words}  {panel.name}")
    return "\n".join(lines)


def _from_mean(result: TileYield) -> Array:
    reads = np.asarray(result.reads, dtype=np.float64)
    shares: Array = 100 * reads / max(float(reads.mean()), 1e-9) - 100
    return shares


def _share_limits(known: Array) -> tuple[float, float]:
    most = float(np.clip(np.abs(known).max(), _LEAST_SHARE, _MOST_SHARE))
    return -most, most


def _share_written(value: float) -> str:
    return ("+" if value > 0 else "") + written(value, 0)


def _reads_words(result: TileYield, tile: int) -> str:
    share = float(_from_mean(result)[tile])
    return f"{show.plural(result.reads[tile], 'read')} ({'+' if share > 0 else ''}{written(share, 1)} %)"


def _quality(result: TileYield) -> Array:
    return floats(result.mean_quality)


def _quality_limits(known: Array) -> tuple[float, float]:
    low, high = float(known.min()), float(known.max())
    return min(low, high - _LEAST_SPREAD), high


def _quality_words(result: TileYield, tile: int) -> str:
    mean = result.mean_quality[tile]
    return "no bases" if mean is None else f"Q{mean:.1f}"


TILE_MAPS = {
    "yield by tile": TileMaps(
        "Reads by tile",
        "% from the mean tile of each run",
        _from_mean,
        _share_limits,
        True,
        _share_written,
        _reads_words,
    ),
    "quality by tile": TileMaps(
        "Quality by tile",
        "mean, Phred, one scale for all",
        _quality,
        _quality_limits,
        False,
        lambda value: f"Q{value:.1f}",
        _quality_words,
    ),
}
"""Maps of flow cells that runs are compared by, by card of :data:`gui.models.plot_modules.BEYOND`."""
