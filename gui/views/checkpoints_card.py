"""What is safe of a run that was interrupted, with a button that gives the room back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gui.models.checkpoints import CheckpointsPage
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import TitledCard


class CheckpointsCard(TitledCard):
    """How far the files of a run were read and written, and its checkpoints; hidden where there is none.

    Signals:
        prune_requested: the checkpoints shall be removed.
    """

    prune_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Checkpoints", parent=parent)
        self._page: CheckpointsPage | None = None
        self.lines = PlainLabel(role="note", wraps=True, selectable=True)
        self.remove = QPushButton("Remove…")
        self.remove.setToolTip("Give the room of the checkpoints and of unfinished outputs back")
        self.remove.setAccessibleName("Remove checkpoints")
        self.remove.clicked.connect(self.prune_requested)
        self.header.addWidget(self.remove)
        self.content.setSpacing(2 * SPACE)
        self.content.addWidget(self.lines)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_page(self, page: CheckpointsPage | None) -> None:
        """Show ``page``; nothing for ``None``."""
        if page is not None and page != self._page:
            self.set_note(page.note)
            self.setAccessibleDescription(page.note)
            self.lines.setText("\n".join(page.lines))
        self._page = page
        self.setVisible(page is not None)
