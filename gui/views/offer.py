"""An offer that can be taken or left, and presses nobody."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card


class Offer(QWidget):
    """One line above the pages with a button that takes the offer and one that leaves it; hidden without words.

    Args:
        name: what a screen reader calls it.
        take: what the button says that takes it.
        symbol: name of its icon.

    Signals:
        taken: it shall be done.
        dismissed: it shall not.
    """

    taken = Signal()
    dismissed = Signal()

    def __init__(
        self, name: str, *, take: str = "Continue", symbol: str = "paused", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.card = Card()
        self.text = PlainLabel(wraps=True)
        self.take = QPushButton(take)
        self.take.clicked.connect(self.taken)
        self.dismiss = QPushButton("Dismiss")
        self.dismiss.setProperty("role", "quiet")
        self.dismiss.clicked.connect(self.dismissed)
        row = QHBoxLayout(self.card)
        row.setContentsMargins(PADDING, 2 * SPACE, PADDING - 6, 2 * SPACE)
        row.setSpacing(GAP)
        row.addWidget(Symbol(symbol, "muted"))
        row.addWidget(self.text, 1)
        row.addWidget(self.take)
        row.addWidget(self.dismiss)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, 0)
        column.addWidget(self.card)
        self.card.setAccessibleName(name)
        self.hide()

    def say(self, words: str) -> None:
        """Offer this, or nothing where it is empty."""
        self.text.setText(words)
        self.card.setAccessibleDescription(words)
        self.take.setAccessibleDescription(words)
        self.setVisible(bool(words))
