"""How the channels of a nanopore flow cell did."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import YieldByChannel
from gui.models import format as show
from gui.models.plot_axes import count_ticks, top
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array, columns, floats, known_heights
from gui.models.plot_time import steps
from gui.views.plots.count_card import CountCard
from gui.views.plots.picture import Table
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.trace import Trace


class YieldByChannelPlot(CountCard):
    """Bases by the channel that read them."""

    def __init__(self) -> None:
        module = BEYOND["yield by channel"]
        super().__init__(module.title, "", x_label="channel (number)", unit="bases", module=module)
        self._area = Trace(fill="accent", opacity=0.6, solid=True, smooth=False)
        self.canvas.add(self._area)
        self.canvas.x_axis.ticker = count_ticks
        self._result: YieldByChannel | None = None

    def table(self) -> Table:
        """One row a channel."""
        return _table(self._result)

    def _draw(self) -> bool:
        result = self._result
        if result is None or not any(result.bases):
            return False
        factor = self.scale(max(result.bases))
        at = _stops(result)
        self._area.set_area([columns(at - 0.5, at + 0.5, known_heights(result.bases, factor))])
        self.set_note(show.plural(len(result.channels), "channel"))
        self.show_up_to((0.5, float(at[-1]) + 0.5))
        return True

    def _stops(self) -> Array:
        return _stops(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or YieldByChannel()
        bases, reads = result.bases[stop], result.reads[stop]
        return self.level(bases), f"channel {result.channels[stop]}\n{show.bases(bases)}, {reads:,} reads"


class QualityByChannelPlot(PlotCard):
    """Mean quality of the bases by the channel that read them."""

    _least_top = 20.0

    def __init__(self) -> None:
        module = BEYOND["quality by channel"]
        super().__init__(
            module.title,
            "mean of each channel",
            x_label="channel (number)",
            y_label="mean quality (Phred)",
            module=module,
        )
        self._line = Trace(line="accent", smooth=False)
        self.canvas.add(self._line)
        self.canvas.x_axis.ticker = count_ticks
        self._result: YieldByChannel | None = None

    def table(self) -> Table:
        """One row a channel."""
        return _table(self._result)

    def _draw(self) -> bool:
        result = self._result
        known = [value for value in result.mean_quality if value is not None] if result is not None else []
        if result is None or not known:
            return False
        self._top = max(self._least_top, top(max(known), self._top))
        at = _stops(result)
        self._line.set_line(steps(at - 0.5, at + 0.5, floats(result.mean_quality)))
        self.canvas.set_ranges((0.5, float(at[-1]) + 0.5), (0.0, self._top))
        return True

    def _stops(self) -> Array:
        return _stops(self._result)

    def _value(self, stop: int) -> tuple[float | None, str]:
        result = self._result or YieldByChannel()
        quality = result.mean_quality[stop]
        words = "no bases" if quality is None else f"mean Q{quality:.1f}"
        return quality, f"channel {result.channels[stop]}\n{words}\n{result.reads[stop]:,} reads"


def _stops(result: YieldByChannel | None) -> Array:
    return np.asarray(() if result is None else result.channels, dtype=np.float64)


def _table(result: YieldByChannel | None) -> Table:
    result = result or YieldByChannel()
    rows = zip(result.channels, result.reads, result.bases, result.mean_quality, strict=True)
    return ["channel", "reads", "bases", "mean quality (Phred)"], [list(row) for row in rows]
