"""All runs at the left, one of them at the right."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from gui.models.continuing import Continuing
from gui.models.run_list import RunListModel
from gui.views.no_run import NoRun
from gui.views.run_list_view import RunListPanel
from gui.views.run_view import RunView

_LIST_WIDTH = 256
_LEAST_LIST = 200


class RunsPage(QWidget):
    """List and run side by side; where they meet can be moved, and the list can be hidden."""

    def __init__(self, model: RunListModel, continuing: Continuing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = RunListPanel(model, continuing)
        self.panel.setMinimumWidth(_LEAST_LIST)
        self.run = RunView()
        self.nothing = NoRun(model)
        self.right = QStackedWidget()
        self.right.addWidget(self.nothing)
        self.right.addWidget(self.run)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.panel)
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([_LIST_WIDTH, 4 * _LIST_WIDTH])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)

    def show_run(self, is_any: bool) -> None:
        """Show the run's page, or the word that stands in its place."""
        self.right.setCurrentWidget(self.run if is_any else self.nothing)

    def show_list(self, on: bool) -> None:
        """Show the list, or leave its room to the run."""
        had_keys = self.panel.isAncestorOf(self.window().focusWidget())
        self.panel.setVisible(on)
        if had_keys and not on:
            self.take_keys()

    def take_keys(self) -> None:
        """Put the keyboard into the list, or where it is hidden on the run: its keys scroll, pause and cancel there."""
        (self.panel.list if self.panel.isVisibleTo(self) else self.run).setFocus()

    def restore(self, state: QByteArray) -> None:
        """Bring the border between list and run back to where it was."""
        if not state.isEmpty():
            self.splitter.restoreState(state)
