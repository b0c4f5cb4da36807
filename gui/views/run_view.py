"""The page of one run, live or from the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSlider, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.checkpoints import CheckpointsPage
from gui.models.run_page import Key, RunPage, failure_report, present
from gui.theme.tokens import GAP, SPACE
from gui.views.checkpoints_card import CheckpointsCard
from gui.views.device_card import DevicePanel
from gui.views.flow_card import FlowCard
from gui.views.mates_bar import MatesBar
from gui.views.pipeline.stages_card import StagesCard
from gui.views.plain_label import PlainLabel
from gui.views.plot_grid import PlotGrid
from gui.views.plugin_metrics_card import PluginMetricsCard
from gui.views.reflow import ReflowGrid
from gui.views.run_header import RunHeader
from gui.views.run_notes import RunNotes
from gui.views.stagger import Stagger
from gui.views.tuning_card import TuningCard
from gui.views.widgets.progress_line import ProgressLine
from gui.views.widgets.stat_card import LEAST_WIDTH, StatCard

_SIDE = 20
_Action = QAbstractSlider.SliderAction
_SCROLLING: dict[int, QAbstractSlider.SliderAction] = {
    Qt.Key.Key_PageUp: _Action.SliderPageStepSub,
    Qt.Key.Key_PageDown: _Action.SliderPageStepAdd,
    Qt.Key.Key_Up: _Action.SliderSingleStepSub,
    Qt.Key.Key_Down: _Action.SliderSingleStepAdd,
    Qt.Key.Key_Home: _Action.SliderToMinimum,
    Qt.Key.Key_End: _Action.SliderToMaximum,
}
_LINE_COLORS = {
    RunState.COMPLETED: "passed",
    RunState.FAILED: "failed",
    RunState.INTERRUPTED: "warned",
    RunState.CANCELLED: "muted",
    RunState.PAUSED: "warned",
}


class RunView(QWidget):
    """A run from top to bottom: what it is and how it stands, seven numbers, its flow, its plots.

    Nothing is drawn anew while the view is hidden. Numbers follow at once; plots one by one.

    Attributes:
        snapshot: what is shown.
        notes: what stands above its numbers, where there is something to tell.
        plotted: what the plots show: the same, or with the QC of the reads that a pipeline kept in its place.

    Signals:
        pause_requested: with the run's key; likewise the others.
        resume_requested: the run shall go on.
        finish_requested: the run shall follow its input no longer.
        cancel_requested: the run shall end.
        report_requested: reports of it shall be written.
        again_requested: the input shall be run once more.
        continue_requested: the run shall go on from its last checkpoint.
        prune_requested: its checkpoints shall be removed.
        compare_requested: its mates, or its reads before and after the pipeline, shall be seen in the same plots.
        freeze_requested: with the run's key and whether its tuning shall stay as it is.
        copied: the details of a failure are in the clipboard.
    """

    pause_requested = Signal(int)
    resume_requested = Signal(int)
    finish_requested = Signal(int)
    cancel_requested = Signal(int)
    report_requested = Signal(int)
    again_requested = Signal(int)
    continue_requested = Signal(int)
    prune_requested = Signal(int)
    compare_requested = Signal(int)
    freeze_requested = Signal(int, bool)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.snapshot: RunSnapshot | None = None
        self.plotted: RunSnapshot | None = None
        self.page: RunPage | None = None
        self._safe_reads: int | None = None
        self._safe: CheckpointsPage | None = None
        self._is_elsewhere = False
        self.stagger = Stagger(self)
        self.header = RunHeader()
        self.line = ProgressLine()
        self.progress_text = PlainLabel(role="note", muted=True)
        self.notes = RunNotes()
        self.failure, self.partial = self.notes.failure, self.notes.banner
        self.numbers = {key: StatCard(key) for key in Key}
        self._numbers_row = ReflowGrid(
            list(self.numbers.values()), least_width=LEAST_WIDTH, most_columns=len(Key), even=True
        )
        self._scroll = QScrollArea()
        self.flow = FlowCard()
        self.devices = DevicePanel()
        self.tuning = TuningCard()
        self.checkpoints = CheckpointsCard()
        self.stages = StagesCard()
        self.metrics = PluginMetricsCard()
        self.mates = MatesBar()
        self.plots = PlotGrid(self.stagger)
        self._lay_out()
        self._connect()

    def show_snapshot(self, snapshot: RunSnapshot, *, is_elsewhere: bool = False) -> None:
        """Show ``snapshot``, at once or when the view is next seen.

        Args:
            snapshot: the run.
            is_elsewhere: whether another process does it.
        """
        is_other = self.snapshot is None or self.snapshot.run_id != snapshot.run_id
        self.snapshot, self._is_elsewhere = snapshot, is_elsewhere
        if is_other:
            self._safe_reads = self._safe = None
            self._scroll.verticalScrollBar().setValue(0)
        if self.isVisible():
            self._draw()

    def set_safe_reads(self, reads: int | None) -> None:
        """Tell how many reads of the run that is shown are in its last checkpoint; ``None``: it has none."""
        if reads != self._safe_reads:
            self._safe_reads = reads
            if self.isVisible():
                self._draw()

    def set_checkpoints(self, page: CheckpointsPage | None) -> None:
        """Tell what the checkpoints of the run that is shown hold; ``None``: it has none."""
        if page != self._safe:
            self._safe = page
            if self.isVisible():
                self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call: catch up."""
        super().showEvent(event)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Space pauses and resumes, Escape cancels, where no button wanted the key."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle_pause()
        elif event.key() == Qt.Key.Key_Escape:
            self.ask_to_cancel()
        elif event.key() in _SCROLLING:
            self._scroll.verticalScrollBar().triggerAction(_SCROLLING[event.key()])
        else:
            super().keyPressEvent(event)

    def toggle_pause(self) -> None:
        """Pause the run, or let it go on."""
        if self.page is not None and self.page.can_pause:
            self.pause_requested.emit(self.page.run_id)
        elif self.page is not None and self.page.can_resume:
            self.resume_requested.emit(self.page.run_id)

    def ask_to_cancel(self) -> None:
        """End the run before its time."""
        if self.page is not None and self.page.can_cancel:
            self.cancel_requested.emit(self.page.run_id)

    def _draw(self) -> None:
        if self.snapshot is None:
            return
        now = datetime.now().astimezone()
        page = self.page = present(self.snapshot, now, self._safe_reads, is_elsewhere=self._is_elsewhere)
        self.header.show_page(page)
        self.line.set_fraction(page.fraction if page.state is not RunState.CREATED else 0.0)
        self.line.set_color(_LINE_COLORS.get(page.state, "accent"))
        self.progress_text.setText(page.progress_text)
        self.progress_text.setVisible(bool(page.progress_text))
        for key, number in page.numbers.items():
            card = self.numbers[key]
            card.set_title(number.label)
            card.set_value(*number.quantity, number.note)
            card.set_detail(number.detail)
        self.notes.show_page(page)
        self.stagger.ask(self.flow, partial(self.flow.set_snapshot, self.snapshot))
        self.devices.set_snapshot(self.snapshot)
        self.tuning.set_snapshot(self.snapshot)
        self.checkpoints.set_page(self._safe if page.can_continue else None)
        self.stages.set_snapshot(self.snapshot)
        self.metrics.set_snapshot(self.snapshot)
        self._draw_plots()

    def _draw_plots(self, *_: object) -> None:
        """Show the QC of the reads as they came, or of those that a pipeline kept."""
        snapshot = self.snapshot
        if snapshot is not None and snapshot.results_after is not None and self.stages.wants_after:
            snapshot = replace(snapshot, results=snapshot.results_after)
        if snapshot is not None:
            self.plotted = snapshot = self.mates.shown(snapshot)
            self.plots.set_snapshot(snapshot)

    def _lay_out(self) -> None:
        progress = QHBoxLayout()
        progress.setSpacing(GAP)
        progress.addWidget(self.line, 1)
        progress.addWidget(self.progress_text)
        progress.addStrut(self.progress_text.sizeHint().height())  # nothing moves when the words go
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 0, _SIDE, _SIDE)
        column.setSpacing(GAP)
        for part in (
            self.failure,
            self.partial,
            self.checkpoints,
            self._numbers_row,
            self.flow,
            self.devices,
            self.tuning,
            self.stages,
            self.metrics,
            self.mates,
        ):
            column.addWidget(part)
        column.addWidget(self.plots, 1)
        bar = self._scroll.verticalScrollBar()
        # Cards end where the header ends, with a scroll bar or without.
        bar.rangeChanged.connect(
            lambda _low, high: column.setContentsMargins(
                _SIDE, 0, _SIDE - (bar.sizeHint().width() if high else 0), _SIDE
            )
        )
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        # A stop where nothing can be done; its keys are heard by the whole view.
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QVBoxLayout()
        head.setContentsMargins(_SIDE, _SIDE - SPACE, _SIDE, GAP)
        head.setSpacing(GAP)
        head.addWidget(self.header)
        head.addLayout(progress)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self.header.pause_requested.connect(self.toggle_pause)
        self.header.resume_requested.connect(self.toggle_pause)
        self.header.finish_requested.connect(self._ask_to_finish)
        self.header.cancel_requested.connect(self.ask_to_cancel)
        self.header.again_requested.connect(self._ask_again)
        self.header.report_requested.connect(self._ask_for_report)
        self.header.continue_requested.connect(self._ask_to_continue)
        self.failure.copy_requested.connect(self._copy_failure)
        self.tuning.freeze_requested.connect(self._ask_to_freeze)
        self.checkpoints.prune_requested.connect(self._ask_to_prune)
        self.mates.changed.connect(self._draw_plots)
        self.mates.compare_requested.connect(self._ask_to_compare)
        self.plots.wanted.connect(self._scroll_to)
        self.stages.side_changed.connect(self._draw_plots)

    def _scroll_to(self, card: QWidget) -> None:
        """Bring all of a card into sight, its top where it is too high for that."""
        bar = self._scroll.verticalScrollBar()
        top = card.mapTo(self.plots, QPoint(0, 0)).y() + self.plots.y()
        bar.setValue(max(top + card.height() + GAP - self._scroll.viewport().height(), min(bar.value(), top)))

    def _ask_to_finish(self) -> None:
        if self.page is not None and self.page.can_finish:
            self.finish_requested.emit(self.page.run_id)

    def _ask_to_freeze(self, frozen: bool) -> None:
        if self.page is not None:
            self.freeze_requested.emit(self.page.run_id, frozen)

    def _ask_for_report(self) -> None:
        if self.page is not None:
            self.report_requested.emit(self.page.run_id)

    def _ask_again(self) -> None:
        if self.page is not None:
            self.again_requested.emit(self.page.run_id)

    def _ask_to_continue(self) -> None:
        if self.page is not None and self.page.can_continue:
            self.continue_requested.emit(self.page.run_id)

    def _ask_to_prune(self) -> None:
        if self.page is not None and self.page.can_continue:
            self.prune_requested.emit(self.page.run_id)

    def _ask_to_compare(self) -> None:
        if self.page is not None:
            self.compare_requested.emit(self.page.run_id)

    def _copy_failure(self) -> None:
        if self.page is not None and self.snapshot is not None:
            QGuiApplication.clipboard().setText(failure_report(self.page, self.snapshot))
            self.copied.emit()
