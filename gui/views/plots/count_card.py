"""The base of plots whose left axis counts."""

from __future__ import annotations

from gui.models.plot_axes import Ticks, count_ticks, prefix, ticks, top
from gui.models.plot_modules import Module
from gui.views.plots.plot_card import PlotCard


class CountCard(PlotCard):
    """A plot of numbers, of reads if not told else: the axis starts at 0, grows in steps, and has the SI prefix.

    Attributes:
        whole: whether there are whole reads only.
    """

    def __init__(
        self,
        title: str,
        note: str,
        *,
        x_label: str,
        unit: str = "reads",
        module: Module | None = None,
    ) -> None:
        super().__init__(title, note, x_label=x_label, y_label=unit, module=module)
        self._unit = unit
        self.canvas.y_axis.ticker = self._ticks
        self.whole = True
        self._factor = 1.0

    def scale(self, largest: float) -> float:
        """Fit the axis to the number ``largest``, and return the number that one unit of the axis stands for."""
        self._top = top(largest, self._top)
        self._factor, symbol = prefix(self._top)
        self.canvas.y_axis.set_label(f"{self._unit} ({symbol})" if symbol else self._unit)
        return self._factor

    def show_up_to(self, x: tuple[float, float]) -> None:
        """Show ``x`` along the bottom, and all of the scaled axis."""
        self.canvas.set_ranges(x, (0.0, self._top / self._factor))

    def level(self, count: float) -> float:
        """Where the number ``count`` stands on the axis."""
        return count / self._factor

    def _ticks(self, low: float, high: float, most: int) -> Ticks:
        return (count_ticks if self.whole and self._factor == 1.0 else ticks)(low, high, most)
