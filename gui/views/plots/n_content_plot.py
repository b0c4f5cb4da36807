"""Where bases could not be called."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import NContent
from gui.models.plot_axes import count_ticks, top
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, floats, ribbon, stairs
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.positions import X_LABEL, position_range, position_stops, position_table, position_words
from gui.views.plots.trace import Trace


class NContentPlot(PlotCard):
    """Share of N at each position."""

    _least_top = 5.0

    def __init__(self) -> None:
        super().__init__(
            "Per base N content",
            "bases not called",
            x_label=X_LABEL,
            y_label="% of bases",
            module=module_of("n_content"),
        )
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self.canvas.x_axis.ticker = count_ticks
        self._result: NContent | None = None

    def table(self) -> Table:
        """One row a group of positions."""
        result = self._result or NContent()
        return position_table(result, {"N (%)": result.n})

    def _draw(self) -> bool:
        result = self._result
        if result is None or not result.starts:
            return False
        line = stairs(result.starts, result.ends, result.n)
        highest = float(np.nanmax(floats((*result.n, 0.0))))
        self._top = min(100.0, max(self._least_top, top(highest, self._top)))
        self._area.set_area(ribbon(line._replace(y=np.where(np.isfinite(line.y), 0.0, np.nan)), line))
        self._edge.set_line(line)
        self.set_note("bases not called" if highest else "every base was called")
        self.canvas.set_ranges(position_range(result.ends), (0.0, self._top))
        return True

    def _stops(self) -> Array:
        return position_stops(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or NContent()
        share = result.n[stop]
        words = "too few reads" if share is None else f"N {share:.2f} %"
        return share, f"{position_words(result, stop)}\n{words}"
