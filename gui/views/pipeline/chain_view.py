"""The chain of stages, dragged into order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.models.pipelines.builder import Builder
from gui.models.pipelines.chain_model import KIND_MIME, STAGE_MIME, STAGE_ROLE, ChainEntry, ChainModel
from gui.theme.theme import theme
from gui.theme.tokens import SPACE
from gui.views.pipeline.chain_delegate import ChainDelegate

_EMPTY = (
    "Drag stages here from the list at the left, or double-click one (Enter).\n"
    "Or open one of the pipelines above that list, and change it."
)
_FULL = "Alt and the arrow keys move a stage, Space switches it on and off"


class ChainView(QListView):
    """The stages in order, from top to bottom.

    Dragging and Alt with the arrow keys move a stage, Delete takes it out, Space switches it on and off, and stages
    of the palette are dropped between the others.

    Signals:
        menu_requested: key of the stage whose menu shall open, and where on the screen.
    """

    menu_requested = Signal(int, QPoint)

    def __init__(self, builder: Builder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self._mark: int | None = None
        self._is_following = False
        self.chain = ChainModel(builder, self)
        self.setModel(self.chain)
        delegate = ChainDelegate(self)
        delegate.switched.connect(builder.enable)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # heights follow from the width
        self.setAccessibleName("Stages of the pipeline")
        self.chain.modelReset.connect(self._follow)
        builder.chosen_changed.connect(self._follow)
        self.selectionModel().currentChanged.connect(self._choose)
        self._follow()

    def place_at(self, point: QPoint) -> int:
        """Before which stage something dropped at ``point`` would stand."""
        for row in range(self.chain.rowCount()):
            if point.y() < self.visualRect(self.chain.index(row)).center().y():
                return row
        return self.chain.rowCount()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: move, delete and switch by key."""
        key, is_moving = self._builder.chosen, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        place = self._builder.draft.place(key)
        if key is None or place is None:
            super().keyPressEvent(event)
        elif is_moving and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._builder.move(key, place + (1 if event.key() == Qt.Key.Key_Down else -1))
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._builder.remove(key)
        elif event.key() == Qt.Key.Key_Space:
            stage = self._builder.draft.stages[place]
            self._builder.enable(key, not stage.is_enabled)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt's call: stages are welcome; files are the page's."""
        self._weigh(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt's call: show where it would come to stand."""
        if self._weigh(event):
            self._set_mark(self.place_at(event.position().toPoint()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Qt's call: it is taken elsewhere."""
        self._set_mark(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt's call: take it."""
        self._set_mark(None)
        if self._weigh(event) and self.chain.drop(event.mimeData(), self.place_at(event.position().toPoint())):
            # What is dragged has been moved already: Qt is not to take it out of where it was.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw the stages, the place where one would be dropped, and what to do where there are none."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        room = self.viewport().rect()
        if not self.chain.rowCount():
            painter.setPen(theme().color("muted"))
            inner = room.adjusted(6 * SPACE, 0, -6 * SPACE, 0)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _EMPTY)
        if self._mark is not None:
            height = self._height_of(self._mark, room)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawLine(room.left() + SPACE, height, room.right() - SPACE, height)

    def _height_of(self, place: int, room: QRect) -> int:
        rows = self.chain.rowCount()
        if place < rows:
            return max(1, self.visualRect(self.chain.index(place)).top())
        return min(room.bottom() - 1, self.visualRect(self.chain.index(rows - 1)).bottom()) if rows else SPACE

    def _weigh(self, event: QDropEvent) -> bool:
        data = event.mimeData()
        if data.hasFormat(STAGE_MIME) or data.hasFormat(KIND_MIME):
            event.acceptProposedAction()
            return True
        event.ignore()
        return False

    def _set_mark(self, place: int | None) -> None:
        if place != self._mark:
            self._mark = place
            self.viewport().update()

    def _follow(self) -> None:
        """Let the stage that is worked on be the current one."""
        self.setAccessibleDescription(_FULL if self.chain.rowCount() else _EMPTY)
        row = self.chain.row_of(self._builder.chosen)
        self._is_following = True
        if row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.setCurrentIndex(self.chain.index(row))
        self._is_following = False

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(STAGE_ROLE)
        if isinstance(entry, ChainEntry) and not self._is_following:
            self._builder.choose(entry.key)

    def _ask_for_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self._builder.choose(self.chain.entry(index.row()).key)
            self.menu_requested.emit(self.chain.entry(index.row()).key, self.viewport().mapToGlobal(point))
