"""Which bases stand where."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import BaseContent, Floats, NContent
from engine.run.snapshot import RunSnapshot
from gui.models.plot_axes import count_ticks, top
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, through_centres
from gui.views.plots.end_labels import EndLabels
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.positions import X_LABEL, position_range, position_stops, position_table, position_words
from gui.views.plots.trace import Trace

_BASES = "ACGT"


class BaseContentPlot(PlotCard):
    """Share of A, C, G, T and N at each position; letters stand at the ends of the lines."""

    _least_top = 50.0

    def __init__(self) -> None:
        super().__init__(
            "Per base sequence content",
            "A C G T, N",
            x_label=X_LABEL,
            y_label="% of bases",
            module=module_of("base_content"),
        )
        self._traces = {base: Trace(line=base) for base in "N" + _BASES}
        self.canvas.add(*self._traces.values())
        self._ends = EndLabels()
        self.canvas.add_at_right(self._ends)
        self._content: BaseContent | None = None
        self._n: NContent | None = None
        self.canvas.x_axis.ticker = count_ticks

    def table(self) -> Table:
        """One row a group of positions; N is a share of all bases, the others of A, C, G and T."""
        content = self._content or BaseContent()
        return position_table(content, {f"{base} (%)": shares for base, shares in self._shares(content).items()})

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        content, n = snapshot.results.base_content, snapshot.results.n_content
        if content == self._content and n == self._n:
            return False
        self._content, self._n = content, n
        return True

    def _draw(self) -> bool:
        content = self._content
        if content is None or not content.starts:
            return False
        ends: dict[str, float] = {}
        highest = 0.0
        for base, shares in self._shares(content).items():
            line = through_centres(content.starts, content.ends, shares)
            self._traces[base].set_line(line)
            known = line.y[np.isfinite(line.y)]
            if len(known):
                ends[base] = float(known[-1])
                highest = max(highest, float(known.max()))
        self._top = min(100.0, max(self._least_top, top(highest, self._top)))
        self.canvas.set_ranges(position_range(content.ends), (0.0, self._top))
        self._ends.set_values(ends, self._top)
        return True

    def _shares(self, content: BaseContent) -> dict[str, Floats]:
        return {"A": content.a, "C": content.c, "G": content.g, "T": content.t, "N": self._n_of(content)}

    def _n_of(self, content: BaseContent) -> Floats:
        if self._n is not None and self._n.starts == content.starts:
            return self._n.n
        return (None,) * len(content.starts)

    def _stops(self) -> Array:
        return position_stops(self._content)

    def _value(self, stop: int) -> tuple[float | None, str]:
        content = self._content or BaseContent()
        shares = ((base, values[stop]) for base, values in self._shares(content).items())
        words = [f"{base} {share:.1f} %" for base, share in shares if share is not None]
        return None, "\n".join([position_words(content, stop), *words])
