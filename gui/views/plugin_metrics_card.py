"""What plugins count, drawn while they do."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.plugin_metrics import MetricBoard
from gui.theme.tokens import PADDING, SPACE
from gui.views.metric_tile import LEAST_WIDTH, MetricTile
from gui.views.plain_label import PlainLabel
from gui.views.reflow import ReflowGrid
from gui.views.widgets.card import Card

_MOST_COLUMNS = 4


class PluginMetricsCard(Card):
    """A small plot for each metric of each plugin; hidden where a run has none.

    Attributes:
        tiles: the plots.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[MetricTile] = []
        self._board = MetricBoard()
        self._grid: ReflowGrid | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(PADDING, PADDING - SPACE, PADDING, PADDING)
        self._column.setSpacing(2 * SPACE)
        self._column.addWidget(PlainLabel("What plugins count", "strong"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What plugins count")
        self.hide()

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show what the plugins of ``snapshot`` have counted."""
        plots = self._board.present(snapshot)
        if len(plots) != len(self.tiles):
            self._make(len(plots))
        for tile, plot in zip(self.tiles, plots, strict=True):
            tile.set_plot(plot, snapshot.name)
        self.setVisible(bool(plots))

    def _make(self, count: int) -> None:
        if self._grid is not None:
            self._column.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self.tiles = [MetricTile() for _ in range(count)]
        self._grid = ReflowGrid(self.tiles, least_width=LEAST_WIDTH, most_columns=_MOST_COLUMNS, even=True)
        self._column.addWidget(self._grid)
