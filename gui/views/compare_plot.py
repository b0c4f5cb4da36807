"""One plot of several runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gui.models.compare import DASHED, SERIES, Compared, Overlay, drawn, is_log, legend_name, names_in, ranges
from gui.models.plot_axes import count_ticks, log_ticks, ticks
from gui.models.plot_modules import BEYOND, module_of
from gui.models.plot_series import Array, Line
from gui.views.compared_plot import ComparedPlot
from gui.views.plots.duplication_plot import level_ticks, level_words
from gui.views.plots.legend import Entry, Legend
from gui.views.plots.picture import Cell, Table
from gui.views.plots.trace import Trace

_NOTHING = Line(np.empty(0), np.empty(0))


class ComparePlot(ComparedPlot):
    """A line a run, with its name below."""

    def __init__(self, overlay: Overlay) -> None:
        super().__init__(
            overlay.title,
            overlay.note,
            x_label=overlay.x_label,
            y_label=overlay.y_label,
            module=module_of(overlay.key) or (BEYOND["insert size"] if overlay.of_pairs else None),
        )
        self._overlay = overlay
        self._traces = [Trace(line=series, width=2, dashes=series in DASHED) for series in SERIES]
        self._legend = Legend()
        self.canvas.add(*reversed(self._traces))
        self.canvas.add_below(self._legend)
        self._lines: list[tuple[str, Line]] = []
        self._log = False

    @property
    def named(self) -> list[str]:
        """Runs that have a line, as the legend names them."""
        return [entry.name for entry in self._legend.entries]

    def table(self) -> Table:
        """One row a value of a run."""
        self.refresh()
        rows: list[list[Cell]] = []
        for name, line in self._lines:
            x = 10**line.x if self._log else line.x
            rows.extend([name, float(a), float(b)] for a, b in zip(x, line.y, strict=True) if np.isfinite(b))
        return ["run", self._overlay.x_label, f"{self._overlay.note}, {self._overlay.y_label}"], rows

    def is_told(self, runs: Sequence[Compared]) -> bool:
        """What only pairs have is left out where there are none."""
        return not self._overlay.of_pairs or any(run.results.pairs is not None for run in runs)

    def _draw(self) -> bool:
        self._log = is_log(self._overlay, self._runs)
        self._lines, entries = [], []
        for number, (run, name) in enumerate(zip(self._runs, names_in(self._overlay, self._runs), strict=True)):
            line = drawn(self._overlay, run.results, self._log)
            self._traces[number].set_line(_NOTHING if line is None else line)
            if line is not None:
                self._lines.append((name, line))
                series = SERIES[number]
                entries.append(Entry(legend_name(self._overlay, name, run.results), series, series in DASHED))
        for trace in self._traces[len(self._runs) :]:
            trace.set_line(_NOTHING)
        self._legend.set_entries(entries)
        if not self._lines:
            return False
        self._scale()
        return True

    def _scale(self) -> None:
        axis = self.canvas.x_axis
        if self._overlay.key == "duplication":
            axis.ticker = level_ticks
        elif self._overlay.key == "gc_content":
            axis.ticker = ticks
        else:
            axis.ticker = log_ticks if self._log else count_ticks
        label = self._overlay.x_label
        axis.set_label(label.replace("(bp)", "(bp, logarithmic)") if self._log else label)
        x, y = ranges(self._overlay, [line for _, line in self._lines])
        self.canvas.set_ranges(x, y)
        axis.set_range(*self.canvas.x_range)

    def _stops(self) -> Array:
        """Where any of the lines has a value."""
        return np.unique(np.concatenate([line.x for _, line in self._lines])) if self._lines else np.empty(0)

    def _value(self, stop: int) -> tuple[float | None, str]:
        x = float(self._stops()[stop])
        words = [self._where(x)]
        for name, line in self._lines:
            if line.x[0] <= x <= line.x[-1]:
                words.append(f"{float(np.interp(x, line.x, line.y)):.{self._overlay.decimals}f}  {name}")
        return None, "\n".join(words)

    def _where(self, x: float) -> str:
        if self._overlay.key == "duplication":
            return level_words(round(x))
        value = 10**x if self._log else x
        return f"{self._overlay.x_label.partition(' (')[0]} {value:,.0f}"
