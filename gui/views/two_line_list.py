"""A list whose items have two lines, and are deleted by a key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from gui.views.two_lines import TwoLineDelegate, TwoLines


class TwoLineList(QListView):
    """Items drawn by :class:`~gui.views.two_lines.TwoLineDelegate`.

    Args:
        model: what is listed.
        lines: what an item says, ``None`` for none.
        name: what a screen reader calls the list.

    Signals:
        delete_pressed: the current item shall be deleted.
    """

    delete_pressed = Signal()

    def __init__(
        self,
        model: QAbstractItemModel,
        lines: Callable[[QModelIndex | QPersistentModelIndex], TwoLines | None],
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(TwoLineDelegate(lines, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: either key that deletes, as there is one alone on a Mac's keyboard."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
