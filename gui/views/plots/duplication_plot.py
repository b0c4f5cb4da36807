"""How often the same sequence occurs."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import DUPLICATION_LEVELS, Duplication
from gui.models.plot_axes import Ticks, top
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, columns, known_heights
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.trace import Trace

_LEVELS = len(DUPLICATION_LEVELS)
_MIDDLES = np.arange(_LEVELS, dtype=np.float64)
_HALF = 0.38


class DuplicationPlot(PlotCard):
    """Percent of reads by how often their sequence occurs."""

    def __init__(self) -> None:
        super().__init__(
            "Sequence Duplication Levels",
            "",
            x_label="times that a sequence occurs",
            y_label="% of reads",
            module=module_of("duplication"),
        )
        self._area = Trace(fill="accent", opacity=0.35, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self.canvas.x_axis.ticker = level_ticks
        self._result: Duplication | None = None

    def table(self) -> Table:
        """One row a level."""
        result = self._result or Duplication()
        rows = zip(DUPLICATION_LEVELS, result.percent, strict=False)
        return ["times that a sequence occurs", "reads (%)"], [list(row) for row in rows]

    def _draw(self) -> bool:
        result = self._result
        if result is None or len(result.percent) != _LEVELS:
            return False
        self._top = min(100.0, top(max(result.percent), self._top))
        outline = columns(_MIDDLES - _HALF, _MIDDLES + _HALF, known_heights(result.percent, 1.0))
        self._area.set_area([outline])
        self._edge.set_line(outline)
        self.set_note(f"{result.remaining:.1f} % would remain")
        self.canvas.set_ranges((-0.6, _LEVELS - 0.4), (0.0, self._top))
        return True

    def _stops(self) -> Array:
        return _MIDDLES if self._result is not None and self._result.percent else _MIDDLES[:0]

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or Duplication()
        return result.percent[stop], f"{level_words(stop)}\n{result.percent[stop]:.2f} % of reads"


def level_ticks(low: float, high: float, most: int) -> Ticks:
    """Levels within ``low``..``high``, all of them or evenly every second or third."""
    shown = [level for level in range(_LEVELS) if low <= level <= high]
    # A level is about half as wide as a usual tick.
    every = max(1, -(-len(shown) // (2 * most)))
    return [(float(level), DUPLICATION_LEVELS[level]) for level in shown[::every]]


def level_words(level: int) -> str:
    """What a level of duplication means."""
    label = DUPLICATION_LEVELS[level]
    if label == "1":
        return "sequences that occur once"
    return f"sequences that occur {label.replace('>', 'more than ').rstrip('+')} times"
