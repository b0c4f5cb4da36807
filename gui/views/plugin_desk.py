"""What happens on the page of plugins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from engine.home import Home
from gui.models.plugin_manager import PluginManager
from gui.models.session import Session

if TYPE_CHECKING:
    from gui.views.window import Window


class PluginDesk(QObject):
    """Brings the plugins and their page together.

    Attributes:
        manager: the plugins.
        is_ready: whether the list has been fetched.
    """

    def __init__(self, window: Window, session: Session, home: Home) -> None:
        super().__init__(window)
        self.manager = PluginManager(session.store, session.tasks, home, self)
        self.is_ready = False
        self._window = window
        self._page = window.plugins
        self._tasks = session.tasks
        self._page.wanted.connect(self._build)
        window.place_changed.connect(self.adapt_commands)
        session.undo.changed.connect(self.adapt_commands)
        self.manager.undo_changed.connect(self.adapt_commands)

    def adapt_commands(self, *_: object) -> None:
        """Offer in the menu what would work now."""
        if self._window.place == "plugins":
            undo, text = self._window.commands.undo, self.manager.undo_text
            undo.setEnabled(bool(text))
            undo.setText(f"&Undo: {text}" if text else "&Undo")

    def examine(self, path: Path) -> None:
        """Check what may be installed."""
        self._window.status.show_activity(f"Checking {path.name}…")
        self._tasks.start(self._examine(path))

    def undo(self) -> None:
        """Bring back what was removed or replaced last."""
        self._tasks.start(self._undo())

    def _build(self) -> None:
        page, manager = self._page, self.manager
        page.build(manager)
        page.files_dropped.connect(lambda paths: self.examine(paths[0]))
        page.panel.chosen.connect(self._show)
        page.panel.install_wanted.connect(self._choose_zip)
        page.panel.folder_wanted.connect(self._choose_folder)
        page.panel.remove_wanted.connect(self._remove)
        page.details.remove_wanted.connect(self._remove)
        page.details.grant_wanted.connect(self._grant)
        page.details.run_wanted.connect(self._window.reads.run_requested)
        page.check.install_wanted.connect(lambda: self._tasks.start(self._install()))
        page.check.dismissed.connect(manager.dismiss)
        page.undo_bar.undo.clicked.connect(lambda _checked=False: self.undo())
        manager.candidate_changed.connect(lambda: page.check.show_candidate(manager.candidate))
        manager.undo_changed.connect(lambda: page.undo_bar.say(manager.undo_text))
        manager.told.connect(self._window.status.show_activity)
        manager.changed_on_disk.connect(page.plugins_changed)
        manager.runs_found.connect(page.details.show_runs)
        # A run that is over is one more to show.
        self._window.place_changed.connect(self._look_again)
        self._tasks.start(self._settle())

    async def _settle(self) -> None:
        await self.manager.refresh()
        self.is_ready = True

    def _show(self, name: str) -> None:
        self._page.details.show_entry(self.manager.plugins.entry(name))
        self._tasks.start(self.manager.find_runs(name))

    def _look_again(self, place: str) -> None:
        if place == "plugins" and self._page.panel.name:
            self._tasks.start(self.manager.find_runs(self._page.panel.name))

    def _remove(self) -> None:
        entry = self.manager.plugins.entry(self._page.panel.name)
        if entry is not None and not entry.is_shipped:
            self._tasks.start(self.manager.remove(entry.name))

    def _grant(self, capability: str, granted: bool) -> None:
        self._tasks.start(self.manager.grant(self._page.panel.name, capability, granted=granted))

    async def _examine(self, path: Path) -> None:
        try:
            await self.manager.examine(path)
        finally:
            self._window.status.show_activity("")

    async def _install(self) -> None:
        name = await self.manager.install()
        if name:
            self._page.panel.choose(name)

    async def _undo(self) -> None:
        name = await self.manager.undo()
        if name:
            self._page.panel.choose(name)

    def _choose_zip(self) -> None:
        dialog = QFileDialog(self._window, "Install a plugin")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(("Plugins (*.zip)", "All files (*)"))
        self._ask(dialog)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self._window, "Install a plugin from its folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog)

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(lambda names: self.examine(Path(names[0])) if names else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
