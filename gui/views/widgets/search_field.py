"""Where words are looked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from gui.theme.icons import bind_icon

_CLOSER = -8


class SearchField(QLineEdit):
    """A field with a glass in front and, once something is written, a button that empties it.

    Signals:
        left_downwards: the arrow down was pressed: what was found is wanted.
    """

    left_downwards = Signal()

    def __init__(self, placeholder: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        # Files dropped here are for the window.
        self.setAcceptDrops(False)
        glass = QAction(self)
        bind_icon(glass, "search", "muted")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        # Qt leaves the room of the stylesheet's padding behind the glass as well as before it.
        self.setTextMargins(_CLOSER, 0, 0, 0)
        self.setClearButtonEnabled(True)
        # Qt makes buttons of both and names neither.
        shown, emptying = self.findChildren(QToolButton)
        shown.setAccessibleName("Search")
        emptying.setAccessibleName("Empty the search")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the arrow down goes on to what was found."""
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)
