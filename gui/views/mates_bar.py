"""Whose plots are shown, of a run of pairs."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from engine.run.snapshot import RunSnapshot
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel


class MatesBar(QWidget):
    """Chooses the first or the second mates; hidden where there are none.

    Attributes:
        first: shows the plots of the first mates.
        second: shows those of the second.

    Signals:
        changed: the other mates are wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = QPushButton("Read 1"), QPushButton("Read 2")
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(PlainLabel("Plots and verdict of", role="note", muted=True))
        for button in (self.first, self.second):
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            button.setAccessibleName(f"Plots and verdict of: {button.text()}")
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.first.setChecked(True)
        self.second.toggled.connect(lambda _is_on: self.changed.emit())
        self.hide()

    def shown(self, snapshot: RunSnapshot) -> RunSnapshot:
        """``snapshot`` as the plots show it: with the results of the chosen mates."""
        results = snapshot.results
        self.setVisible(results.mate is not None)
        if results.mate is None or not self.second.isChecked():
            return snapshot
        second = results.mate.model_copy(update={"pairs": results.pairs})
        return replace(snapshot, name=f"{snapshot.name}, read 2", results=second)
