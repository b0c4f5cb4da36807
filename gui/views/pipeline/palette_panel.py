"""The stages to choose from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QVBoxLayout, QWidget

from gui.models.pipelines.palette import StageNote
from gui.models.pipelines.palette_model import NOTE_ROLE, PaletteModel
from gui.theme.tokens import PADDING, SPACE
from gui.views.broken_lines import broken_lines, width_of_line
from gui.views.painting import draw_ground, write
from gui.views.plain_label import PlainLabel
from gui.views.plain_tip import PlainTipDelegate
from gui.views.widgets.card import Card
from gui.views.widgets.search_field import SearchField

_LINE = 46
_TITLE = 30
_SIDE = 12
_MORE = 17
_RIGHT = Qt.TextElideMode.ElideRight


class PaletteDelegate(PlainTipDelegate):
    """Title, in two lines where it needs them, and one line of help for each stage; titles of groups stand apart."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Qt's call: stages need more room than titles."""
        note = index.data(NOTE_ROLE)
        if not isinstance(note, StageNote):
            return QSize(120, _TITLE)
        lines = broken_lines(note.title, "text", width_of_line(option) - 2 * _SIDE)
        return QSize(120, _LINE + (len(lines) - 1) * _MORE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt's call: draw one line."""
        note = index.data(NOTE_ROLE)
        area = QRectF(option.rect)
        left, room = area.left() + _SIDE, area.width() - 2 * _SIDE
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(note, StageNote):
            draw_ground(painter, option, area)
            lines = broken_lines(note.title, "text", width_of_line(option) - 2 * _SIDE)
            for place, line in enumerate(lines):
                write(painter, QPointF(left, area.top() + 20 + place * _MORE), line, "text", "text", room, _RIGHT)
            at = QPointF(left, area.top() + 36 + (len(lines) - 1) * _MORE)
            write(painter, at, _short(note.help), "muted", "note", room, _RIGHT)
        else:
            write(painter, QPointF(left, area.top() + 21), str(index.data()), "muted", "note", room)
        painter.restore()


def _short(text: str) -> str:
    """The first sentence."""
    return text.partition(". ")[0].partition(": ")[0].removesuffix(".")


class _StageList(QListView):
    """The stages; the keyboard always stands on one."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.model().index(1, 0))  # the first line is a title
        super().focusInEvent(event)


class PalettePanel(Card):
    """A search over all kinds of stages, and the kinds by what they are for. They are dragged from here, or added.

    Attributes:
        model: what is shown.

    Signals:
        wanted: a ``StageNote`` that shall be added to the chain.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PaletteModel(self)
        self.search = SearchField("Search stages", "Search stages")
        self.search.left_downwards.connect(self._enter_list)
        self.search.textChanged.connect(self.model.search)
        self.search.returnPressed.connect(self._take_first)
        self.list = _StageList()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setDragEnabled(True)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.list.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)  # heights follow from the width
        self.list.setAccessibleName("Stages to choose from")
        self.list.setAccessibleDescription("Enter adds a stage to the pipeline")
        self.list.activated.connect(self._take)
        self.nothing = PlainLabel("No stage has these words.", muted=True, wraps=True)
        self.model.modelReset.connect(self._adapt)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING - SPACE, PADDING, PADDING - SPACE, SPACE)
        column.setSpacing(2 * SPACE)
        title = PlainLabel("Stages", role="strong")
        title.setContentsMargins(SPACE, 0, SPACE, 0)
        column.addWidget(title)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        self._adapt()

    def _take(self, index: QModelIndex) -> None:
        note = self.model.note(index.row())
        if note is not None:
            self.wanted.emit(note)

    def _take_first(self) -> None:
        """Enter in the search takes what it has found, where that is one."""
        notes = [note for row in range(self.model.rowCount()) if (note := self.model.note(row)) is not None]
        if len(notes) == 1:
            self.wanted.emit(notes[0])
        elif notes:
            self._enter_list()

    def _enter_list(self) -> None:
        self.list.setFocus()
        self.list.setCurrentIndex(self.model.index(1))

    def _adapt(self) -> None:
        is_found = self.model.rowCount() > 0
        self.list.setVisible(is_found or not self.search.text())
        self.nothing.setVisible(not self.list.isVisibleTo(self))
