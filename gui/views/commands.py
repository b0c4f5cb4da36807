"""Everything that can be done from menus and keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

_Standard = QKeySequence.StandardKey


class Commands:
    """The window's actions, in its menu bar.

    Attributes:
        open_files: choose files and run them.
        open_folder: choose a folder and run what is in it.
        recent: the menu of what was opened lately.
        follow_folder: choose a folder that fills and read it as it does.
        follow_file: choose a file that grows and read it as it does.
        samples: run the reads that come with Lanescope.
        save: keep the pipeline that is being built.
        quit: close the window.
        undo: take back the last deletion, or the last step in building a pipeline.
        redo: do again what was undone last, in building a pipeline.
        duplicate: put a copy of the chosen stage behind it.
        pause: let the run that is shown wait, or go on.
        cancel: end the run that is shown.
        report: write reports of the chosen runs.
        again: run the input of the run that is shown once more.
        delete: delete the chosen runs.
        search: go to the search field.
        reads: go to the page *Reads*; likewise the others.
        runs: go to the page *Runs*.
        pipelines: go to the page *Pipelines*.
        plugins: go to the page *Plugins*.
        overview: show how all runs came out.
        compare: show the chosen runs in the same plots.
        list: show the list of runs, or leave its room to the run.
        profiles: show the profiles by which runs are judged.
        settings: go to the page *Settings*.
        shortcuts: show all keys.
        about: tell what Lanescope is.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        file = self._menu("&File")
        self.open_files = self._add(file, "&Open files…", _Standard.Open)
        self.open_folder = self._add(file, "Open &folder…", "Ctrl+Shift+O")
        self.recent = file.addMenu("Open &recent")
        self.follow_folder = self._add(file, "Follow a fol&der…")
        self.follow_file = self._add(file, "Follow a fi&le…")
        self.samples = self._add(file, "Try the &sample reads")
        file.addSeparator()
        self.save = self._add(file, "Sa&ve pipeline", _Standard.Save)
        file.addSeparator()
        self.quit = self._add(file, "&Quit", "Ctrl+Q", role=QAction.MenuRole.QuitRole)
        edit = self._menu("&Edit")
        self.undo = self._add(edit, "&Undo", _Standard.Undo)
        self.redo = self._add(edit, "&Redo", "Ctrl+Shift+Z")
        self.duplicate = self._add(edit, "Dup&licate stage", "Ctrl+D")
        # The list deletes on the key itself: everywhere else it belongs to whatever is being written.
        self.delete = self._add(edit, "&Delete")
        edit.addSeparator()
        self.search = self._add(edit, "&Search runs", _Standard.Find)
        run = self._menu("&Run")
        self.pause = self._add(run, "&Pause", "Ctrl+P")
        self.cancel = self._add(run, "&Cancel", "Ctrl+.")
        self.again = self._add(run, "Run &again", "Ctrl+R")
        self.report = self._add(run, "Repor&t…", "Ctrl+E")
        view = self._menu("&View")
        self.reads = self._add(view, "R&eads", "Ctrl+1")
        # In the order of the rail.
        self.pipelines = self._add(view, "&Pipelines", "Ctrl+2")
        self.runs = self._add(view, "&Runs", "Ctrl+3")
        self.plugins = self._add(view, "P&lugins", "Ctrl+4")
        self.overview = self._add(view, "&Overview of all runs", "Ctrl+Shift+A")
        self.compare = self._add(view, "&Compare chosen runs", "Ctrl+Shift+C")
        self.list = self._add(view, "L&ist of runs", "Ctrl+B")
        self.list.setCheckable(True)
        self.list.setChecked(True)
        self.profiles = self._add(view, "&Quality profiles…")
        self.settings = self._add(view, "&Settings", "Ctrl+,", role=QAction.MenuRole.PreferencesRole)
        help_menu = self._menu("&Help")
        self.shortcuts = self._add(help_menu, "&Keyboard shortcuts", "F1")
        self.about = self._add(help_menu, "&About Lanescope", role=QAction.MenuRole.AboutRole)

    @property
    def places(self) -> dict[str, QAction]:
        """The actions that lead to the places of the rail, by their keys."""
        return {
            "reads": self.reads,
            "pipelines": self.pipelines,
            "runs": self.runs,
            "plugins": self.plugins,
            "settings": self.settings,
        }

    def connect(self, action: QAction, slot: Callable[[], object]) -> None:
        """Call ``slot`` when ``action`` is chosen."""
        action.triggered.connect(lambda _checked=False: slot())

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self,
        menu: QMenu,
        text: str,
        keys: str | QKeySequence.StandardKey | None = None,
        *,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
    ) -> QAction:
        action = QAction(text, self._window)
        action.setMenuRole(role)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action
