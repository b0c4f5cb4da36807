"""The plugins to choose from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui.models.plugin_list import PLUGIN_ROLE, PluginEntry, PluginListModel
from gui.theme.tokens import PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.two_line_list import TwoLineList
from gui.views.two_lines import TwoLines
from gui.views.widgets.card import Card


def _lines(index: QModelIndex | QPersistentModelIndex) -> TwoLines | None:
    """Title over version and origin; damaged ones are marked."""
    entry = index.data(PLUGIN_ROLE)
    if not isinstance(entry, PluginEntry):
        return None
    look = ("failed", "failed") if entry.trouble else ("muted", "")
    return TwoLines(entry.title, entry.note, *look)


class PluginListPanel(Card):
    """The list of plugins; one of them is chosen.

    Signals:
        chosen: name of the plugin that shall be shown, empty for none.
        install_wanted: one shall be installed from a zip file.
        folder_wanted: one shall be installed from a folder.
        remove_wanted: the chosen one shall be removed.
    """

    chosen = Signal(str)
    install_wanted = Signal()
    folder_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, model: PluginListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._name = ""
        self.list = TwoLineList(model, _lines, "Plugins")
        self.list.selectionModel().currentChanged.connect(self._tell)
        self.list.delete_pressed.connect(self.remove_wanted)
        self.install = QPushButton("Install a zip file…")
        self.install.clicked.connect(self.install_wanted)
        self.folder = QPushButton("Install a folder…")
        self.folder.clicked.connect(self.folder_wanted)
        hint = PlainLabel(
            "Or drop a plugin, a folder or zip file, anywhere on this page.", "note", muted=True, wraps=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING - SPACE, PADDING - SPACE, PADDING - SPACE, PADDING - SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self.list, 1)
        column.addWidget(self.install)
        column.addWidget(self.folder)
        column.addWidget(hint)
        model.modelReset.connect(self._restore)

    @property
    def name(self) -> str:
        """Name of the chosen plugin, empty for none."""
        return self._name

    def choose(self, name: str) -> None:
        """Choose a plugin, the first one where there is none of this name."""
        row = max(0, self._model.row_of(name))
        self.list.setCurrentIndex(self._model.index(row))

    def _restore(self) -> None:
        """The list is new: keep what was chosen, or its neighbour in its place."""
        self.choose(self._name)
        entry = self.list.currentIndex().data(PLUGIN_ROLE)
        self._set(entry.name if isinstance(entry, PluginEntry) else "")

    def _tell(self, index: QModelIndex) -> None:
        entry = index.data(PLUGIN_ROLE)
        if isinstance(entry, PluginEntry):
            self._set(entry.name)

    def _set(self, name: str) -> None:
        self._name = name
        self.chosen.emit(name)
