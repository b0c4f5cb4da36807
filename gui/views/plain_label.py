"""Text that is shown as it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.theme.fonts import Role, font


class PlainLabel(QLabel):
    """A label whose text is data: never markup, wrapped where it is long, and selectable where it may be copied."""

    def __init__(
        self,
        text: str = "",
        role: Role = "text",
        *,
        muted: bool = False,
        wraps: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(role))
        self.setWordWrap(wraps)
        if muted:
            self.setProperty("role", "note" if role == "note" else "muted")
        if selectable:
            # By mouse alone: a label in the tab order is a stop where nothing can be done.
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: one line. What more a long text needs follows from its width, which Qt here guesses too small."""
        least = super().minimumSizeHint()
        return QSize(least.width(), self.fontMetrics().height()) if self.wordWrap() else least
