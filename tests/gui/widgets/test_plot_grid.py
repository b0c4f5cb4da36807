"""What is drawn first when another run is chosen."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunSnapshot
from gui.views.plot_grid import PlotGrid
from gui.views.stagger import Stagger

MakeSnapshot = Callable[..., RunSnapshot]


class NotedStagger(Stagger):
    """Keeps what was asked for, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def ask(self, key: object, work: Callable[[], None]) -> None:
        """Note what is asked for."""
        self.asked.append(key)
        super().ask(key, work)


def test_the_verdict_comes_before_the_plots(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    stagger = NotedStagger()
    grid = PlotGrid(stagger)
    qtbot.addWidget(grid)
    grid.build()
    qtbot.waitUntil(lambda: grid.is_built and stagger.is_idle, timeout=30_000)
    stagger.asked.clear()
    grid.set_snapshot(make_snapshot(1, "a.fastq"))
    assert stagger.asked == ["verdict", *grid.plots]
    qtbot.waitUntil(lambda: stagger.is_idle, timeout=30_000)
