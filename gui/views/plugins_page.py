"""The place for plugins."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui.models.plugin_manager import PluginManager
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.file_drops import FileDrops
from gui.views.plain_label import PlainLabel
from gui.views.plugin_check_card import PluginCheckCard
from gui.views.plugin_details import PluginDetails
from gui.views.plugin_list_panel import PluginListPanel
from gui.views.widgets.card import Card

_SIDE = 20
_LIST_WIDTH = 280


class PluginsPage(FileDrops):
    """The list at the left, the chosen plugin at the right; above them what may be installed or taken back.

    Empty until it is seen for the first time, so that the window need not wait for it.

    Attributes:
        panel: the list; there once the page has been seen, as are the others.
        details: the chosen plugin.
        check: what may be installed.
        undo_bar: what can be taken back.

    Signals:
        wanted: it is seen for the first time and shall be built.
        plugins_changed: plugins were installed, removed or brought back.
    """

    wanted = Signal()
    plugins_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_built = False

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call: build what is to be seen."""
        super().showEvent(event)
        if not self.is_built:
            self.wanted.emit()

    def build(self, manager: PluginManager) -> None:
        """Put everything on the page."""
        self.is_built = True
        self.panel = PluginListPanel(manager.plugins)
        self.details = PluginDetails()
        self.check = PluginCheckCard()
        self.undo_bar = UndoBar()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setProperty("role", "gap")
        splitter.setHandleWidth(GAP)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.panel)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LIST_WIDTH, 3 * _LIST_WIDTH])
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _SIDE - SPACE, _SIDE, _SIDE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("Plugins", role="title"))
        column.addWidget(self.undo_bar)
        column.addWidget(self.check)
        column.addWidget(splitter, 1)


class UndoBar(Card):
    """What was done last, and a button that takes it back.

    Attributes:
        text: what was done.
        undo: takes it back.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = "raised"
        self.text = PlainLabel(wraps=True)
        self.undo = QPushButton("Undo")
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, SPACE, SPACE, SPACE)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        self.hide()

    def say(self, text: str) -> None:
        """Show what can be taken back; nothing hides the bar."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.undo.setAccessibleName(f"Undo: {text}")
        self.setVisible(bool(text))
