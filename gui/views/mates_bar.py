"""Whose plots are shown, of a run that has several: of its mates, of reads before and after a pipeline."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.compare_choice import SHORT_OFFER, offer
from gui.theme.tokens import SPACE
from gui.views.choice_group import ChoiceGroup
from gui.views.plain_label import PlainLabel


class MatesBar(QWidget):
    """Chooses the first or the second mates, or all in the same plots; hidden where there is nothing to choose.

    Attributes:
        first: shows the plots of the first mates.
        second: shows those of the second.
        compare: shows both, or what was before and after a pipeline, in the same plots.

    Signals:
        changed: the other mates are wanted.
        compare_requested: all in the same plots are wanted.
    """

    changed = Signal()
    compare_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = QPushButton("Read 1"), QPushButton("Read 2")
        group = ChoiceGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self._words = PlainLabel("Plots and verdict of", role="note", muted=True)
        row.addWidget(self._words)
        for button in (self.first, self.second):
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            button.setAccessibleName(f"Plots and verdict of: {button.text()}")
            group.addButton(button)
            row.addWidget(button)
        self._offer = SHORT_OFFER
        self.compare = QPushButton(SHORT_OFFER)
        self.compare.setToolTip("See them as lines of the same plots")
        row.addStretch(1)
        row.addWidget(self.compare)
        self.first.setChecked(True)
        self.second.toggled.connect(lambda _is_on: self.changed.emit())
        self.compare.clicked.connect(self.compare_requested)
        self.hide()

    def minimumSizeHint(self) -> QSize:
        """Qt's call: the words are the first to go, and then those of the button."""
        width = self._width_of_mates() + self._width_of_button(SHORT_OFFER)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: say as much as there is room for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        taken = self._width_of_mates()
        is_long = self.width() >= taken + self._width_of_button(self._offer)
        self.compare.setText(self._offer if is_long else SHORT_OFFER)
        room = self.width() - taken - self._width_of_button(self.compare.text()) - 2 * SPACE
        self._words.setVisible(taken > 0 and room >= self._words.sizeHint().width())

    def _width_of_mates(self) -> int:
        """Of the buttons that choose the mates; 0 where they are hidden."""
        buttons = (button for button in (self.first, self.second) if not button.isHidden())
        return sum(button.sizeHint().width() + SPACE for button in buttons)

    def _width_of_button(self, words: str) -> int:
        metrics = self.compare.fontMetrics()
        return (
            self.compare.sizeHint().width()
            + metrics.horizontalAdvance(words)
            - metrics.horizontalAdvance(self.compare.text())
        )

    def shown(self, snapshot: RunSnapshot) -> RunSnapshot:
        """``snapshot`` as the plots show it: with the results of the chosen mates."""
        results = snapshot.results
        is_paired = results.mate is not None
        words = offer(is_paired, snapshot.results_after is not None)
        for part in (self.first, self.second):
            part.setVisible(is_paired)
        self._offer = words
        self.compare.setAccessibleName(words)
        self._make_room()
        self.setVisible(bool(words))
        if results.mate is None or not self.second.isChecked():
            return snapshot
        second = results.mate.model_copy(update={"pairs": results.pairs})
        return replace(snapshot, name=f"{snapshot.name}, read 2", results=second)
