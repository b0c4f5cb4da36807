"""How a nanopore run went over time."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import YieldOverTime
from gui.models import format as show
from gui.models.plot_axes import top
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array, columns, floats, known_heights
from gui.models.plot_time import bin_edges, clock, per_bin, steps
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.trace import Trace

_X_LABEL = "time since the first read (h)"
_NOTHING = YieldOverTime(seconds=60)


class YieldOverTimePlot(CountCard):
    """Bases by the time at which their reads began."""

    def __init__(self) -> None:
        module = BEYOND["yield over time"]
        super().__init__(module.title, "", x_label=_X_LABEL, unit="bases", module=module)
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self._result: YieldOverTime | None = None

    def table(self) -> Table:
        """One row a bin."""
        return _table(self._result)

    def _draw(self) -> bool:
        result = self._result
        if result is None or not any(result.bases):
            return False
        factor = self.scale(max(result.bases))
        left, right = bin_edges(result)
        outline = columns(left, right, known_heights(result.bases, factor))
        self._area.set_area([outline])
        self._edge.set_line(outline)
        self.set_note(f"{per_bin(result.seconds)}, {show.bases(sum(result.bases))} in all")
        self.show_up_to((0.0, float(right[-1])))
        return True

    def _stops(self) -> Array:
        return _middles(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or _NOTHING
        bases, reads = result.bases[stop], result.reads[stop]
        until = sum(result.bases[: stop + 1])
        words = f"{_when(result, stop)}\n{show.bases(bases)}, {reads:,} reads\n{show.bases(until)} until then"
        return self.level(bases), words


class QualityOverTimePlot(PlotCard):
    """Mean quality of the bases by the time at which their reads began."""

    _least_top = 20.0

    def __init__(self) -> None:
        module = BEYOND["quality over time"]
        super().__init__(module.title, "", x_label=_X_LABEL, y_label="mean quality (Phred)", module=module)
        self._line = Trace(line="accent", width=2, smooth=False)
        self.canvas.add(self._line)
        self._result: YieldOverTime | None = None

    def table(self) -> Table:
        """One row a bin."""
        return _table(self._result)

    def _draw(self) -> bool:
        result = self._result
        known = [value for value in result.mean_quality if value is not None] if result is not None else []
        if result is None or not known:
            return False
        self._top = max(self._least_top, top(max(known), self._top))
        left, right = bin_edges(result)
        self._line.set_line(steps(left, right, floats(result.mean_quality)))
        self.set_note(f"mean {per_bin(result.seconds)}")
        self.canvas.set_ranges((0.0, float(right[-1])), (0.0, self._top))
        return True

    def _stops(self) -> Array:
        return _middles(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or _NOTHING
        quality = result.mean_quality[stop]
        words = "no bases" if quality is None else f"mean Q{quality:.1f}"
        return quality, f"{_when(result, stop)}\n{words}\n{result.reads[stop]:,} reads"


def _middles(result: YieldOverTime | None) -> Array:
    if result is None:
        return np.empty(0)
    left, right = bin_edges(result)
    middles: Array = (left + right) / 2
    return middles


def _when(result: YieldOverTime, stop: int) -> str:
    left, right = bin_edges(result)
    return f"{clock(left[stop]).removesuffix(' h')}\N{EN DASH}{clock(right[stop])}"


def _table(result: YieldOverTime | None) -> Table:
    result = result or _NOTHING
    header = ["began at (s since 1970, UTC)", "length (s)", "reads", "bases", "mean quality (Phred)"]
    rows = zip(result.starts, result.reads, result.bases, result.mean_quality, strict=True)
    return header, [[start, result.seconds, *rest] for start, *rest in rows]
