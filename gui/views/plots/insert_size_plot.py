"""How long the pieces are that both mates read."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import PairStatistics
from engine.run.snapshot import RunSnapshot
from gui.models.plot_axes import count_ticks
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array, columns, known_heights
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.trace import Trace


class InsertSizePlot(CountCard):
    """Pairs by the size of their insert, as far as the mates overlap."""

    def __init__(self) -> None:
        module = BEYOND["insert size"]
        super().__init__(module.title, "", x_label="insert size (bp)", unit="pairs", module=module)
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self.canvas.add(self._area, self._edge)
        self.canvas.x_axis.ticker = count_ticks
        self._result: PairStatistics | None = None

    def table(self) -> Table:
        """One row a size."""
        result = self._result or PairStatistics()
        rows = zip(result.insert_sizes, result.counts, strict=True)
        return ["insert size (bp)", "pairs"], [list(row) for row in rows]

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        if self._result is None:
            return super()._why_nothing(snapshot)
        return "No mates overlap: all inserts are longer than both reads together"

    def _draw(self) -> bool:
        result = self._result
        if result is None or not result.insert_sizes:
            return False
        factor = self.scale(max(result.counts))
        sizes = np.asarray(result.insert_sizes, dtype=np.float64)
        outline = columns(sizes - 0.5, sizes + 0.5, known_heights(result.counts, factor))
        self._area.set_area([outline])
        self._edge.set_line(outline)
        share = result.overlapping / max(1, result.pairs)
        self.set_note(f"median {result.median or 0:,} bp, {100 * share:.0f} % overlap")
        self.show_up_to((0.0, float(sizes[-1]) + max(5.0, float(sizes[-1]) * 0.03)))
        return True

    def _stops(self) -> Array:
        return np.asarray(() if self._result is None else self._result.insert_sizes, dtype=np.float64)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or PairStatistics()
        count, whole = result.counts[stop], max(1, result.overlapping)
        lines = (
            f"{result.insert_sizes[stop]:,} bp",
            f"{count:,} of {result.pairs:,} pairs looked at",
            f"{100 * count / whole:.2f} % of those that overlap",
        )
        return self.level(count), "\n".join(lines)
