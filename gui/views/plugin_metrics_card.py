"""What plugins count, drawn while they do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.plugin_metrics import MetricBoard, MetricPlot
from gui.theme.fonts import Role, font
from gui.theme.theme import theme
from gui.theme.tokens import GAP, PADDING, SERIES, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.reflow import ReflowGrid
from gui.views.widgets.card import Card

_LEAST_WIDTH = 260
_MOST_COLUMNS = 4
_HEIGHT = 176
_TOP, _FOOT = 56, 24


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
            tile.set_plot(plot)
        self.setVisible(bool(plots))

    def _make(self, count: int) -> None:
        if self._grid is not None:
            self._column.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self.tiles = [MetricTile() for _ in range(count)]
        self._grid = ReflowGrid(self.tiles, least_width=_LEAST_WIDTH, most_columns=_MOST_COLUMNS, even=True)
        self._column.addWidget(self._grid)


class MetricTile(Card):
    """One metric: a histogram of what it is for each read, or how a single number went.

    Attributes:
        plot: what is shown.
        copy: puts the values into the clipboard; in the menu of the plot.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self.plot = MetricPlot("", "", "", "", "")
        self._pointer: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.copy = QAction("Copy values", self)
        self.copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.plot.table))
        self.addAction(self.copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def sizeHint(self) -> QSize:
        """Qt's call: always the same."""
        return QSize(_LEAST_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: likewise."""
        return self.sizeHint()

    def set_plot(self, plot: MetricPlot) -> None:
        """Show ``plot``."""
        if plot != self.plot:
            self.plot = plot
            self.setAccessibleName(f"{plot.title}, {plot.stage}")
            self.setAccessibleDescription(plot.spoken)
            self.update()

    @property
    def readout(self) -> str:
        """What stands under the pointer; the note where it is elsewhere."""
        found = self.plot.at(self._pointer) if self._pointer is not None else ""
        return found or self.plot.note

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt's call: tell what is there."""
        area = self._area()
        share = (event.position().x() - area.left()) / area.width()
        self._pointer = share if 0 <= share <= 1 else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's call: tell what is drawn."""
        self._pointer = None
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt's call: the keyboard is here."""
        super().focusInEvent(event)
        self.set_outline("accent")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Qt's call: it is elsewhere."""
        super().focusOutEvent(event)
        self.set_outline("line")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw words and plot."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, plot, area = self.width() - 2 * GAP, self.plot, self._area()
        number = self._write(
            painter, QRectF(GAP, 8, room, 18), plot.value, "text", "strong", Qt.AlignmentFlag.AlignRight
        )
        self._write(painter, QRectF(GAP, 8, room - number - GAP, 18), plot.title, "text", "strong")
        self._write(painter, QRectF(GAP, 24, room, 14), plot.stage, "muted", "note")
        self._write(painter, QRectF(GAP, 38, room, 14), self.readout, "muted", "note")
        if plot.counts:
            self._draw_bars(painter, area)
            self._draw_axis(painter, area, f"{plot.low:g}", f"{plot.high:g} {plot.unit}".strip())
        elif len(plot.trend) > 1:
            self._draw_trend(painter, area)
            self._draw_axis(painter, area, f"{plot.trend[0][0]:.3g}", f"{plot.trend[-1][0]:.3g} s")

    def _area(self) -> QRectF:
        return QRectF(GAP, _TOP, max(1, self.width() - 2 * GAP), self.height() - _TOP - _FOOT)

    def _draw_bars(self, painter: QPainter, area: QRectF) -> None:
        top = max(self.plot.counts) or 1.0
        width = area.width() / len(self.plot.counts)
        lit = (
            -1 if self._pointer is None else min(int(self._pointer * len(self.plot.counts)), len(self.plot.counts) - 1)
        )
        painter.setPen(Qt.PenStyle.NoPen)
        for place, count in enumerate(self.plot.counts):
            height = area.height() * count / top
            painter.setBrush(theme().color("accent") if place == lit else QColor(SERIES["plugin"]))
            painter.drawRect(QRectF(area.left() + place * width, area.bottom() - height, max(width - 0.5, 0.5), height))

    def _draw_trend(self, painter: QPainter, area: QRectF) -> None:
        times, numbers = zip(*self.plot.trend, strict=True)
        low, high = min(*numbers, 0.0), max(*numbers, 0.0)
        wide, tall = times[-1] - times[0], (high - low) or 1.0
        points = [
            QPointF(
                area.left() + area.width() * (time - times[0]) / wide,
                area.bottom() - area.height() * (number - low) / tall,
            )
            for time, number in self.plot.trend
        ]
        painter.setPen(QPen(QColor(SERIES["plugin"]), 1.5))
        painter.drawPolyline(QPolygonF(points))

    def _draw_axis(self, painter: QPainter, area: QRectF, low: str, high: str) -> None:
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        line = QRectF(area.left(), area.bottom() + 3, area.width(), 14)
        self._write(painter, line, low, "muted", "note")
        self._write(painter, line, high, "muted", "note", Qt.AlignmentFlag.AlignRight)

    def _write(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        token_name: str,
        role: Role,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Writes a line, shortened to its place; returns its width."""
        metrics = QFontMetricsF(font(role))
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.setFont(font(role))
        painter.setPen(theme().color(token_name))
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, fitting)
        return metrics.horizontalAdvance(fitting)
