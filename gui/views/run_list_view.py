"""The searchable list of runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.models.compare_choice import MOST, comparable
from gui.models.continuing import Continuing
from gui.models.format import plural
from gui.models.run_list import ENTRY_ROLE, RunEntry, RunListModel
from gui.theme.tokens import SPACE
from gui.views.keys import key_names
from gui.views.pipeline.uses_menu import add_pipeline_actions
from gui.views.plain_label import PlainLabel
from gui.views.run_delegate import RunDelegate
from gui.views.widgets.search_field import SearchField


class RunListView(QListView):
    """The lines. They keep their places while the pointer is over them.

    Signals:
        delete_requested: the chosen runs shall be deleted.
        space_pressed: the current run shall pause or go on.
    """

    delete_requested = Signal()
    space_pressed = Signal()

    def __init__(self, model: RunListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = model
        self.setModel(model)
        self.setItemDelegate(RunDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setAccessibleName("Runs")
        # It lies on the ground and not on a card.
        self.setStyleSheet("background: transparent;")

    def enterEvent(self, event: QEnterEvent) -> None:
        """Qt's call: nothing moves from now on."""
        super().enterEvent(event)
        self._runs.hold(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Qt's call: lines may go where they belong."""
        super().leaveEvent(event)
        self._runs.hold(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Delete deletes, Space pauses."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.delete_requested.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)


class RunListPanel(QWidget):
    """Search field and list.

    Attributes:
        profiles: tells which profiles there are: their titles by name.

    Signals:
        current_changed: key of the run to show, 0 when there is none.
        delete_requested: keys (a list) of the runs to delete.
        again_requested: keys of the runs to run once more.
        continue_requested: keys of the runs to go on with.
        folder_requested: key of the run whose folder shall be opened.
        copy_requested: keys of the runs whose paths shall go to the clipboard.
        pause_requested: key of the run to pause, or to let go on.
        overview_requested: all runs shall be shown at a glance.
        compare_requested: keys of the runs to show in the same plots.
        report_requested: keys of the runs to write reports of.
        judge_requested: keys of the runs to judge by another profile, and its name.
        pipelines_requested: key of the run whose ``folder`` or ``sample`` shall use a pipeline, and which of the two.
    """

    current_changed = Signal(int)
    delete_requested = Signal(list)
    again_requested = Signal(list)
    continue_requested = Signal(list)
    folder_requested = Signal(int)
    copy_requested = Signal(list)
    pause_requested = Signal(int)
    overview_requested = Signal()
    compare_requested = Signal(list)
    report_requested = Signal(list)
    judge_requested = Signal(list, str)
    pipelines_requested = Signal(int, str)

    def __init__(self, model: RunListModel, continuing: Continuing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._continuing = continuing
        self.profiles: Callable[[], dict[str, str]] = dict
        self.search = SearchField("Search runs", "Search runs by name, path, state or date")
        self.search.left_downwards.connect(self._enter_list)
        self.list = RunListView(model)
        self.nothing = PlainLabel(muted=True, wraps=True)
        self.count = PlainLabel(role="note", muted=True)
        self.overview = QPushButton("Overview")
        self.overview.setToolTip("How all runs came out, a row a run")
        self.compare = QPushButton("Compare")
        self.compare.setToolTip(f"Choose two to {MOST} runs to see them in the same plots")
        self._lay_out()
        self._connect()

    def chosen(self) -> list[int]:
        """Keys of the chosen runs, from top to bottom."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        entries = (self._model.index(row).data(ENTRY_ROLE) for row in rows)
        return [entry.run_id for entry in entries if isinstance(entry, RunEntry)]

    def current(self) -> int:
        """Key of the current run, 0 when there is none."""
        entry = self.list.currentIndex().data(ENTRY_ROLE)
        return entry.run_id if isinstance(entry, RunEntry) else 0

    def choose(self, run_id: int) -> None:
        """Make a run the current and only chosen one."""
        index = self._model.index_of(run_id)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flags)
            self.list.scrollTo(index)

    def choose_row(self, row: int) -> None:
        """Make the run in a row, or the last one, the current and only chosen one."""
        entry = self._model.index(max(0, min(row, self._model.rowCount() - 1))).data(ENTRY_ROLE)
        if isinstance(entry, RunEntry):
            self.choose(entry.run_id)

    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Escape empties the search and goes to the list."""
        if self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.list.setFocus()
        else:
            super().keyPressEvent(event)

    def _enter_list(self) -> None:
        self.list.setFocus()

    def _lay_out(self) -> None:
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(4 * SPACE, 8 * SPACE, 4 * SPACE, 0)
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 4 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addWidget(self.overview, 1)
        buttons.addWidget(self.compare, 1)
        column.addWidget(self.search)
        column.addLayout(buttons)
        column.addWidget(place, 1)
        column.addWidget(self.count)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._model.search)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._tell_current)
        selection.selectionChanged.connect(self._recount)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(self._recount)
        self.overview.clicked.connect(self.overview_requested)
        self.compare.clicked.connect(self.ask_to_compare)
        self.list.delete_requested.connect(self._ask_to_delete)
        self.list.space_pressed.connect(lambda: self.pause_requested.emit(self.current()))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self._recount()

    def _tell_current(self, current: QModelIndex) -> None:
        entry = current.data(ENTRY_ROLE)
        self.current_changed.emit(entry.run_id if isinstance(entry, RunEntry) else 0)

    def _recount(self, *_: object) -> None:
        shown, total = self._model.rowCount(), self._model.total
        words = self.search.text().strip()
        self.nothing.setText(f"No run has “{words}” in its name, path, state or date." if words else "No runs yet.")
        self._stack.setCurrentWidget(self.list if shown else self.nothing)
        chosen = len(self.list.selectionModel().selectedIndexes())
        self.overview.setEnabled(total > 0)
        self.compare.setEnabled(comparable(range(chosen)))
        if chosen > 1:
            self.count.setText(f"{chosen:,} of {plural(shown, 'run')} selected")
        else:
            self.count.setText(plural(total, "run") if shown == total else f"{shown:,} of {plural(total, 'run')}")

    def ask_to_compare(self) -> None:
        """Compare the chosen runs, where they are neither too few nor too many."""
        if comparable(self.chosen()):
            self.compare_requested.emit(self.chosen())

    def ask_for_report(self) -> None:
        """Write reports of the chosen runs."""
        if self.chosen():
            self.report_requested.emit(self.chosen())

    def _ask_to_delete(self) -> None:
        if self.chosen():
            self.delete_requested.emit(self.chosen())

    def _open_menu(self, at: QPoint) -> None:
        chosen = self.chosen()
        if chosen:
            menu = self._menu(chosen)
            menu.popup(self.list.viewport().mapToGlobal(at))

    def _menu(self, chosen: list[int]) -> QMenu:
        entries = [entry for entry in map(self._model.entry, chosen) if entry is not None]
        over = all(entry.state.is_final for entry in entries)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        folder = menu.addAction("Open folder", lambda: self.folder_requested.emit(chosen[0]))
        folder.setEnabled(len(chosen) == 1)
        menu.addAction("Copy path" if len(chosen) == 1 else "Copy paths", lambda: self.copy_requested.emit(chosen))
        add_pipeline_actions(menu, chosen[0] if len(chosen) == 1 else None, self.pipelines_requested.emit)
        compare = menu.addAction(_keyed("Compare", "Ctrl+Shift+C"), self.ask_to_compare)
        compare.setEnabled(comparable(chosen))
        menu.addAction(_keyed("Report…", "Ctrl+E"), self.ask_for_report)
        judge = menu.addMenu("Judge by")
        for name, title in self.profiles().items():
            judge.addAction(title.replace("&", "&&"), partial(self.judge_requested.emit, chosen, name))
        menu.addSeparator()
        again = menu.addAction(_keyed("Run again", "Ctrl+R"), lambda: self.again_requested.emit(chosen))
        again.setEnabled(over)
        lost = self._continuing.among(chosen)
        if lost:
            text = "Continue" if len(chosen) == 1 else f"Continue {plural(len(lost), 'run')}"
            menu.insertAction(again, menu.addAction(text, lambda: self.continue_requested.emit(lost)))
        menu.addSeparator()
        text = "Delete" if len(chosen) == 1 else f"Delete {plural(len(chosen), 'run')}"
        delete = menu.addAction(_keyed(text, "Del"), lambda: self.delete_requested.emit(chosen))
        delete.setEnabled(over)
        return menu


def _keyed(text: str, keys: str) -> str:
    """What a menu says, and the keys that do the same; the keys alone are heard elsewhere."""
    return f"{text}\t{key_names(keys)}"
