"""Whether long reads are as good as short ones."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from engine.collectors.results import LengthQuality, QcResults
from gui.models.plot_axes import count_ticks, log_ticks
from gui.models.plot_density import density_marks, density_shades, length_edges, most_reads
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array
from gui.views.plots.heat import HeatMap, HeatScale, depth_colors
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard


class LengthQualityPlot(PlotCard):
    """Reads by length and by mean quality from the chances of error: the darker, the more of them."""

    def __init__(self) -> None:
        module = BEYOND["length quality"]
        super().__init__(
            module.title,
            "number of reads",
            x_label="length (bp, logarithmic)",
            y_label="mean quality (Phred)",
            module=module,
        )
        self._map = HeatMap(depth_colors)
        self._scale = HeatScale({}, depth_colors)
        self.canvas.add(self._map)
        self.canvas.add_at_right(self._scale)
        self.canvas.x_axis.ticker = log_ticks
        self.canvas.y_axis.ticker = count_ticks
        self._result: LengthQuality | None = None

    def is_wanted(self, results: QcResults) -> bool:
        """Only where reads differ in length."""
        return results.length_quality is not None and results.basic.shortest != results.basic.longest

    def table(self) -> Table:
        """One row a bin of lengths and quality that has reads."""
        result = self._result or LengthQuality()
        header = ["length from (bp)", "length to (bp)", "mean quality (Phred)", "reads"]
        bins = zip(result.starts, result.ends, result.counts, strict=True)
        return header, [
            [start, end, quality, count]
            for start, end, row in bins
            for quality, count in zip(result.qualities, row, strict=True)
            if count
        ]

    def _draw(self) -> bool:
        result = self._result
        if result is None or not result.starts:
            return False
        left, right = length_edges(result)
        low, high = float(left[0]), float(right[-1])
        foot, top = float(result.qualities[0]), float(result.qualities[-1] + 1)
        self._map.set_shades(density_shades(result), QRectF(low, foot, high - low, top - foot))
        self._scale.set_marks(density_marks(most_reads(result)))
        self.canvas.set_ranges((low, high), (foot, top))
        return True

    def _stops(self) -> Array:
        if self._result is None or not self._result.starts:
            return np.empty(0)
        left, right = length_edges(self._result)
        middles: Array = (left + right) / 2
        return middles

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or LengthQuality()
        start, end, row = result.starts[stop], result.ends[stop], result.counts[stop]
        where = f"{start:,} bp" if start == end else f"{start:,}\N{EN DASH}{end:,} bp"
        at = self.canvas.pointer_y
        place = int(np.argmax(row)) if at is None else int(at) - result.qualities[0]
        if not 0 <= place < len(row):
            return None, f"{where}\n{sum(row):,} reads"
        quality = result.qualities[place]
        most = "mostly " if at is None else ""
        return quality + 0.5, f"{where}: {sum(row):,} reads\n{most}Q{quality} to {quality + 1}: {row[place]:,} reads"
