"""Why a run failed: what, where, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.run.snapshot import RunFailure
from engine.run.state import RunState
from gui.models.run_page import failure_place
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card


class FailureCard(Card):
    """The failure of a run on top of its page.

    Signals:
        copy_requested: the details shall go to the clipboard.
    """

    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbol = Symbol("failed", "failed")
        self.title = PlainLabel(role="heading", wraps=True)
        self.place = PlainLabel(role="mono", muted=True, wraps=True, selectable=True)
        self.message = PlainLabel(wraps=True, selectable=True)
        self.hint = PlainLabel(wraps=True, muted=True)
        self.copy = QPushButton("Copy details")
        self.copy.clicked.connect(self.copy_requested)
        words = QVBoxLayout()
        words.setSpacing(SPACE)
        for label in (self.title, self.message, self.place, self.hint):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        row.setSpacing(GAP)
        row.addWidget(self.symbol, 0, self.symbol.TOP)
        row.addLayout(words, 1)
        row.addWidget(self.copy, 0, self.symbol.TOP)
        self.setAccessibleName("Why this run failed")

    def show_failure(self, failure: RunFailure, state: RunState) -> None:
        """Show ``failure``; a run that was merely interrupted is warned of, not mourned."""
        token = "warned" if state is RunState.INTERRUPTED else "failed"
        self.symbol.set_symbol(token, token)
        self.set_outline(token)
        self.title.setText(failure.title)
        self.message.setText(failure.message)
        self.hint.setText(failure.hint)
        self.hint.setVisible(bool(failure.hint))
        place = failure_place(failure)
        self.place.setText(place)
        # Most messages tell it already.
        self.place.setVisible(bool(place) and place.replace(" · ", ", ") not in failure.message)
        self.setAccessibleDescription(f"{failure.title}. {failure.message} {failure.hint}")
