"""How the files that were dropped will be read, before they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.models.format import plural
from gui.models.grouping import Grouping, Plan, listed, plan, reasons, shape
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card

_MOST_ROWS = 200


class ProposalCard(Card):
    """A line a run: its name, what it is, its files; then what cannot be grouped, and why.

    Attributes:
        files: what was dropped; empty when nothing waits for an answer.
        plan: how it will be read.
        start: reads it so.
        dismiss: reads nothing.

    Signals:
        accepted: the files shall be read as shown.
        dismissed: they shall not be read.
    """

    accepted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_outline("accent")
        self.files: tuple[Path, ...] = ()
        self.plan = Plan(())
        self._title = PlainLabel(role="strong")
        self.start = QPushButton()
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self.accepted)
        self.dismiss = QPushButton("Do not read")
        self.dismiss.clicked.connect(self.dismissed)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.start)
        head.addWidget(self.dismiss)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING - 4, PADDING, PADDING)
        column.setSpacing(2 * SPACE)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)

    def propose(self, files: Sequence[Path], grouping: Grouping) -> None:
        """Show how ``files`` become runs."""
        self.files = tuple(files)
        self.plan = plan(self.files, grouping)
        self._title.setText(self.plan.words if self.plan.datasets else "Nothing can be read like this")
        self.start.setText(f"Start {plural(len(self.plan.datasets), 'run')}")
        self.start.setEnabled(bool(self.plan.datasets))
        self._scroll.setWidget(self._rows())
        self.setAccessibleName(f"How files will be read: {self._title.text()}")

    def clear(self) -> None:
        """Forget the files."""
        self.files, self.plan = (), Plan(())

    def _rows(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(2 * SPACE)
        grid.setColumnStretch(3, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, words in enumerate(reasons(self.plan.refused)[:_MOST_ROWS]):
            grid.addWidget(Symbol("warned", "warned", 14), row, 0, top)
            grid.addWidget(PlainLabel(words, wraps=True, selectable=True), row, 1, 1, 3)
        first = grid.rowCount()
        for row, dataset in enumerate(self.plan.datasets[:_MOST_ROWS], first):
            grid.addWidget(Symbol("reads", "muted", 14), row, 0, top)
            grid.addWidget(PlainLabel(dataset.name, role="strong", selectable=True), row, 1, top)
            grid.addWidget(PlainLabel(shape(dataset, interleaved=self.plan.interleaved), muted=True), row, 2, top)
            files = PlainLabel("\n".join(listed(dataset)), muted=True, selectable=True)
            grid.addWidget(files, row, 3, top)
        left_out = max(0, len(self.plan.datasets) - _MOST_ROWS)
        if left_out:
            grid.addWidget(PlainLabel(f"and {plural(left_out, 'more run')}", muted=True), grid.rowCount(), 1, 1, 3)
        grid.setRowStretch(grid.rowCount(), 1)
        return body
