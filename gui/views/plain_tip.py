"""A delegate whose tooltips are plain text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from gui.views.widgets.tooltip import as_tooltip


class PlainTipDelegate(QStyledItemDelegate):
    """Shows the model's tooltip letter by letter: names in it come from files and are never markup."""

    def tip(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """What is told of a line, as plain text; empty for nothing."""
        return str(index.data(Qt.ItemDataRole.ToolTipRole) or "")

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Qt's call: the pointer rests on a line."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), as_tooltip(self.tip(index)), view)
        return True
