"""GC content of the reads."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import GcContent
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, Line, known_heights
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.trace import Trace

_BINS = np.arange(101, dtype=np.float64)


class GcPlot(CountCard):
    """Reads by GC content, and the normal curve that a plain library would follow."""

    def __init__(self) -> None:
        super().__init__("Per sequence GC content", "theory dashed", x_label="GC (%)", module=module_of("gc_content"))
        self._area = Trace(fill="accent", opacity=0.12, solid=True, smooth=False)
        self._theory = Trace(line="muted", width=1.5, dashes=True)
        self._observed = Trace(line="accent", width=2)
        self.canvas.add(self._area, self._theory, self._observed)
        self._result: GcContent | None = None
        self.whole = False  # FastQC shares a read among the bins around its GC content

    def table(self) -> Table:
        """One row a percent."""
        result = self._result or GcContent()
        rows = zip(range(len(result.counts)), result.counts, result.theory, strict=True)
        return ["GC (%)", "reads", "reads in theory"], [list(row) for row in rows]

    def _draw(self) -> bool:
        result = self._result
        if result is None or not any(result.counts):
            return False
        factor = self.scale(max(*result.counts, *result.theory))
        observed = Line(_BINS, known_heights(result.counts, factor))
        self._observed.set_line(observed)
        self._area.set_area([observed])
        self._theory.set_line(Line(_BINS[: len(result.theory)], known_heights(result.theory, factor)))
        self.show_up_to((0.0, 100.0))
        return True

    def _stops(self) -> Array:
        return _BINS if self._result is not None and self._result.counts else _BINS[:0]

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or GcContent()
        count = result.counts[stop]
        words = f"GC {stop} %\nobserved {count:,.0f} reads"
        if result.theory:
            words += f"\nin theory {result.theory[stop]:,.0f}"
        return self.level(count), words
