"""How a dataset that uses pipelines looks as a line of the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from gui.models.pipelines.uses import Use
from gui.views.pipeline.plain_tip import PlainTipDelegate
from gui.views.run_delegate import draw_ground, write

USE_ROLE = Qt.ItemDataRole.UserRole
"""Under which each line has its `Use`."""

_LINE = 48
_SIDE = 12


class UseDelegate(PlainTipDelegate):
    """Name over kind and place."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: all lines are alike."""
        return QSize(160, _LINE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one line."""
        use = index.data(USE_ROLE)
        if not isinstance(use, Use):
            return
        area = QRectF(option.rect)
        left, room = area.left() + _SIDE + 2, area.width() - 2 * _SIDE - 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, option, area)
        write(painter, QPointF(left, area.top() + 20), f"{use.title} · {use.words}", "text", "text", room)
        token = "muted" if use.is_there else "warned"
        write(painter, QPointF(left, area.top() + 37), use.note, token, "note", room)
        painter.restore()
