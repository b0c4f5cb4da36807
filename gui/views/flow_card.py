"""The way of the reads: source, queue, workers, QC."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.flow import Step, present_flow
from gui.models.format import UNKNOWN
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.painting import draw_trend, write
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel
from gui.views.widgets.queue_gauge import QueueGauge
from gui.views.widgets.worker_strip import WorkerStrip

_STEP = QSize(150, 108)
_LEAST_STEP = 112
_ARROW_WIDTH = 56
_LEAST_HEIGHT = 136
_WIDE = 760


class FlowCard(Card):
    """Source and QC with their rates, the queue's fill on the arrow, and how the threads spent their time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = StepCard()
        self.gauge = QueueGauge()
        self.queue_text = PlainLabel(role="note", muted=True)
        self.workers = _note()
        self.limit = _note()
        self.strip = WorkerStrip()
        self._way_on = _Way()
        self.checks = StepCard()
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Flow")

    def sizeHint(self) -> QSize:
        """Qt's call: as high as the threads need."""
        return QSize(super().sizeHint().width(), max(_LEAST_HEIGHT, super().minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: where it gets narrow, what the threads do goes before what comes out."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        self._way_on.setVisible(is_wide)
        self.checks.setVisible(is_wide)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show how ``snapshot`` flows."""
        flow = present_flow(snapshot)
        self.source.set_step(flow.source)
        self.checks.set_step(flow.checks)
        self.gauge.set_queue(flow.queue, flow.buffers)
        self.gauge.setVisible(flow.queue.capacity > 0)
        self.queue_text.setText(flow.queue_text)
        self.workers.setText(flow.workers)
        self.limit.setText(flow.limit)
        self.strip.set_snapshot(snapshot)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(SPACE * 2)
        self.limit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(PlainLabel("Workers", role="strong"))
        title.addWidget(self.workers, 1)
        title.addWidget(self.limit, 1)
        middle = QVBoxLayout()
        middle.setSpacing(SPACE * 2)
        middle.addLayout(title)
        middle.addWidget(self.strip, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        row.setSpacing(GAP)
        row.addWidget(self.source, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(_Way(self.gauge, self.queue_text), 0)
        row.addLayout(middle, 1)
        row.addWidget(self._way_on, 0)
        row.addWidget(self.checks, 0, Qt.AlignmentFlag.AlignVCenter)


def _note() -> ElidedLabel:
    label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
    label.setFont(font("note"))
    label.setProperty("role", "note")
    return label


class StepCard(Card):
    """A station: name, setting, a small trend, and what goes through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self._step = Step("", "", UNKNOWN, ())
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Qt's call: always the same."""
        return _STEP

    def minimumSizeHint(self) -> QSize:
        """Qt's call: room for the rate."""
        return QSize(_LEAST_STEP, _STEP.height())

    def set_step(self, step: Step) -> None:
        """Show ``step``."""
        if step != self._step:
            self._step = step
            self.setAccessibleName(step.name)
            self.setAccessibleDescription(f"{step.setting}, {step.rate}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw words and trend."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.width() - 2 * GAP
        right = Qt.TextElideMode.ElideRight
        write(painter, QPointF(GAP, 24), self._step.name, "text", "strong", room, right)
        write(painter, QPointF(GAP, 41), self._step.setting, "muted", "note", room, right)
        write(painter, QPointF(GAP, 94), str(self._step.rate), "text", "note", room, right)
        draw_trend(painter, QRectF(GAP, 50, room, 24), self._step.trend)


class _Way(QWidget):
    """An arrow, with what stands on it."""

    def __init__(self, *on_it: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_ARROW_WIDTH if on_it else _ARROW_WIDTH // 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addStretch(1)
        column.addSpacing(2 * SPACE)
        below = QVBoxLayout()
        below.setSpacing(SPACE)
        for widget in on_it:
            below.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        below.addStretch(1)
        column.addLayout(below, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("muted"), 1.3))
        middle, end = self.height() / 2 - SPACE, self.width() - 1.0
        painter.drawLine(QPointF(1, middle), QPointF(end, middle))
        head = (QPointF(end - 5, middle - 4), QPointF(end, middle), QPointF(end - 5, middle + 4))
        painter.drawPolyline(QPolygonF(head))
