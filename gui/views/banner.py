"""One sentence that stands above the numbers and qualifies them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.theme.tokens import GAP, PADDING
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card


class Banner(Card):
    """A warning or a word of patience, which stays as long as it is true."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_outline("warned")
        self._symbol = Symbol("warned", "warned")
        self.text = PlainLabel(wraps=True, selectable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, PADDING - 4, PADDING, PADDING - 4)
        row.setSpacing(GAP)
        row.addWidget(self._symbol)
        row.addWidget(self.text, 1)
        self.setAccessibleName("Note on these numbers")

    def say(self, sentence: str, *, is_warning: bool = True) -> None:
        """Show ``sentence``, or nothing at all when it is empty."""
        self._symbol.set_symbol(*(("warned", "warned") if is_warning else ("created", "muted")))
        self.set_outline("warned" if is_warning else "line")
        self.text.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.setVisible(bool(sentence))
