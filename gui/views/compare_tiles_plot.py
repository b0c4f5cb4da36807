"""The flow cells of several runs below each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.models.compare import SERIES, Compared, names_apart
from gui.models.compare_choice import MOST
from gui.models.compare_tiles import (
    TILE_MAPS,
    Panel,
    heading_strips,
    least_words,
    panel_at,
    panels,
    strip_ticks,
    tile_words,
)
from gui.models.plot_axes import Ticks
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.views.compared_plot import ComparedPlot
from gui.views.plots.flow_cell_plots import AXIS_WIDTH, STRIP_LABEL, STRIP_SHORT
from gui.views.plots.heat import HeatMap, HeatScale, depth_colors, shade_colors
from gui.views.plots.picture import Cell, Table
from gui.views.plots.trace import Trace

_HEADING = 18
"""Pixels above each flow cell, for its name."""

_KEY, _AFTER_KEY = 14, 5
_LEAST_HEIGHT, _MORE_HEIGHT = 300, 40


class _Headings(Trace):
    """The name of each run above its flow cell, behind a stroke in the colour it has in the other plots."""

    def __init__(self) -> None:
        super().__init__()
        self._panels: Sequence[Panel] = ()
        self._font = font("note")
        self._metrics = QFontMetricsF(self._font)

    def set_panels(self, panels_: Sequence[Panel]) -> None:
        self._panels = panels_
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        place = self.sceneTransform()
        back, is_possible = place.inverted()
        if not is_possible:
            return
        area = place.mapRect(self.boundingRect())
        painter.save()
        # Letters must not be as wide as tiles.
        painter.setWorldTransform(back * painter.worldTransform())
        painter.setFont(self._font)
        for panel in self._panels:
            middle = place.map(QPointF(0.0, panel.top)).y() - _HEADING / 2
            pen = QPen(theme().color(SERIES[panel.number]), 2.5)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QLineF(area.left() + 1, middle, area.left() + _KEY, middle))
            painter.setPen(theme().color("text"))
            left = area.left() + _KEY + _AFTER_KEY
            room = area.right() - left
            name = self._metrics.elidedText(panel.name, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QPointF(left, middle + self._metrics.capHeight() / 2), name)
        painter.restore()


class CompareTilesPlot(ComparedPlot):
    """A map a run, with its name above, in the same shades and with the same tiles along them."""

    def __init__(self, card: str) -> None:
        self._maps = TILE_MAPS[card]
        self._panels: list[Panel] = []
        super().__init__(
            self._maps.title,
            self._maps.note,
            x_label="tile along the lane (number)",
            y_label=STRIP_LABEL,
            module=BEYOND[card],
        )
        colors = shade_colors if self._maps.is_apart else depth_colors
        self._heats = [HeatMap(colors) for _ in range(MOST)]
        self._headings = _Headings()
        self._scale = HeatScale({}, colors)
        self.canvas.add(*self._heats, self._headings)
        self.canvas.add_at_right(self._scale)
        self.canvas.y_axis.set_label(STRIP_LABEL, STRIP_SHORT)
        self.canvas.y_axis.setMaximumWidth(AXIS_WIDTH)
        self.canvas.y_axis.setMinimumWidth(AXIS_WIDTH)
        self.canvas.x_axis.ticker = self._tile_ticks
        self.canvas.y_axis.ticker = lambda low, high, most: strip_ticks(self._panels, low, high, 2 * most)
        # Names are as high whatever the height, so all else is put anew.
        self.canvas.y_axis.geometryChanged.connect(self._stack_up)

    @property
    def named(self) -> list[str]:
        """Runs that have a map, as they are named above it."""
        return [panel.name for panel in self._panels]

    def set_runs(self, runs: Sequence[Compared]) -> None:
        """Compare ``runs``, six at most."""
        super().set_runs(runs)
        self.setMinimumHeight(_LEAST_HEIGHT + _MORE_HEIGHT * max(0, len(self._runs) - 2))

    def is_told(self, runs: Sequence[Compared]) -> bool:
        """Only where names of reads tell the tile."""
        return any(run.results.tile_yield is not None for run in runs)

    def table(self) -> Table:
        """One row a tile of a run."""
        self.refresh()
        rows: list[list[Cell]] = []
        for panel in self._panels:
            result = panel.result
            columns = (result.lanes, result.tiles, result.reads, result.bases, result.mean_quality)
            rows.extend([panel.name, *row] for row in zip(*columns, strict=True))
        return ["run", "lane", "tile", "reads", "bases", "mean quality (Phred)"], rows

    def _draw(self) -> bool:
        self._stack_up()
        return bool(self._panels) and bool(len(self._known()))

    def _known(self) -> Array:
        values = np.concatenate([panel.values for panel in self._panels])
        known: Array = values[np.isfinite(values)]
        return known

    def _stack_up(self) -> None:
        build = partial(panels, self._maps, self._runs, names_apart(self._runs))
        heading = heading_strips(build(), self.canvas.plot_area().height(), _HEADING)
        self._panels = build(heading)
        known = self._known() if self._panels else np.empty(0)
        for heat in self._heats:
            heat.setVisible(False)
        self._headings.set_panels(self._panels)
        if not len(known):
            return
        self.set_note(" · ".join(part for part in (self._maps.note, self._panels[0].cell.legend) if part))
        low, high = self._maps.limits(known)
        columns = float(len(self._panels[0].cell.along))
        for heat, panel in zip(self._heats, self._panels, strict=False):
            rows = float(len(panel.cell.strips))
            heat.set_shades(self._maps.shades(panel, low, high), QRectF(0.0, panel.foot, columns, rows))
            heat.setVisible(True)
        self._scale.set_marks(self._maps.marks(low, high))
        self.canvas.set_ranges((0.0, columns), (0.0, self._panels[0].top + heading))
        # The same range may hold other tiles.
        self.canvas.x_axis.set_range(*self.canvas.x_range)
        self.canvas.y_axis.set_range(*self.canvas.y_range)

    def _tile_ticks(self, low: float, high: float, most: int) -> Ticks:
        return self._panels[0].cell.tile_ticks(low, high, most) if self._panels else []

    def _stops(self) -> Array:
        count = len(self._panels[0].cell.along) if self._panels else 0
        return np.arange(count, dtype=np.float64) + 0.5

    def _value(self, stop: int) -> tuple[float | None, str]:
        height = self.canvas.pointer_y
        if height is None:
            return None, least_words(self._maps, self._panels, stop)
        panel = panel_at(self._panels, height)
        tile = None if panel is None else panel.cell.tile_at(stop, height - panel.foot)
        if panel is None or tile is None:
            return None, "no tile" if panel is not None else ""
        return panel.foot + panel.cell.height_of(tile), tile_words(self._maps, self._panels, panel, tile)
