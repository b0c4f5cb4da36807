"""The window: rail, pages, notices and the line at the foot."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gui.models.session import Session
from gui.models.settings import Settings
from gui.theme.tokens import SPACE
from gui.views.commands import Commands
from gui.views.drop_hint import DropHint
from gui.views.notice import NoticeArea
from gui.views.offer import Offer
from gui.views.pipeline.page import PipelinesPage
from gui.views.plugins_page import PluginsPage
from gui.views.reads_page import ReadsPage
from gui.views.runs_page import RunsPage
from gui.views.settings_page import SettingsPage
from gui.views.status_line import StatusLine
from gui.views.toast import Toast
from gui.views.widgets.rail import Rail, RailEntry

_PLACES = (
    RailEntry("reads", "Reads", "reads"),
    RailEntry("pipelines", "Pipelines", "pipeline"),
    RailEntry("runs", "Runs", "runs"),
    RailEntry("plugins", "Plugins", "plugins"),
    RailEntry("settings", "Settings", "settings", foot=True),
)
_LEAST = (800, 500)
"""Fits the screens of laptops whose letters are twice as large."""

_USUAL = (1440, 900)
_NATIVE = QKeySequence.SequenceFormat.NativeText


class Window(QMainWindow):
    """Shows what is there; what happens on it is decided by the :class:`~gui.views.conductor.Conductor`.

    Signals:
        painted: the window has been painted for the first time.
        dropped: paths (a list) that were dropped on the window.
        strange_drop: something was dropped that is no file of this computer.
        place_changed: key of the page that is shown now.
        close_requested: the user wants to close the window; it stays until :meth:`close_for_good`.
    """

    painted = Signal()
    dropped = Signal(list)
    strange_drop = Signal()
    place_changed = Signal(str)
    close_requested = Signal()

    def __init__(self, session: Session, settings: Settings, root: Path) -> None:
        super().__init__()
        self._settings = settings
        self._may_close = False
        self._was_painted = False
        self.setWindowTitle("Lanescope")
        self.setMinimumSize(*_LEAST)
        self.resize(*_USUAL)
        self.setAcceptDrops(True)
        self.rail = Rail(_PLACES)
        self.rail.selected.connect(self.go_to)
        self.reads = ReadsPage(session.inputs)
        self.pipelines = PipelinesPage()
        self.runs = RunsPage(session.runs, session.continuing)
        self.plugins = PluginsPage()
        self.settings_page = SettingsPage(settings, root)
        self.offer = Offer("Interrupted runs")
        self.because = Offer("Why a pipeline runs", take="Change…", symbol="pipeline")
        self.notices = NoticeArea()
        self.status = StatusLine()
        self.toast = Toast()
        self.pages = QStackedWidget()
        self._places = {
            "reads": self.reads,
            "pipelines": self.pipelines,
            "runs": self.runs,
            "plugins": self.plugins,
            "settings": self.settings_page,
        }
        for page in self._places.values():
            self.pages.addWidget(page)
        self._lay_out()
        self.commands = Commands(self)
        self.commands.list.toggled.connect(self.runs.show_list)
        self.commands.search.triggered.connect(lambda _checked=False: self.commands.list.setChecked(True))
        self.rail.tell_keys({key: action.shortcut().toString(_NATIVE) for key, action in self.commands.places.items()})
        self._restore()

    @property
    def place(self) -> str:
        """Key of the page that is shown."""
        return next(key for key, page in self._places.items() if page is self.pages.currentWidget())

    def fit(self, available: QRect) -> None:
        """Be no larger than the screen, of which ``available`` is free."""
        if not available.contains(QRect(available.topLeft(), self.size())):
            self.resize(self.size().boundedTo(available.size()))

    def go_to(self, key: str) -> None:
        """Show the page ``key``."""
        self.pages.setCurrentWidget(self._places[key])
        self.rail.select(key)
        self.commands.list.setEnabled(key == "runs")
        self.place_changed.emit(key)

    def close_for_good(self) -> None:
        """Close without asking anyone."""
        self._may_close = True
        self.close()

    def remember(self) -> None:
        """Keep how the window was left."""
        self._settings.geometry = self.saveGeometry()
        self._settings.splitter = self.runs.splitter.saveState()
        self._settings.lists_runs = self.commands.list.isChecked()
        self._settings.page = self.place
        self._settings.save()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's call: ask first."""
        if self._may_close:
            super().closeEvent(event)
        else:
            event.ignore()
            self.close_requested.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt's call: files are welcome anywhere, but for those of runs that are dragged out of the list."""
        if event.mimeData().hasUrls() and event.source() is None:
            event.acceptProposedAction()
            self._invite(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Qt's call: here as anywhere else."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Qt's call: the files are taken elsewhere."""
        self._invite(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt's call: take the files."""
        self._invite(False)
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.dropped.emit(paths)
        if len(paths) < len(urls):
            self.strange_drop.emit()

    def event(self, event: QEvent) -> bool:
        """Qt's call: notice the first time that the window is on the screen."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            # After the other widgets have been painted too.
            QTimer.singleShot(0, self.painted.emit)
        return handled

    def _invite(self, hover: bool) -> None:
        """Show that files held over the window may be dropped."""
        self.reads.drop.set_hover(hover)
        if hover and (self.place != "reads" or self.reads.drop.isHidden()):
            self.drop_hint.cover(self.pages)
        else:
            self.drop_hint.hide()

    def _lay_out(self) -> None:
        notices = QVBoxLayout()
        notices.setContentsMargins(5 * SPACE, 0, 5 * SPACE, 0)
        notices.addWidget(self.offer)
        notices.addWidget(self.because)
        notices.addWidget(self.notices)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(notices)
        right.addWidget(self.pages, 1)
        word = QHBoxLayout()
        word.setContentsMargins(5 * SPACE, 0, 5 * SPACE, SPACE)
        word.addWidget(self.toast)
        right.addLayout(word)
        right.addWidget(self.status)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)
        self.drop_hint = DropHint(whole)

    def _restore(self) -> None:
        if not self._settings.geometry.isEmpty():
            self.restoreGeometry(self._settings.geometry)
        self.runs.restore(self._settings.splitter)
        self.commands.list.setChecked(self._settings.lists_runs)
