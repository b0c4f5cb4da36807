"""What limits a run, at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.run.snapshot import Activity, RunSnapshot, ThreadLoad
from gui.models.run_page import is_followed
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import SPACE, Tokens
from gui.views.widgets.tooltip import as_tooltip

STACKED = (Activity.COMPUTING, Activity.ON_DEVICE, Activity.PARSING, Activity.READING)
"""Drawn from the bottom of a cell up; what is left is waiting."""

_LEGEND = (Activity.PARSING, Activity.COMPUTING, Activity.READING, Activity.WAITING)
_INTERVAL = 0.1
_CELL = 3
_LABEL = 88
_LEGEND_HEIGHT = 26
_LEGEND_LINE = 16
_LEGEND_KEY = 15
_PITCH_LEAST, _PITCH_MOST = 16, 40
_FULL = 0.995
_OF_FOLLOWED = {Activity.READING: "reading, or waiting for reads"}
"""What a thread does while the input is silent cannot be told from reading it."""

_EMPTY = "Shows how each thread spends its time, while a run works."


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a thread is drawn: ``cells`` at most, the newest at the right edge."""

    top: int
    height: int
    left: int
    cells: int


class WorkerStrip(QWidget):
    """How each thread spent the last seconds: one row a thread, one cell each 0.1 s, filled in proportion."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._threads: tuple[ThreadLoad, ...] = ()
        self._bars: dict[Activity, list[QRect]] = {}
        self._laid_out: tuple[object, QSize] | None = None
        self._font = font("note")
        self._legend_lines = 1
        self._words: Mapping[Activity, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Threads of the run")

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot.threads``."""
        threads = snapshot.threads
        words = _OF_FOLLOWED if is_followed(snapshot) else {}
        if threads is self._threads and words == self._words:
            return
        if words != self._words:
            self._words = words
            self._break_legend(self.width())
        if len(threads) != len(self._threads):
            self.updateGeometry()
        self._threads = threads
        self.setAccessibleDescription(", ".join(f"{load.name} {load.activity}" for load in threads))
        self.update()

    def sizeHint(self) -> QSize:
        """Comfortable rows."""
        return QSize(320, max(3, len(self._threads)) * _PITCH_MOST + self._legend_height)

    def minimumSizeHint(self) -> QSize:
        """The lowest rows that can be told apart."""
        return QSize(_LABEL + 30 * _CELL, max(3, len(self._threads)) * _PITCH_LEAST + self._legend_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: break the legend where it does not fit into one line."""
        super().resizeEvent(event)
        self._break_legend(event.size().width())

    def _break_legend(self, width: int) -> None:
        lines = 1 if sum(self._legend_widths(_LEGEND)) <= width else 2
        if lines != self._legend_lines:
            self._legend_lines = lines
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Answer with the values below the pointer when a tooltip is asked for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            said = self.describe(event.pos())
            if said:
                QToolTip.showText(event.globalPos(), as_tooltip(said), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def describe(self, place: QPoint) -> str:
        """What is drawn at ``place``, in words; empty outside of rows."""
        for load, row in zip(self._threads, self._rows(), strict=True):
            if not row.top <= place.y() < row.top + row.height:
                continue
            if place.x() < row.left:
                return f"{load.name}: {load.batches:,} batches, busy {load.busy:.0%} of its time, now {load.activity}"
            back = row.cells - (place.x() - row.left) // _CELL
            if 0 < back <= min(row.cells, len(load.shares)):
                return f"{load.name}, {back * _INTERVAL:.1f} s ago: {_words(load.shares[-back])}"
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rows and legend."""
        painter = QPainter(self)
        painter.setFont(self._font)
        tokens = theme().tokens
        if not self._threads:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _EMPTY)
            return
        rows = self._rows()
        self._lay_out(rows)
        colors = _colors(tokens)
        self._draw_labels(painter, rows, tokens)
        painter.setPen(Qt.PenStyle.NoPen)
        for row in rows:
            painter.fillRect(row.left, row.top, row.cells * _CELL, row.height, colors[Activity.WAITING])
        for activity, bars in self._bars.items():
            painter.setBrush(colors[activity])
            painter.drawRects(bars)
        self._draw_legend(painter, colors, tokens)

    def _rows(self) -> list[_Row]:
        count = max(1, len(self._threads))
        pitch = min(_PITCH_MOST, max(_PITCH_LEAST, (self.height() - self._legend_height) // count))
        height = pitch - max(3, pitch // 5)
        cells = max(1, (self.width() - _LABEL) // _CELL)
        left = self.width() - cells * _CELL
        return [_Row(number * pitch, height, left, cells) for number in range(len(self._threads))]

    def _lay_out(self, rows: list[_Row]) -> None:
        key = (self._threads, self.size())
        if self._laid_out is not None and self._laid_out[0] is key[0] and self._laid_out[1] == key[1]:
            return
        self._laid_out = key
        self._bars = {activity: [] for activity in STACKED}
        for load, row in zip(self._threads, rows, strict=True):
            shares = load.shares[-row.cells :]
            _add_bars(self._bars, shares, row, row.left + (row.cells - len(shares)) * _CELL)

    def _draw_labels(self, painter: QPainter, rows: list[_Row], tokens: Tokens) -> None:
        metrics = QFontMetrics(self._font)
        painter.setPen(QColor(tokens.muted))
        for load, row in zip(self._threads, rows, strict=True):
            room = QRect(0, row.top, row.left - 2 * SPACE, row.height)
            name = metrics.elidedText(load.name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    @property
    def _legend_height(self) -> int:
        return _LEGEND_HEIGHT + (self._legend_lines - 1) * _LEGEND_LINE

    def _legend_widths(self, legend: Sequence[Activity]) -> list[int]:
        metrics = QFontMetrics(self._font)
        return [
            _LEGEND_KEY + metrics.horizontalAdvance(self._words.get(activity, activity)) + 4 * SPACE
            for activity in legend
        ]

    def _draw_legend(self, painter: QPainter, colors: Mapping[Activity, QColor], tokens: Tokens) -> None:
        capital = QFontMetrics(self._font).capHeight()
        legend = [*_LEGEND, Activity.ON_DEVICE] if self._bars[Activity.ON_DEVICE] else list(_LEGEND)
        widths = self._legend_widths(legend)
        in_a_line = -(-len(legend) // self._legend_lines)
        columns = [max(widths[column::in_a_line]) for column in range(in_a_line)]
        first = max(0, min(self._rows()[0].left, self.width() - sum(widths) + 4 * SPACE))
        bottom = min(self.height(), self._rows()[-1].top + _PITCH_MOST + self._legend_height)
        middle = bottom - self._legend_height + _LEGEND_HEIGHT // 2 + 3
        for at, activity in enumerate(legend):
            line, column = divmod(at, in_a_line)
            left, y = first + sum(columns[:column]), middle + line * _LEGEND_LINE
            painter.fillRect(left, y - 5, 10, 10, colors[activity])
            painter.setPen(QColor(tokens.muted))
            painter.drawText(left + _LEGEND_KEY, y + capital // 2, self._words.get(activity, activity))


def _colors(tokens: Tokens) -> dict[Activity, QColor]:
    return {
        Activity.COMPUTING: QColor(tokens.accent),
        Activity.PARSING: theme().color("A"),
        Activity.READING: theme().color("G"),
        Activity.WAITING: QColor(tokens.line),
        Activity.ON_DEVICE: theme().color("T"),
    }


def _words(shares: Mapping[Activity, float]) -> str:
    parts = sorted(((share, activity) for activity, share in shares.items() if share >= 0.005), reverse=True)
    return ", ".join(f"{activity} {share:.0%}" for share, activity in parts) or Activity.WAITING


def _add_bars(
    bars: dict[Activity, list[QRect]], shares: tuple[dict[Activity, float], ...], row: _Row, left: int
) -> None:
    """Append what fills the cells of ``shares``, the first at ``left``; equal full neighbours share one bar."""
    run: QRect | None = None
    run_of: Activity | None = None
    for number, cell in enumerate(shares):
        x = left + number * _CELL
        if run is not None and run_of is not None and cell.get(run_of, 0.0) >= _FULL:
            run.setWidth(x + _CELL - run.x())
            continue
        run, run_of = None, None
        filled = 0.0
        for activity in STACKED:
            share = cell.get(activity, 0.0)
            if share <= 0.0:
                continue
            low, high = round(filled * row.height), round(min(1.0, filled + share) * row.height)
            filled += share
            if high > low:
                bar = QRect(x, row.top + row.height - high, _CELL, high - low)
                bars[activity].append(bar)
                if share >= _FULL:
                    run, run_of = bar, activity
