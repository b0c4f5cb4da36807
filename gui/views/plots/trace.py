"""What a plot draws between its axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.models.plot_series import Line
from gui.theme.theme import theme
from gui.theme.tokens import mixed


def fitted(pen: QPen, width: float, painter: QPainter) -> QPen:
    """``pen`` as ``width`` logical pixels: the width of a cosmetic pen counts the device's own pixels."""
    wanted = width * painter.device().devicePixelRatioF()
    if pen.widthF() != wanted:
        pen.setWidthF(wanted)
    return pen


class Trace(QGraphicsItem):
    """A line, an area, or both, in the coordinates of the plot. Made once; updates replace its path.

    Attributes:
        line: token or series of its line; empty for none.
        width: of the line, logical pixels.
        dashes: whether the line is dashed.
        fill: token or series of its area; empty for none.
        opacity: of the area, 0..1.
        solid: whether nothing lies below the area but the panel, which makes it cheaper to fill.
        smooth: whether edges are antialiased; upright ones need it not.
    """

    def __init__(
        self,
        *,
        line: str = "",
        width: float = 1.5,
        dashes: bool = False,
        fill: str = "",
        opacity: float = 1.0,
        solid: bool = False,
        smooth: bool = True,
    ) -> None:
        super().__init__()
        self._line, self._width, self._dashes = line, width, dashes
        self._fill, self._opacity = fill, opacity
        self._solid = solid
        self._smooth = smooth
        self._segments: list[QLineF] = []
        self._edge, self._area = QPainterPath(), QPainterPath()
        self._bounds = QRectF()
        self._pen, self._brush = QPen(Qt.PenStyle.NoPen), QBrush(Qt.BrushStyle.NoBrush)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        if self._line:
            self._pen = QPen(theme().color(self._line), self._width)
            self._pen.setCosmetic(True)
            self._pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
            # Smooth segments must not overlap: where their half-covered pixels add up, a level line looks dotted.
            self._pen.setCapStyle(Qt.PenCapStyle.FlatCap if self._smooth else Qt.PenCapStyle.SquareCap)
            if self._dashes:
                self._pen.setDashPattern([3, 3])
        if self._fill:
            color = theme().color(self._fill)
            if self._solid:
                color = QColor(mixed(theme().tokens.panel, color.name(), self._opacity))
            else:
                color.setAlphaF(self._opacity)
            self._brush = QBrush(color)
        self.update()

    def set_bounds(self, bounds: QRectF) -> None:
        """Where the plot is looked at."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def set_line(self, line: Line) -> None:
        """Draw ``line``; it may break."""
        self._edge = arrayToQPath(line.x, line.y, connect="finite")
        self._segments = [] if self._dashes else _segments(line)
        self.update()

    def set_area(self, outlines: Sequence[Line]) -> None:
        """Fill ``outlines``."""
        self._area = QPainterPath()
        for outline in outlines:
            self._area.addPath(arrayToQPath(outline.x, outline.y, connect="all", finiteCheck=False))
        self.update()

    def boundingRect(self) -> QRectF:
        """All that is looked at."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the area, then the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._smooth)
        if self._fill and not self._area.isEmpty():
            painter.fillPath(self._area, self._brush)
        if not self._line or self._edge.isEmpty():
            return
        pen = fitted(self._pen, self._width, painter)
        if widget is not None and self._segments:
            # On the screen, where lines change ten times a second: segments take a sixth of the time of a path.
            painter.setPen(pen)
            painter.drawLines(self._segments)
        else:
            painter.strokePath(self._edge, pen)


def _segments(line: Line) -> list[QLineF]:
    points = [QPointF(x, y) for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)]
    known = np.isfinite(line.y).tolist()
    pairs = zip(points, points[1:], known, known[1:], strict=False)
    return [QLineF(begin, end) for begin, end, first, second in pairs if first and second]


class Crosshair(QGraphicsItem):
    """Where the cursor stands: an upright line, and a level one where a value is."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()
        self._lines: list[QLineF] = []
        self.setZValue(10)

    def set_bounds(self, bounds: QRectF) -> None:
        """Where the plot is looked at."""
        self.prepareGeometryChange()
        self._bounds = bounds

    def move(self, x: float, y: float | None) -> None:
        """Stand at ``x``, and at ``y`` where there is a value."""
        area = self._bounds
        self._lines = [QLineF(x, area.top(), x, area.bottom())]
        if y is not None:
            self._lines.append(QLineF(area.left(), y, area.right(), y))
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        if self._lines:
            self._lines = []
            self.update()

    def boundingRect(self) -> QRectF:
        """All that is looked at."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines."""
        if self._lines:
            pen = QPen(theme().color("muted"), 1)
            pen.setCosmetic(True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(fitted(pen, 1, painter))
            painter.drawLines(self._lines)


class Zone(QGraphicsItem):
    """A level strip behind the lines, from ``low`` to ``high`` and across the whole plot, in the tint of a token."""

    def __init__(self, low: float, high: float, token_name: str, opacity: float) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._token_name = token_name
        self._opacity = opacity
        self._bounds = QRectF()
        self._color = QColor()
        self.setZValue(-10)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self._color = QColor(theme().color(self._token_name))
        self._color.setAlphaF(self._opacity)
        self.update()

    def set_bounds(self, bounds: QRectF) -> None:
        """Where the plot is looked at."""
        self.prepareGeometryChange()
        low, high = max(self._low, bounds.top()), min(self._high, bounds.bottom())
        self._bounds = QRectF(bounds.left(), low, bounds.width(), max(0.0, high - low))

    def boundingRect(self) -> QRectF:
        """The strip."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the strip."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillRect(self._bounds, self._color)
