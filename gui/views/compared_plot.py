"""The base of plots of several runs."""

from __future__ import annotations

from collections.abc import Sequence

from engine.run.snapshot import RunSnapshot
from gui.models.compare import Compared
from gui.models.compare_choice import MOST
from gui.views.plots.plot_card import PlotCard


class ComparedPlot(PlotCard):
    """A plot of several runs, set at once and not one by one."""

    _runs: tuple[Compared, ...] = ()

    def set_runs(self, runs: Sequence[Compared]) -> None:
        """Compare ``runs``, six at most."""
        if tuple(runs) == self._runs:
            return
        self._runs = tuple(runs[:MOST])
        self.run_name = " and ".join(run.name for run in self._runs)[:80]
        self._empty.setText("Measured in none of these runs")
        self.canvas.reset_zoom()
        self._stale = True
        if self._is_seen():
            self.refresh()

    def is_told(self, runs: Sequence[Compared]) -> bool:
        """Whether there is anything to draw of ``runs``, or so much to expect of any that its absence is to be said."""
        return True

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        """A plot of several runs takes no single one."""
        return False
