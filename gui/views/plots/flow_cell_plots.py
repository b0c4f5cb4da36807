"""Where on the flow cell reads come from, and where they are good."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from engine.collectors.results import Floats, TileYield
from engine.report.plots.flow_cell import tile_place
from engine.run.snapshot import RunSnapshot
from gui.models import format as show
from gui.models.flow_cell import FlowCell, cell_shades, flow_cell, value_marks
from gui.models.plot_axes import Ticks, short
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array
from gui.views.plots.heat import HeatMap, HeatScale, depth_colors
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard

AXIS_WIDTH = 74
"""Names of strips are longer than numbers."""

STRIP_LABEL, STRIP_SHORT = "lane, top or bottom, swath", "lane, side, swath"

_LEAST_SPREAD = 1.0
"""Phred; what is all but equal must not look like a pattern."""


class FlowCellPlot(PlotCard):
    """The flow cell as a map, each tile in a shade; subclasses say of what."""

    def __init__(self, card: str, note: str) -> None:
        module = BEYOND[card]
        super().__init__(
            module.title,
            note,
            x_label="tile along the lane (number)",
            y_label=STRIP_LABEL,
            module=module,
        )
        self._map = HeatMap(depth_colors)
        self._scale = HeatScale({}, depth_colors)
        self.canvas.add(self._map)
        self.canvas.add_at_right(self._scale)
        self.canvas.y_axis.set_label(STRIP_LABEL, STRIP_SHORT)
        self.canvas.y_axis.setMaximumWidth(AXIS_WIDTH)
        self.canvas.y_axis.setMinimumWidth(AXIS_WIDTH)
        self.canvas.x_axis.ticker = self._tile_ticks
        self.canvas.y_axis.ticker = self._strip_ticks
        # With what the names of strips stand for, it is too long to stand beside the title.
        self._put_note_below()
        self.header.insertStretch(self.header.indexOf(self._title) + 1, 1)
        self._drawn = note
        self._result: TileYield | None = None
        self._cell: FlowCell | None = None

    def table(self) -> Table:
        """One row a tile."""
        result = self._result or TileYield()
        rows = zip(result.lanes, result.tiles, result.reads, result.bases, result.mean_quality, strict=True)
        return ["lane", "tile", "reads", "bases", "mean quality (Phred)"], [list(row) for row in rows]

    def _values(self, result: TileYield) -> Floats:
        """A number for each tile."""
        raise NotImplementedError

    def _limits(self, known: list[float]) -> tuple[float, float]:
        """The values with the faintest and with the strongest shade."""
        raise NotImplementedError

    def _written(self, value: float) -> str:
        """A number beside the scale."""
        raise NotImplementedError

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        if not super()._adopt(snapshot):
            return False
        result = self._result
        self._cell = flow_cell(result) if result is not None and result.tiles else None
        return True

    def _draw(self) -> bool:
        result, cell = self._result, self._cell
        known = [value for value in self._values(result) if value is not None] if result is not None else []
        if result is None or cell is None or not known:
            return False
        self.set_note(" · ".join(part for part in (self._drawn, cell.legend) if part))
        low, high = self._limits(known)
        columns, rows = float(len(cell.along)), float(len(cell.strips))
        self._map.set_shades(cell_shades(cell, self._values(result), low, high), QRectF(0.0, 0.0, columns, rows))
        texts = [self._written(value) for value in (low, (low + high) / 2, high)]
        self._scale.set_marks(value_marks(low, high, texts))
        self.canvas.set_ranges((0.0, columns), (0.0, rows))
        # The same range may hold other tiles.
        self.canvas.x_axis.set_range(*self.canvas.x_range)
        self.canvas.y_axis.set_range(*self.canvas.y_range)
        return True

    def _tile_ticks(self, low: float, high: float, most: int) -> Ticks:
        return self._cell.tile_ticks(low, high, most) if self._cell is not None else []

    def _strip_ticks(self, low: float, high: float, most: int) -> Ticks:
        return self._cell.strip_ticks(low, high, 2 * most) if self._cell is not None else []

    def _stops(self) -> Array:
        return np.arange(0 if self._cell is None else len(self._cell.along), dtype=np.float64) + 0.5

    def _value(self, stop: int) -> tuple[float | None, str]:
        result, cell = self._result, self._cell
        if result is None or cell is None:
            return None, ""
        if self.canvas.pointer_y is not None:
            tile = cell.tile_at(stop, self.canvas.pointer_y)
            return (None, "no tile") if tile is None else (cell.height_of(tile), _words(result, tile))
        values = self._values(result)
        known = [(value, tile) for tile in cell.column(stop) if (value := values[tile]) is not None]
        if not known:
            return None, "no reads"
        tile = min(known)[1]
        return cell.height_of(tile), f"least of its column\n{_words(result, tile)}"


class TileYieldPlot(FlowCellPlot):
    """How many reads each tile gave."""

    def __init__(self) -> None:
        super().__init__("yield by tile", "reads of each tile")

    def _values(self, result: TileYield) -> Floats:
        return result.reads

    def _limits(self, known: list[float]) -> tuple[float, float]:
        return 0.0, max(known)

    def _written(self, value: float) -> str:
        return short(float(f"{value:.2g}"))


class TileMeanQualityPlot(FlowCellPlot):
    """How good the bases of each tile are."""

    def __init__(self) -> None:
        super().__init__("quality by tile", "mean, Phred")

    def _values(self, result: TileYield) -> Floats:
        return result.mean_quality

    def _limits(self, known: list[float]) -> tuple[float, float]:
        low, high = min(known), max(known)
        return min(low, high - _LEAST_SPREAD), high

    def _written(self, value: float) -> str:
        return f"Q{value:.1f}"


def _words(result: TileYield, tile: int) -> str:
    quality = result.mean_quality[tile]
    mean = "" if quality is None else f", mean Q{quality:.1f}"
    where = tile_place(result.lanes[tile], result.tiles[tile])[0].words
    lines = (f"tile {result.tiles[tile]}", where, f"{show.plural(result.reads[tile], 'read')}{mean}")
    return "\n".join(line for line in lines if line)
