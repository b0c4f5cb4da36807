"""Quality along the read."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import BaseQuality
from gui.models.plot_axes import count_ticks
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, floats, ribbon, stairs
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.positions import X_LABEL, position_range, position_stops, position_table, position_words
from gui.views.plots.trace import Trace, Zone

GOOD, FAIR = 28.0, 20.0
"""Phred from which a base is good, and fair; below it is poor."""

_TOP = 42.0
_ZONE = 0.10


class BaseQualityPlot(PlotCard):
    """Median, quartiles, and 10th to 90th percentile of the base qualities at each position."""

    def __init__(self) -> None:
        super().__init__(
            "Per base sequence quality",
            "median, quartiles, 10\N{EN DASH}90 %",
            x_label=X_LABEL,
            y_label="Phred",
            module=module_of("base_quality"),
        )
        self._outer = Trace(fill="accent", opacity=0.25, smooth=False)
        self._inner = Trace(fill="accent", opacity=0.45, smooth=False)
        self._median = Trace(line="text", width=2, smooth=False)
        self.canvas.add(
            Zone(GOOD, 1000, "passed", _ZONE),
            Zone(FAIR, GOOD, "G", _ZONE),
            Zone(0, FAIR, "failed", _ZONE),
            self._outer,
            self._inner,
            self._median,
        )
        self._result: BaseQuality | None = None
        self.canvas.x_axis.ticker = count_ticks

    def table(self) -> Table:
        """One row a group of positions."""
        result = self._result or BaseQuality()
        columns = {
            "mean": result.mean,
            "median": result.median,
            "lower quartile": result.lower_quartile,
            "upper quartile": result.upper_quartile,
            "10th percentile": result.percentile_10,
            "90th percentile": result.percentile_90,
        }
        return position_table(result, {f"{name} (Phred)": values for name, values in columns.items()})

    def _draw(self) -> bool:
        result = self._result
        if result is None or not result.starts:
            return False
        starts, ends = result.starts, result.ends
        low, high = stairs(starts, ends, result.percentile_10), stairs(starts, ends, result.percentile_90)
        self._outer.set_area(ribbon(low, high))
        low, high = stairs(starts, ends, result.lower_quartile), stairs(starts, ends, result.upper_quartile)
        self._inner.set_area(ribbon(low, high))
        self._median.set_line(stairs(starts, ends, result.median))
        highest = float(np.nanmax(floats((*result.percentile_90, 0.0))))
        self.canvas.set_ranges(position_range(ends), (0.0, max(_TOP, 2 * float(np.ceil((highest + 1) / 2)))))
        return True

    def _stops(self) -> Array:
        return position_stops(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result
        if result is None:
            return None, ""
        where = position_words(result, stop)
        median = result.median[stop]
        if median is None:
            return None, f"{where}\ntoo few reads"
        return median, (
            f"{where}\nmedian {median:.0f}\n"
            f"quartiles {_span(result.lower_quartile[stop], result.upper_quartile[stop])}\n"
            f"10\N{EN DASH}90 % {_span(result.percentile_10[stop], result.percentile_90[stop])}\n"
            f"mean {_number(result.mean[stop])}"
        )


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.1f}"


def _span(low: float | None, high: float | None) -> str:
    return f"{_number(low)} to {_number(high)}"
