"""The pipelines to choose from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.models.pipelines.shelf import SHELF_ROLE, ShelfEntry, ShelfModel
from gui.theme.tokens import PADDING, SPACE
from gui.views.keys import key_names
from gui.views.plain_label import PlainLabel
from gui.views.two_line_list import TwoLineList
from gui.views.two_lines import TwoLines
from gui.views.widgets.card import Card


def _lines(index: QModelIndex | QPersistentModelIndex) -> TwoLines | None:
    """Name over version."""
    entry = index.data(SHELF_ROLE)
    return TwoLines(entry.name, entry.note) if isinstance(entry, ShelfEntry) else None


class ShelfPanel(Card):
    """The list of pipelines.

    Attributes:
        origins: where others can come from.

    Signals:
        wanted: name of a pipeline that shall be put on the table.
        new_wanted: an empty one shall be.
        import_wanted: one shall be fetched from a file.
        command_wanted: one shall be made of a command of another program.
        delete_wanted: name of one that shall be deleted.
    """

    wanted = Signal(str)
    new_wanted = Signal()
    import_wanted = Signal()
    command_wanted = Signal()
    delete_wanted = Signal(str)

    def __init__(self, model: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._current = ""
        self.list = TwoLineList(model, _lines, "Pipelines")
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.list.delete_pressed.connect(self._ask_to_delete)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.new = QPushButton("New")
        self.new.setAccessibleName("New pipeline")
        self.new.clicked.connect(self.new_wanted)
        self.fetch = QPushButton("Import…")
        self.fetch.setAccessibleName("Import a pipeline")
        self.origins = QMenu(self.fetch)
        self.origins.addAction("From &files…", self.import_wanted.emit)
        self.origins.addAction("From a &command of cutadapt or fastp…", self.command_wanted.emit)
        # A menu of the button's own would make it too wide for a narrow window.
        self.fetch.clicked.connect(self._open_origins)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(PlainLabel("Pipelines", role="strong"), 1)
        for button in (self.new, self.fetch):
            button.setProperty("role", "quiet")
            button.setProperty("fit", "tight")
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING - SPACE, PADDING - SPACE, PADDING - SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        model.modelReset.connect(self._mark)

    def show_current(self, name: str) -> None:
        """Mark the one that is on the table; none for a name that is not in the list."""
        self._current = name
        self._mark()

    def _mark(self) -> None:
        row = self._model.row_of(self._current)
        if row < 0:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        else:
            self.list.setCurrentIndex(self._model.index(row))

    def _take(self, index: QModelIndex) -> None:
        entry = index.data(SHELF_ROLE)
        if isinstance(entry, ShelfEntry) and entry.name != self._current:
            self.wanted.emit(entry.name)
        self._mark()

    def _open_origins(self) -> None:
        self.origins.popup(self.fetch.mapToGlobal(QPoint(0, self.fetch.height())))

    def _open_menu(self, place: QPoint) -> None:
        entry = self.list.indexAt(place).data(SHELF_ROLE)
        if isinstance(entry, ShelfEntry):
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Open", lambda: self.wanted.emit(entry.name))
            menu.addSeparator()
            delete = menu.addAction(f"Delete…\t{key_names('Del')}", lambda: self.delete_wanted.emit(entry.name))
            delete.setEnabled(not entry.is_preset)
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _ask_to_delete(self) -> None:
        entry = self.list.currentIndex().data(SHELF_ROLE)
        if isinstance(entry, ShelfEntry) and not entry.is_preset:
            self.delete_wanted.emit(entry.name)
