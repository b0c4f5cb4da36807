"""How much adapter the reads hold."""

from __future__ import annotations

from engine.collectors.results import AdapterContent
from engine.run.snapshot import RunSnapshot
from gui.models.plot_axes import count_ticks, top
from gui.models.plot_modules import module_of
from gui.models.plot_series import Array, through_centres
from gui.views.plots.legend import Entry, Legend
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.positions import X_LABEL, position_range, position_stops, position_table, position_words
from gui.views.plots.trace import Trace

_SERIES = ("T", "C", "A", "G", "plugin", "N")


class AdapterPlot(PlotCard):
    """Percent of reads in which an adapter has begun, one line an adapter; those that were found are named."""

    _least_top = 5.0

    def __init__(self) -> None:
        super().__init__(
            "Adapter Content",
            "",
            x_label=X_LABEL,
            y_label="% of reads",
            module=module_of("adapters"),
        )
        self._traces: list[Trace] = []
        self._legend = Legend()
        self.canvas.add_below(self._legend)
        self.canvas.x_axis.ticker = count_ticks
        self._result: AdapterContent | None = None

    @property
    def named(self) -> list[str]:
        """Adapters that were found, as the legend names them."""
        return [entry.name for entry in self._legend.entries]

    def table(self) -> Table:
        """One row a group of positions, one column an adapter."""
        result = self._result or AdapterContent()
        adapters = zip(result.names, result.percent, strict=True) if result.starts else ()
        return position_table(result, {f"{name} (%)": percent for name, percent in adapters})

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        if self._result is not None and self._result.too_short:
            return "The reads are too short to look for adapters in them"
        return super()._why_nothing(snapshot)

    def _draw(self) -> bool:
        result = self._result
        if result is None or result.too_short or not result.starts:
            return False
        self._make_traces(len(result.names))
        found: list[Entry] = []
        highest = 0.0
        for number, (name, percent) in enumerate(zip(result.names, result.percent, strict=True)):
            self._traces[number].set_line(through_centres(result.starts, result.ends, percent))
            if max(percent) > 0:
                highest = max(highest, *percent)
                found.append(Entry(name, _SERIES[number % len(_SERIES)], number >= len(_SERIES)))
        self._top = min(100.0, max(self._least_top, top(highest, self._top)))
        self._legend.set_entries(found)
        self.set_note(f"up to {highest:.2f} %" if found else f"none of {len(result.names)} found")
        self.canvas.set_ranges(position_range(result.ends), (0.0, self._top))
        return True

    def _make_traces(self, count: int) -> None:
        while len(self._traces) < count:
            number = len(self._traces)
            trace = Trace(line=_SERIES[number % len(_SERIES)], width=2, dashes=number >= len(_SERIES))
            self._traces.append(trace)
            self.canvas.add(trace)
        for trace in self._traces[count:]:
            trace.set_line(through_centres((), (), ()))

    def _stops(self) -> Array:
        return position_stops(None if self._result is None or self._result.too_short else self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or AdapterContent()
        shares = ((name, row[stop]) for name, row in zip(result.names, result.percent, strict=True))
        words = [f"{name} {share:.2f} %" for name, share in shares if share > 0]
        return None, "\n".join([position_words(result, stop), *(words or ["no adapter"])])
