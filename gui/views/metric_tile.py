"""One metric of one plugin, as a small plot."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui.models.plugin_metrics import MetricPlot
from gui.theme.fonts import Role, font
from gui.theme.theme import theme
from gui.theme.tokens import GAP
from gui.views.plots.picture import Caption, as_csv, as_image, as_png, as_svg, save_picture
from gui.views.plots.plot_menu import PlotMenu
from gui.views.widgets.card import Card

LEAST_WIDTH = 260
"""Logical pixels of a tile, at least."""

_HEIGHT = 176
_TOP, _FOOT = 56, 24
_BUTTON = 24
_PICTURE = QSize(640, 240)


class MetricTile(Card):
    """One metric: a histogram of what it is for each read, or how a single number went.

    Attributes:
        plot: what is shown.
        run_name: name of the run that it is of.
        menu: the button that saves and copies.
    """

    is_zoomed = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self.plot = MetricPlot("", "", "", "", "")
        self.run_name = ""
        self._pointer: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.menu = PlotMenu(self, self)
        self.menu.setFixedSize(_BUTTON, _BUTTON)

    def sizeHint(self) -> QSize:
        """Qt's call: always the same."""
        return QSize(LEAST_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: likewise."""
        return self.sizeHint()

    @property
    def title(self) -> str:
        """What is counted, and by which stage."""
        return f"{self.plot.title}, {self.plot.stage}"

    def set_plot(self, plot: MetricPlot, run_name: str) -> None:
        """Show ``plot`` of the run called ``run_name``."""
        self.run_name = run_name
        if plot != self.plot:
            self.plot = plot
            self.setAccessibleName(self.title)
            self.setAccessibleDescription(plot.spoken)
            self.menu.setAccessibleName(f"Save or copy: {self.title}")
            self.update()

    def save(self, path: Path) -> None:
        """Write the plot to ``path`` as PNG, SVG or CSV, by its suffix.

        Raises:
            LanescopeError: it cannot be written.
        """
        save_picture(path, png=lambda: as_png(self.image()), svg=self._svg, table=lambda: as_csv(self.plot.rows))

    def image(self) -> QImage:
        """The plot with title, stage and number, at twice the size."""
        return as_image(_PICTURE, self._caption, self._paint)

    def copy_image(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def copy_values(self) -> None:
        """Put the values on the clipboard, apart by tabs."""
        QGuiApplication.clipboard().setText(self.plot.table)

    def reset_zoom(self) -> None:
        """All is always shown."""

    def make_menu(self) -> QMenu:
        """What a right click opens; it goes when it closes."""
        return self.menu.make_menu()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's call: what can be done with the plot."""
        self.make_menu().popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: the button stays in its corner."""
        super().resizeEvent(event)
        self.menu.move(QPoint(self.width() - _BUTTON - 6, 5))

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
        room, plot = self.width() - 2 * GAP, self.plot
        first = room - _BUTTON
        number = self._write(
            painter, QRectF(GAP, 8, first, 18), plot.value, "text", "strong", Qt.AlignmentFlag.AlignRight
        )
        self._write(painter, QRectF(GAP, 8, first - number - GAP, 18), plot.title, "text", "strong")
        self._write(painter, QRectF(GAP, 26, first, 14), plot.stage, "muted", "note")
        self._write(painter, QRectF(GAP, 40, room, 14), self.readout, "muted", "note")
        self._draw(painter, self._area())

    @property
    def _caption(self) -> Caption:
        value = self.plot.value
        return Caption(f"{self.title}: {value}", self.plot.note, self.run_name)

    def _svg(self) -> bytes:
        return as_svg(_PICTURE, self._caption, self._paint)

    def _paint(self, painter: QPainter, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter, target.adjusted(0, 8, 0, -_FOOT), lights=False)

    def _draw(self, painter: QPainter, area: QRectF, *, lights: bool = True) -> None:
        plot = self.plot
        if plot.counts:
            self._draw_bars(painter, area, lights=lights)
            self._draw_axis(painter, area, f"{plot.low:g}", f"{plot.high:g} {plot.unit}".strip())
        elif len(plot.trend) > 1:
            self._draw_trend(painter, area)
            self._draw_axis(painter, area, f"{plot.trend[0][0]:.3g}", f"{plot.trend[-1][0]:.3g} s")

    def _area(self) -> QRectF:
        return QRectF(GAP, _TOP, max(1, self.width() - 2 * GAP), self.height() - _TOP - _FOOT)

    def _draw_bars(self, painter: QPainter, area: QRectF, *, lights: bool) -> None:
        top = max(self.plot.counts) or 1.0
        width = area.width() / len(self.plot.counts)
        lit = -1
        if lights and self._pointer is not None:
            lit = min(int(self._pointer * len(self.plot.counts)), len(self.plot.counts) - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, count in enumerate(self.plot.counts):
            height = area.height() * count / top
            painter.setBrush(theme().color("accent") if place == lit else theme().color("plugin"))
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
        painter.setPen(QPen(theme().color("plugin"), 1.5))
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
