"""Where on the flow cell reads are worse than elsewhere."""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QRectF

from engine.collectors.results import TileQuality
from engine.report.plots.flow_cell import tile_place
from engine.run.snapshot import RunSnapshot
from gui.models.plot_axes import Ticks, count_ticks, written
from gui.models.plot_heat import FULL, tile_shades, tile_ticks, worst_tile
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array
from gui.views.plots.heat import HeatMap, HeatScale
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.positions import X_LABEL, position_range, position_stops, position_table, position_words

_MARKS = {sign * sqrt(value / FULL): sign * value for sign in (1, -1) for value in (1.0, 5.0, FULL)} | {0.0: 0.0}
_SCALE = {share: f"{'+' if value > 0 else ''}{written(value, 0)}" for share, value in _MARKS.items()}


class TilePlot(PlotCard):
    """How far the mean quality of each tile is from the average of all tiles, at each position."""

    def __init__(self) -> None:
        super().__init__(
            "Per tile sequence quality",
            "Phred from the average",
            x_label=X_LABEL,
            y_label="tile",
            module=module_of("tile_quality"),
        )
        self._map = HeatMap()
        self.canvas.add(self._map)
        self.canvas.add_at_right(HeatScale(_SCALE))
        self.canvas.x_axis.ticker = count_ticks
        self.canvas.y_axis.ticker = self._ticks
        self._result: TileQuality | None = None

    def table(self) -> Table:
        """One row a group of positions, one column a tile."""
        result = self._result or TileQuality()
        tiles = zip(result.tiles, result.deviation, strict=True)
        return position_table(result, {f"tile {tile} (Phred)": deviation for tile, deviation in tiles})

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        return "No tile numbers in the names of these reads"

    def _draw(self) -> bool:
        result = self._result
        if result is None or not result.tiles or not result.starts:
            return False
        low, high = position_range(result.ends)
        rows = float(len(result.tiles))
        self._map.set_shades(tile_shades(result), QRectF(low, 0.0, high - low, rows))
        self.canvas.set_ranges((low, high), (0.0, rows))
        self.canvas.y_axis.set_range(0.0, rows)
        return True

    def _ticks(self, low: float, high: float, most: int) -> Ticks:
        return tile_ticks(self._result.tiles if self._result is not None else (), low, high, 2 * most)

    def _stops(self) -> Array:
        return position_stops(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or TileQuality()
        where = position_words(result, stop)
        row = worst_tile(result, stop) if self.canvas.pointer_y is None else int(self.canvas.pointer_y)
        if row is None or not 0 <= row < len(result.tiles):
            return None, where
        value = result.deviation[row][stop]
        words = "no reads" if value is None else f"{value:+.2f} Phred".replace("-", "\N{MINUS SIGN}")
        which = "worst tile" if self.canvas.pointer_y is None else "tile"
        lies = tile_place(0, result.tiles[row])[0].words
        lines = (where, f"{which} {result.tiles[row]}", lies, words)
        return row + 0.5, "\n".join(line for line in lines if line)
