"""How long the reads are."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import LengthDistribution
from gui.models.plot_axes import count_ticks, log_ticks
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, columns, known_heights, wants_log
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.trace import Trace

_AROUND_ONE = 10


class LengthPlot(CountCard):
    """Reads by length; on a logarithmic axis where lengths are spread over more than two decades."""

    def __init__(self) -> None:
        super().__init__(
            "Sequence Length Distribution",
            "reads by length",
            x_label="length (bp)",
            module=module_of("lengths"),
        )
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self._result: LengthDistribution | None = None
        self._left = self._right = np.empty(0)
        self._log = False

    def table(self) -> Table:
        """One row a bin."""
        result = self._result or LengthDistribution()
        rows = zip(result.starts, result.ends, result.counts, strict=True)
        return ["length from (bp)", "length to (bp)", "reads"], [list(row) for row in rows]

    def _draw(self) -> bool:
        result = self._result
        if result is None or not any(result.counts):
            return False
        factor = self.scale(max(result.counts))
        self._log = wants_log(result.starts, result.ends, result.counts)
        self._place(result)
        present = np.flatnonzero(np.asarray(result.counts))
        shown = slice(int(present[0]), int(present[-1]) + 1)
        outline = columns(self._left[shown], self._right[shown], known_heights(result.counts[shown], factor))
        self._area.set_area([outline])
        self._edge.set_line(outline)
        self.canvas.x_axis.ticker = log_ticks if self._log else count_ticks
        self.canvas.x_axis.set_label("length (bp, logarithmic)" if self._log else "length (bp)")
        self.set_note(self._note_of(result))
        self.show_up_to(self._range(result))
        return True

    def _place(self, result: LengthDistribution) -> None:
        left = np.asarray(result.starts, dtype=np.float64) - 0.5
        right = np.asarray(result.ends, dtype=np.float64) + 0.5
        if self._log:
            left, right = np.log10(np.maximum(left, 0.5)), np.log10(np.maximum(right, 0.5))
        self._left, self._right = left, right

    def _range(self, result: LengthDistribution) -> tuple[float, float]:
        present = np.flatnonzero(np.asarray(result.counts))
        low, high = float(self._left[present[0]]), float(self._right[present[-1]])
        if self._log:
            return low - 0.05, high + 0.05
        if high - low < 2 * _AROUND_ONE:
            middle = (low + high) / 2
            return max(0.0, middle - _AROUND_ONE), middle + _AROUND_ONE
        air = (high - low) * 0.03
        return max(0.0, low - air), high + air

    def _note_of(self, result: LengthDistribution) -> str:
        present = [index for index, count in enumerate(result.counts) if count]
        first, last = result.starts[present[0]], result.ends[present[-1]]
        return f"all reads {first:,} bp" if first == last else "reads by length"

    def _stops(self) -> Array:
        middle: Array = (self._left + self._right) / 2
        return middle

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or LengthDistribution()
        start, end, count = result.starts[stop], result.ends[stop], result.counts[stop]
        span = f"{start:,} bp" if start == end else f"{start:,}\N{EN DASH}{end:,} bp"
        return self.level(count), f"{span}\n{count:,} reads, {count / max(1, sum(result.counts)):.1%}"
