"""How many reads are how good by their chances of error, beside the plain mean."""

from __future__ import annotations

import numpy as np

from engine.collectors.results import ErrorQuality, SequenceQuality
from engine.run.snapshot import RunSnapshot
from gui.models.plot_axes import count_ticks
from gui.models.plot_modules import BEYOND
from gui.models.plot_series import Array, Line, columns, known_heights
from gui.views.plots.count_card import CountCard
from gui.views.plots.legend import Entry, Legend
from gui.views.plots.picture import Table
from gui.views.plots.trace import Trace

_TOP_QUALITY = 42.0
_NOTHING = ErrorQuality(mean_quality=0.0, expected_errors=0.0)


class ErrorQualityPlot(CountCard):
    """Reads by their mean quality: from the chances of error, and as the arithmetic mean that FastQC takes."""

    def __init__(self) -> None:
        module = BEYOND["error quality"]
        super().__init__(module.title, "", x_label="mean quality (Phred)", module=module)
        self._area = Trace(fill="accent", opacity=0.25, solid=True, smooth=False)
        self._edge = Trace(line="accent", smooth=False)
        self._plain = Trace(line="T", smooth=False, dashes=True)
        self._legend = Legend()
        self.canvas.add(self._area, self._edge, self._plain)
        self.canvas.add_below(self._legend)
        self.canvas.x_axis.ticker = count_ticks
        self._result: ErrorQuality | None = None
        self._arithmetic: SequenceQuality | None = None
        self._means = (0.0, 0.0)

    def table(self) -> Table:
        """One row a quality."""
        by_error, plain = _counts(self._result), _counts(self._arithmetic)
        header = ["mean quality (Phred)", "reads, from error probabilities", "reads, arithmetic mean"]
        return header, [
            [quality, by_error.get(quality, 0), plain.get(quality, 0)] for quality in sorted(by_error | plain)
        ]

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        results = snapshot.results
        new = (results.error_quality, results.sequence_quality)
        if new == (self._result, self._arithmetic):
            return False
        self._result, self._arithmetic = new
        self._means = (results.error_quality or _NOTHING).mean_quality, results.basic.mean_quality
        return True

    def _draw(self) -> bool:
        result, plain = self._result, self._arithmetic or SequenceQuality()
        if result is None or not any(result.counts):
            return False
        factor = self.scale(max(*result.counts, *plain.counts, 0))
        outline = _outline(result, factor)
        self._area.set_area([outline])
        self._edge.set_line(outline)
        self._plain.set_line(_outline(plain, factor))
        self._legend.set_entries((Entry("from error probabilities", "accent"), Entry("arithmetic mean", "T", True)))
        self.set_note(f"Q{self._means[0]:.1f}, arithmetic Q{self._means[1]:.1f}")
        highest = max((*result.qualities, *plain.qualities))
        self.show_up_to((0.0, max(_TOP_QUALITY, highest + 2.0)))
        return True

    def _stops(self) -> Array:
        qualities = sorted(_counts(self._result) | _counts(self._arithmetic)) if self._result is not None else []
        return np.asarray(qualities, dtype=np.float64) + 0.5

    def _value(self, stop: int) -> tuple[float | None, str]:
        quality = int(self._stops()[stop])
        count, plain = _counts(self._result).get(quality, 0), _counts(self._arithmetic).get(quality, 0)
        where = f"mean quality {quality} to {quality + 1}"
        return self.level(count), f"{where}\nfrom error probabilities {count:,} reads\narithmetic {plain:,} reads"


def _counts(result: ErrorQuality | SequenceQuality | None) -> dict[int, int]:
    return {} if result is None else dict(zip(result.qualities, result.counts, strict=True))


def _outline(result: ErrorQuality | SequenceQuality, factor: float) -> Line:
    left = np.asarray(result.qualities, dtype=np.float64)
    return columns(left, left + 1, known_heights(result.counts, factor))
