"""Plots as files: pictures and tables, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine import whole_file
from engine.errors import LanescopeError
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.views.plots.axis import hide_overflow

Cell = float | int | str | None
Table = tuple[list[str], list[list[Cell]]]
Draw = Callable[[QPainter, QRectF], None]

_SCALE = 2
_MARGIN = 16
_HEADER = 36
_SOURCE = 16


class PlotNotSaved(LanescopeError):
    """A plot could not be written."""

    title = "The plot was not saved"
    hint = "Choose another folder or name, and try again."


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a plot.

    Attributes:
        title: what it shows.
        note: what is drawn and how.
        source: the run, or runs, that it is of; may be empty.
    """

    title: str
    note: str
    source: str = ""

    @property
    def height(self) -> int:
        """Room that it takes, logical pixels."""
        return _HEADER + (_SOURCE if self.source else 0)


def picture_size(plot: QSize, caption: Caption) -> QSize:
    """Size of the picture of a plot of size ``plot``, with caption and margins; logical pixels."""
    return QSize(plot.width() + 2 * _MARGIN, plot.height() + caption.height + 2 * _MARGIN)


def paint_picture(painter: QPainter, plot: QSize, caption: Caption, draw: Draw) -> None:
    """Paint the caption and what ``draw`` draws into a place of size ``plot``."""
    size = picture_size(plot, caption)
    top = _MARGIN + caption.height
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme().color("panel"))
    heading, small = font("heading"), font("note")
    baseline = _MARGIN + QFontMetricsF(heading).ascent()
    painter.setFont(heading)
    painter.setPen(theme().color("text"))
    painter.drawText(QPointF(_MARGIN, baseline), caption.title)
    room = plot.width() - QFontMetricsF(heading).horizontalAdvance(caption.title) - _MARGIN
    metrics = QFontMetricsF(small)
    shown = metrics.elidedText(caption.note, Qt.TextElideMode.ElideRight, room)
    painter.setFont(small)
    painter.setPen(theme().color("muted"))
    painter.drawText(QPointF(size.width() - _MARGIN - metrics.horizontalAdvance(shown), baseline), shown)
    if caption.source:
        source = metrics.elidedText(caption.source, Qt.TextElideMode.ElideMiddle, plot.width())
        painter.drawText(QPointF(_MARGIN, baseline + _SOURCE), source)
    painter.save()
    draw(painter, QRectF(_MARGIN, top, plot.width(), plot.height()))
    painter.restore()
    for left in (0, size.width() - _MARGIN):
        hide_overflow(painter, QRectF(left, top, _MARGIN, plot.height()))


def as_image(plot: QSize, caption: Caption, draw: Draw) -> QImage:
    """The picture at twice the size, for screens and slides."""
    made = QImage(picture_size(plot, caption) * _SCALE, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(_SCALE)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    paint_picture(painter, plot, caption, draw)
    painter.end()
    return made


def as_png(image: QImage) -> bytes:
    """``image`` as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def as_svg(plot: QSize, caption: Caption, draw: Draw) -> bytes:
    """The picture as SVG, with letters as text."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    size = picture_size(plot, caption)
    made = QSvgGenerator()
    made.setOutputDevice(buffer)
    made.setSize(size)
    made.setViewBox(QRectF(0, 0, size.width(), size.height()))
    made.setResolution(96)
    made.setTitle(" \N{EN DASH} ".join(filter(None, (caption.title, caption.source))))
    made.setDescription(caption.note)
    painter = QPainter(made)
    paint_picture(painter, plot, caption, draw)
    painter.end()
    return bytes(data.data())


def save_picture(path: Path, *, png: Callable[[], bytes], svg: Callable[[], bytes], table: Callable[[], bytes]) -> None:
    """Write a plot as its name's suffix says; only that one is made.

    Raises:
        PlotNotSaved: the suffix is of none of them, or the file cannot be written.
    """
    make = {".png": png, ".svg": svg, ".csv": table}.get(path.suffix.lower())
    if make is None:
        raise PlotNotSaved(
            f"A plot can be saved as PNG, SVG or CSV, and {path.name} is none of them.",
            hint="Let the name end in .png, .svg or .csv.",
        )
    write_whole(path, make())


def as_csv(table: Table) -> bytes:
    """``table`` as comma-separated values in UTF-8, an empty field for ``None``."""
    header, rows = table
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def write_whole(path: Path, content: bytes) -> None:
    """Write ``path`` so that whatever happens, it is the old file or the new one.

    Raises:
        PlotNotSaved: it cannot be written.
    """

    def failure(reason: str) -> PlotNotSaved:
        return PlotNotSaved(f"{path.name} could not be written to {path.parent}: {reason}.")

    whole_file.write_whole(path, content, durable=False, failure=failure)
