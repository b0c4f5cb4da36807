"""A picture of shades between the axes, and the scale that tells what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gui.models.plot_heat import MIDDLE, UNKNOWN, Shades
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import mixed
from gui.views.plots.axis import hide_overflow
from gui.views.plots.trace import Trace

_BELOW, _ABOVE = "T", "C"
_SCALE_WIDTH = 46
_BAR = 10
_LEFT = 10
_TURN = 0.6
_DEEPEST = 0.55


def shade_colors() -> list[int]:
    """The colour of each shade, from far below over nothing to far above, and of what is not known; ``0xAARRGGBB``.

    Vermilion and sky blue are told apart by people of any colour vision; between them is what cards stand on.
    """
    tokens = theme().tokens
    low, high = theme().color(_BELOW).name(), theme().color(_ABOVE).name()
    colors = [
        QColor(mixed(tokens.line, low if index < MIDDLE else high, abs(index - MIDDLE) / MIDDLE)).rgb()
        for index in range(UNKNOWN)
    ]
    return [*colors, QColor(tokens.panel).rgb()]


def depth_colors() -> list[int]:
    """The colour of each shade of a number, from the ground of the plot over the accent to the colour of text.

    One hue that only gets stronger can be read by people of any colour vision, and in print.
    """
    tokens = theme().tokens
    turn = round(_TURN * (UNKNOWN - 1))
    shades = [mixed(tokens.panel, tokens.accent, index / turn) for index in range(turn)]
    rest = UNKNOWN - turn
    shades += [mixed(tokens.accent, tokens.text, _DEEPEST * index / (rest - 1)) for index in range(rest)]
    return [*(QColor(shade).rgb() for shade in shades), QColor(tokens.panel).rgb()]


class HeatMap(Trace):
    """Shades as rectangles that fill the whole plot: ``width`` along the bottom axis, ``height`` along the left."""

    def __init__(self, colors: Callable[[], list[int]] = shade_colors) -> None:
        super().__init__()
        self._colors = colors
        self._shades: Shades = np.zeros((1, 1), dtype=np.uint8)
        self._image = QImage()
        self._place = QRectF()

    def set_shades(self, shades: Shades, place: QRectF) -> None:
        """Draw ``shades`` (uint8 [rows, columns], the first row on top) into ``place``, in the plot's coordinates."""
        self._shades, self._place = shades, place
        rows, columns = shades.shape
        # The picture looks into the array, which therefore has to stay.
        self._image = QImage(shades.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        self._image.setColorTable(self._colors())
        self.update()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        super().restyle()
        if hasattr(self, "_image") and not self._image.isNull():
            self._image.setColorTable(self._colors())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture, each shade with sharp edges."""
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.save()
        # The left axis counts upwards, and pictures downwards.
        painter.translate(self._place.left(), self._place.bottom())
        painter.scale(1, -1)
        painter.drawImage(QRectF(0, 0, self._place.width(), self._place.height()), self._image)
        painter.restore()


class HeatScale(QGraphicsWidget):
    """The colours from top to bottom, and what they stand for."""

    def __init__(self, marks: Mapping[float, str], colors: Callable[[], list[int]] = shade_colors) -> None:
        super().__init__()
        self._marks = marks
        self._colors = colors
        self._font = font("note")
        self._metrics = QFontMetricsF(self._font)
        self.setMinimumWidth(_SCALE_WIDTH)
        self.setMaximumWidth(_SCALE_WIDTH)

    def set_marks(self, marks: Mapping[float, str]) -> None:
        """Write ``marks`` beside the colours, each at its share of the scale, -1 at the foot to 1 on top."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def boundingRect(self) -> QRectF:
        """The strip at the right."""
        return self.rect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw colours and marks."""
        if widget is None:
            hide_overflow(painter, self.rect())
        half = self._metrics.capHeight() / 2
        bar = QRectF(_LEFT, half, _BAR, self.size().height() - 2 * half)
        colors = np.array(self._colors()[UNKNOWN - 1 :: -1], dtype=np.uint32)
        image = QImage(colors.data, 1, len(colors), 4, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(bar, image)
        painter.setFont(self._font)
        painter.setPen(theme().color("muted"))
        for share, text in self._marks.items():
            at = QPointF(bar.right() + 4, bar.center().y() - share * bar.height() / 2 + half)
            painter.drawText(at, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
