"""A word about what was just done, with a way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.theme.tokens import GAP, PADDING
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel

_SECONDS = 10


class Toast(Card):
    """A line at the foot of the window that goes by itself after ten seconds, unless the pointer is on it.

    It stands below the page and covers none of it.

    Signals:
        undo_requested: what the toast tells of shall be taken back.
    """

    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self.text = ElidedLabel()
        self.undo = QPushButton("Undo")
        self.undo.setProperty("role", "quiet")
        self.undo.clicked.connect(self.undo_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, PADDING // 2, PADDING // 2, PADDING // 2)
        row.setSpacing(GAP)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self.setAccessibleName("Done")
        self.hide()

    def say(self, text: str, *, can_undo: bool = False) -> None:
        """Show ``text`` for ten seconds."""
        self.text.setText(text)
        self.undo.setVisible(can_undo)
        self.setAccessibleDescription(text)
        self.show()
        self._timer.start()

    def event(self, event: QEvent) -> bool:
        """Qt's call: wait while the pointer is on it."""
        if event.type() == QEvent.Type.Enter:
            self._timer.stop()
        elif event.type() == QEvent.Type.Leave and self.isVisible():
            self._timer.start()
        return super().event(event)
