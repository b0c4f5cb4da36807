"""How fast a run is."""

from __future__ import annotations

import numpy as np

from engine.run.snapshot import RunSnapshot, Sample
from gui.models.plot_axes import prefix, ticks, top, written
from gui.models.plot_series import Array, Line, rates
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.trace import Trace

_SPANS = (10.0, 30.0, 60.0)
"""Seconds that are shown of a run that works: the first that it fits, else the last."""

_WINDOW = 0.5
_APART = 0.125
_POINTS = 240
_MINUTES_FROM = 180.0


class ThroughputPlot(PlotCard):
    """Reads per second: over the last 60 s at most of a run that works, over all of one that has ended."""

    def __init__(self) -> None:
        super().__init__("Throughput", "", x_label="seconds ago", y_label="reads/s")
        self._area = Trace(fill="accent", opacity=0.18, solid=True, smooth=False)
        self._curve = Trace(line="accent", width=1.5)
        self.canvas.add(self._area, self._curve)
        self._samples: tuple[Sample, ...] = ()
        self._ended = False
        self._drawn = Line(np.empty(0), np.empty(0))
        self._unit = ""
        self._span = _SPANS[0]
        self._factor = self._divisor = 1.0

    def table(self) -> Table:
        """Load as it was sampled."""
        header = ["time (s)", "reads", "bases", "bytes read", "text bytes", "queue (batches)", "memory (bytes)"]
        rows: list[list[float | int | str | None]] = [
            [round(s.time, 3), s.reads, s.bases, s.bytes_read, s.text_bytes, s.queue_size, s.memory]
            for s in self._samples
        ]
        return header, rows

    def _sentence(self, snapshot: RunSnapshot) -> str:
        return "The load of this run was not recorded" if snapshot.state.is_final else "No reads yet"

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        ended = snapshot.state.is_final
        if ended == self._ended and snapshot.samples == self._samples:
            return False
        self._samples, self._ended = snapshot.samples, ended
        return True

    def _draw(self) -> bool:
        if not self._samples:
            return False
        end = self._samples[-1].time
        self._span = end if self._ended else next((span for span in _SPANS if end <= span), _SPANS[-1])
        window, apart = (end / 10, end / 40) if self._ended and end < 10 * _WINDOW else (_WINDOW, _APART)
        apart = max(apart, self._span / _POINTS)
        line = rates(self._samples, max(0.0, end - self._span), end, apart, max(window, apart))
        if not len(line.x):
            return False
        self._scale_y(float(line.y.max()))
        self._scale_x(end)
        self._put(line, end)
        return True

    def _scale_y(self, highest: float) -> None:
        self._top = top(highest, 0.0 if self._ended else self._top)
        self._factor, symbol = prefix(self._top)
        self._unit = f"{symbol} reads/s".strip()
        self.canvas.y_axis.set_label(self._unit)

    def _scale_x(self, end: float) -> None:
        high = self._top / self._factor
        if not self._ended:
            self._divisor = 1.0
            self.set_note(f"last {self._span:.0f} s, mean of {_WINDOW} s")
            self.canvas.x_axis.set_label("seconds ago")
            self.canvas.x_axis.ticker = ticks
            self.canvas.set_ranges((-self._span, 0.0), (0.0, high))
            return
        minutes = end >= _MINUTES_FROM
        self._divisor = 60.0 if minutes else 1.0
        self.set_note("whole run")
        self.canvas.x_axis.set_label("time (min)" if minutes else "time (s)")
        self.canvas.set_ranges((0.0, end / self._divisor), (0.0, high))

    def _put(self, line: Line, end: float) -> None:
        x = line.x / self._divisor if self._ended else line.x - end
        line = Line(x, line.y / self._factor)
        if len(line.x) == 1:
            # All of a run that is shorter than the mean it takes.
            line = Line(np.array([line.x[0] - end / self._divisor, line.x[0]]), np.repeat(line.y, 2))
        self._drawn = line
        self._curve.set_line(line)
        foot = Line(
            np.concatenate((line.x[:1], line.x, line.x[-1:])),
            np.concatenate((np.zeros(1), line.y, np.zeros(1))),
        )
        self._area.set_area([foot])

    def _stops(self) -> Array:
        return self._drawn.x

    def _value(self, stop: int) -> tuple[float | None, str]:
        x, y = float(self._drawn.x[stop]), float(self._drawn.y[stop])
        unit = "min" if self._divisor > 1 else "s"
        when = f"{written(x, 1)} {unit}" if self._ended else f"{-x:.1f} s ago"
        return y, f"{when}\n{y:.2f} {self._unit}"
