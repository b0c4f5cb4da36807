"""The frame that holds what belongs together."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import PADDING, RADIUS, SPACE
from gui.views.widgets.elided_label import ElidedLabel


class Card(QFrame):
    """A panel with a one-pixel line and rounded corners; lay anything out inside.

    Attributes:
        fill: token of its ground.
        outline: token of its line, ``accent`` for a card that stands out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "panel"
        self.outline = "line"

    def set_outline(self, token_name: str) -> None:
        """Draw the line in the colour of the token."""
        if token_name != self.outline:
            self.outline = token_name
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color(self.outline), 1))
        painter.setBrush(theme().color(self.fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class TitledCard(Card):
    """A card with its title at the left and a note at the right.

    Attributes:
        header: the line with title and note; more may be added at its end.
        content: what stands below.
    """

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(font("strong"))
        self._note = ElidedLabel(note, mode=Qt.TextElideMode.ElideRight)
        self._note.setFont(font("note"))
        self._note.setProperty("role", "note")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.header = QHBoxLayout()
        self.header.setSpacing(SPACE * 2)
        self.header.addWidget(self._title)
        self.header.addWidget(self._note, 1)
        self.content = QVBoxLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PADDING, PADDING - 2, PADDING, PADDING)
        outer.setSpacing(SPACE)
        outer.addLayout(self.header)
        outer.addLayout(self.content, 1)
        self.setAccessibleName(title)

    @property
    def title(self) -> str:
        """What the card shows."""
        return self._title.text()

    @property
    def note(self) -> str:
        """What is drawn and how."""
        return self._note.text()

    def set_note(self, note: str) -> None:
        """Show ``note``, as plain text."""
        self._note.setText(note)
