"""How many reads are how good."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import SequenceQuality
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, columns, known_heights
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.trace import Trace

_TOP_QUALITY = 42.0


class SequenceQualityPlot(CountCard):
    """Reads by their mean quality, rounded down."""

    def __init__(self) -> None:
        super().__init__(
            "Per sequence quality scores",
            "reads by mean quality",
            x_label="mean quality (Phred)",
            module=module_of("sequence_quality"),
        )
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self._result: SequenceQuality | None = None

    def table(self) -> Table:
        """One row a quality."""
        result = self._result or SequenceQuality()
        rows = zip(result.qualities, result.counts, strict=True)
        return ["mean quality (Phred)", "reads"], [list(row) for row in rows]

    def _draw(self) -> bool:
        result = self._result
        if result is None or not any(result.counts):
            return False
        factor = self.scale(max(result.counts))
        left = np.asarray(result.qualities, dtype=np.float64)
        outline = columns(left, left + 1, known_heights(result.counts, factor))
        self._area.set_area([outline])
        self._edge.set_line(outline)
        self.show_up_to((0.0, max(_TOP_QUALITY, float(left[-1]) + 2)))
        return True

    def _stops(self) -> Array:
        return np.empty(0) if self._result is None else np.asarray(self._result.qualities, dtype=np.float64) + 0.5

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or SequenceQuality()
        count, whole = result.counts[stop], max(1, sum(result.counts))
        quality = result.qualities[stop]
        return self.level(count), f"mean quality {quality} to {quality + 1}\n{count:,} reads, {count / whole:.1%}"
