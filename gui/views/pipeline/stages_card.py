"""The stages of a run's pipeline, while it goes and afterwards."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.format import UNKNOWN
from gui.models.pipelines.stage_board import Board, StageBoard, StageLine
from gui.theme.fonts import Role, font
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.choice_group import ChoiceGroup
from gui.views.painting import draw_trend, write
from gui.views.plain_label import PlainLabel
from gui.views.reflow import ReflowGrid
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel
from gui.views.widgets.tooltip import set_tooltip

_LEAST_WIDTH = 186
_LEAST_WORDS = 200
_MOST_COLUMNS = 7
_HEIGHT = 142
_TREND = 24
"""Of which so much is for the trend, which is there while a run goes and not in the store."""

_BEFORE, _AFTER = "Reads as they came", "Reads that are kept"


class StagesCard(Card):
    """A card for each stage, what is left of the reads, and whose QC the plots show.

    Attributes:
        before: shows the QC of the reads as they came.
        after: shows the QC of what the pipeline kept.
        tiles: one for each stage.

    Signals:
        side_changed: whether the QC of what was kept is wanted.
    """

    side_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = StageBoard()
        self.tiles: list[StageTile] = []
        self.title = PlainLabel(role="strong")
        self.kept = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.kept.setFont(font("note"))
        self.kept.setProperty("role", "note")
        self.outputs = PlainLabel(role="note", muted=True, wraps=True, selectable=True)
        self.before, self.after = QPushButton(_BEFORE), QPushButton(_AFTER)
        group = ChoiceGroup(self)
        for button in (self.before, self.after):
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            button.setAccessibleName(f"QC of: {button.text()}")
            group.addButton(button)
        self.before.setChecked(True)
        self.after.toggled.connect(self.side_changed)
        self._switch = QWidget()
        switch = QHBoxLayout(self._switch)
        switch.setContentsMargins(0, 0, 0, 0)
        switch.setSpacing(SPACE)
        switch.addWidget(PlainLabel("QC of", role="note", muted=True))
        switch.addWidget(self.before)
        switch.addWidget(self.after)
        self._head = head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setSpacing(2 * SPACE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.kept)
        head.addLayout(words, 1)
        head.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(PADDING, PADDING - SPACE, PADDING, PADDING)
        self._column.setSpacing(2 * SPACE)
        self._column.addLayout(head)
        self._grid: ReflowGrid | None = None
        self._column.addWidget(self.outputs)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pipeline")
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: where there is no room for the words beside the switch, they stand above it."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= self._switch.minimumSizeHint().width() + _LEAST_WORDS
        side, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(side if is_wide else above)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: as narrow as the switch."""
        return QSize(self._switch.minimumSizeHint().width() + 2 * PADDING, super().minimumSizeHint().height())

    @property
    def wants_after(self) -> bool:
        """Whether the plots are to show the QC of what was kept."""
        return self.after.isChecked()

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show what the pipeline of ``snapshot`` has done; nothing where it has none."""
        board = self._board.present(snapshot)
        self.setVisible(board is not None)
        if board is not None:
            self._switch.setVisible(snapshot.results_after is not None)
            self._show(board)
            has_trend = not snapshot.state.is_final or any(line.trend for line in board.stages)
            for tile in self.tiles:
                tile.make_room_for_trend(has_trend)

    def _show(self, board: Board) -> None:
        self.title.setText(board.title)
        self.kept.setText(" · ".join(part for part in (board.kept, board.latency) if part))
        self.outputs.setText("\n".join(board.outputs))
        self.outputs.setVisible(bool(board.outputs))
        if len(board.stages) != len(self.tiles):
            self._make_tiles(len(board.stages))
        for tile, line in zip(self.tiles, board.stages, strict=True):
            tile.set_line(line)

    def _make_tiles(self, count: int) -> None:
        if self._grid is not None:
            self._column.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self.tiles = [StageTile() for _ in range(count)]
        self._grid = ReflowGrid(self.tiles, least_width=_LEAST_WIDTH, most_columns=_MOST_COLUMNS, even=True)
        self._column.insertWidget(1, self._grid)


class StageTile(Card):
    """One stage: name, kind, trend, throughput, what it did, how long it takes, what went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self.line = StageLine("", "", UNKNOWN, (), "", "", "", ())
        self._has_trend = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt's call: the same for all stages."""
        return QSize(_LEAST_WIDTH, _HEIGHT - self._above)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: likewise."""
        return self.sizeHint()

    @property
    def _above(self) -> int:
        """Points by which everything below the trend stands higher where there is none."""
        return 0 if self._has_trend else _TREND

    def make_room_for_trend(self, wanted: bool) -> None:
        """Keep the room for a trend, or be lower without."""
        if wanted != self._has_trend:
            self._has_trend = wanted
            self.updateGeometry()
            self.update()

    def set_line(self, line: StageLine) -> None:
        """Show ``line``."""
        if line != self.line:
            self.line = line
            self.set_outline("failed" if line.trouble else "line")
            self.setAccessibleName(f"Stage {line.name}")
            self.setAccessibleDescription(line.spoken)
            latency = f"Time for one batch: {line.latency}" if line.latency else ""
            set_tooltip(self, "\n".join((latency, *line.details)).strip())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw words and trend."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.line
        self._write(painter, 23, line.name, "text", "strong")
        self._write(painter, 39, line.kind, "muted", "note")
        draw_trend(painter, QRectF(GAP, 46, self.width() - 2 * GAP, 20), line.trend)
        self._write(painter, 84 - self._above, str(line.rate), "text", "note")
        self._write(
            painter, 101 - self._above, line.trouble or line.effect, "failed" if line.trouble else "text", "note"
        )
        for place, part in enumerate(line.latency.split(" · ") if line.latency else ()):
            self._draw_percentile(painter, place, part)

    def _draw_percentile(self, painter: QPainter, place: int, part: str) -> None:
        name, _, value = part.partition(" ")
        width = (self.width() - 2 * GAP) / 3
        left = GAP + place * width
        self._write(painter, 117 - self._above, name, "muted", "note", left, width)
        self._write(painter, 131 - self._above, value, "text", "note", left, width)

    def _write(
        self,
        painter: QPainter,
        baseline: float,
        text: str,
        token_name: str,
        role: Role,
        left: float = GAP,
        room: float | None = None,
    ) -> None:
        width = self.width() - 2 * GAP if room is None else room
        write(painter, QPointF(left, baseline), text, token_name, role, width, Qt.TextElideMode.ElideRight)
