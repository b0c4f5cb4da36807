"""What happens when: brings the window and the session together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from engine.errors import InputError, LanescopeError
from engine.home import Home
from gui.models.device_choice import DeviceChoice
from gui.models.recent import Recent
from gui.models.server import ProgramAccess
from gui.models.session import Session
from gui.models.settings import Mode, Settings
from gui.models.warming import Warming
from gui.theme.theme import theme
from gui.views.about import AboutDialog
from gui.views.attention import Attention
from gui.views.choosing import Choosing
from gui.views.closing import Closing
from gui.views.compare_desk import CompareDesk
from gui.views.grouping_desk import GroupingDesk
from gui.views.notice import Message, refusal, told
from gui.views.offering import Offering
from gui.views.pipeline.desk import PipelineDesk
from gui.views.plugin_desk import PluginDesk
from gui.views.profile_desk import ProfileDesk
from gui.views.recent_menu import RecentMenu
from gui.views.report_desk import ReportDesk
from gui.views.run_actions import RunActions
from gui.views.run_display import RunDisplay
from gui.views.shortcuts_dialog import ShortcutsDialog
from gui.views.store_opening import StoreOpening
from gui.views.window import Window

_STORE_WATCH_MS = 2000
_OTHERS_WATCH_MS = 1000


class Conductor(QObject):
    """Hears what the user wants and what the engine does, and sees to it that the other learns of it.

    Attributes:
        closing: how the window closes.
        pipelines: where pipelines are built.
        plugins: where plugins are looked at, installed and removed.
        attention: tells of the work outside of the window.
        reports: writes reports of runs.
        profiles: opens the profiles by which runs are judged.
        devices: what counts in the next runs.
        devices_card: the choice of that.
        programs: lets programs of this machine in.
        server_card: the switch for that.
        gave_up: whether the user quit because there was no store to work on.
    """

    def __init__(self, window: Window, session: Session, settings: Settings, home: Home) -> None:
        super().__init__(window)
        self.gave_up = False
        self._window = window
        self._session = session
        self._settings = settings
        self._opening = StoreOpening(window, session.tasks, home)
        self.closing = Closing(window, session, self._opening)
        self._choosing = Choosing(window)
        self._actions = RunActions(window, session)
        self._offering = Offering(window, session)
        self._display = RunDisplay(window, session)
        self.attention = Attention(window, session, settings)
        self._recent = Recent(settings)
        self._recent_menu = RecentMenu(window.commands.recent, self._recent)
        self._recent_menu.chosen.connect(self.take)
        self._compare = CompareDesk(window, session, home.settings)
        self.profiles = ProfileDesk(window, session.choices, home)
        self.reports = ReportDesk(window, session, settings)
        self._grouping = GroupingDesk(window, session, settings)
        self.pipelines = PipelineDesk(window, session, home)
        self.plugins = PluginDesk(window, session, home)
        self.devices = DeviceChoice(settings, session.engine, session.tasks, self)
        self.devices_card = window.settings_page.add_devices(self.devices)
        self.devices_card.copied.connect(window.toast.say)
        self.programs = ProgramAccess(session, home, self)
        self.server_card = window.settings_page.add_server(self.programs)
        self.server_card.copied.connect(window.toast.say)
        self._warming = Warming()
        self._hear_session()
        self._hear_window()
        self._hear_runs()
        self._hear_commands()
        self._store_watch = QTimer(self)
        self._store_watch.timeout.connect(self._watch_store)
        self._store_watch.start(_STORE_WATCH_MS)
        self._others_watch = QTimer(self)
        self._others_watch.timeout.connect(self._watch_others)
        self._display.adapt_commands()

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Show the window, and only then fetch what takes long; then run what is in ``paths``."""
        self._window.go_to("runs" if self._settings.page == "runs" else "reads")
        self._window.painted.connect(lambda: self._session.tasks.start(self._settle(paths)))
        self._window.show()

    def open(self, paths: Sequence[Path]) -> None:
        """Run what is in ``paths``."""
        self._session.tasks.start(self._session.entering.open(list(paths)))

    def take(self, paths: Sequence[Path]) -> None:
        """Run what is in ``paths``, after asking where there is more than one way to read it."""
        self._recent.add(paths)
        self._session.tasks.start(self._session.entering.open(list(paths), ask=True))

    def follow(self, path: Path) -> None:
        """Read a file or folder while it grows."""
        self._session.tasks.start(self._session.entering.follow(path))

    async def _settle(self, paths: Sequence[Path]) -> None:
        """The window is on the screen: fetch the runs, the plots and the engine, in this order."""
        store = await self._opening.open()
        if store is None:
            self.gave_up = True
            self.closing.close(ask=False)
            return
        self._session.attach(store)
        await self._session.list_runs()
        self._others_watch.start(_OTHERS_WATCH_MS)
        if not self._session.runs.total:
            self._window.go_to("reads")
        elif not self._display.run_id:
            self._window.go_to("runs")
            self._window.runs.panel.choose_row(0)
        if paths:
            self.take(paths)
        # The plotting library takes a fifth of a second to import: long enough to be felt.
        await self._session.tasks.aside(import_module, "pyqtgraph")
        plots = self._window.runs.run.plots
        plots.built.connect(lambda: self._session.tasks.start(self._session.engine.warm_up()))
        plots.build()

    def _hear_session(self) -> None:
        session, status = self._session, self._window.status
        session.entering.refused.connect(self._show_refused)
        session.entering.searching.connect(status.show_activity)
        session.entering.queueing.connect(status.show_activity)
        session.counted.connect(status.show_statistics)
        session.tasks.failed.connect(self._show_problem)
        session.problem.connect(self._show_problem)
        session.engine.ready.connect(self._show_engine)
        session.engine.renewed.connect(self._show_engine)
        session.engine.warming.connect(self._show_warming)

    def _hear_window(self) -> None:
        window = self._window
        window.close_requested.connect(self.closing.close)
        window.dropped.connect(self.take)
        window.strange_drop.connect(self._show_strange_drop)
        window.toast.undo_requested.connect(self._actions.undo)
        window.reads.drop.open_requested.connect(self._choosing.files)
        window.reads.drop.samples_requested.connect(self._choosing.samples)
        self._choosing.chosen.connect(self.take)
        self._choosing.samples_chosen.connect(self.open)
        self._choosing.follow_chosen.connect(self.follow)
        window.reads.drop.follow_folder_requested.connect(self._choosing.folder_to_follow)
        window.reads.drop.follow_file_requested.connect(self._choosing.file_to_follow)
        window.settings_page.mode_changed.connect(self._set_mode)
        window.settings_page.workers_changed.connect(self._set_workers)
        window.settings_page.tuning_changed.connect(self._set_tuning)
        window.settings_page.tells_changed.connect(self._set_tells)

    def _hear_runs(self) -> None:
        window, panel, run = self._window, self._window.runs.panel, self._window.runs.run
        panel.delete_requested.connect(self._actions.delete)
        panel.again_requested.connect(self._actions.run_again)
        panel.continue_requested.connect(self._actions.continue_runs)
        panel.folder_requested.connect(self._actions.open_folder)
        panel.copy_requested.connect(self._actions.copy_paths)
        panel.pause_requested.connect(lambda _run_id: run.toggle_pause())
        run.pause_requested.connect(self._session.pause)
        run.resume_requested.connect(self._session.resume)
        run.freeze_requested.connect(self._session.engine.freeze_tuning)
        run.finish_requested.connect(self._session.finish)
        run.cancel_requested.connect(self._actions.cancel)
        run.again_requested.connect(lambda run_id: self._actions.run_again([run_id]))
        run.continue_requested.connect(lambda run_id: self._actions.continue_runs([run_id]))
        run.prune_requested.connect(self._actions.remove_checkpoints)
        run.copied.connect(lambda: window.toast.say("The details are in the clipboard"))

    def _hear_commands(self) -> None:
        commands, window, panel = self._window.commands, self._window, self._window.runs.panel
        for action, slot in (
            (commands.open_files, self._choosing.files),
            (commands.open_folder, self._choosing.folder),
            (commands.follow_folder, self._choosing.folder_to_follow),
            (commands.follow_file, self._choosing.file_to_follow),
            (commands.samples, self._choosing.samples),
            (commands.save, self.pipelines.save),
            (commands.quit, window.close),
            (commands.undo, self._undo),
            (commands.redo, self.pipelines.builder.redo),
            (commands.duplicate, self.pipelines.duplicate),
            (commands.delete, lambda: self._actions.delete(panel.chosen())),
            (commands.search, self._search),
            (commands.pause, window.runs.run.toggle_pause),
            (commands.cancel, window.runs.run.ask_to_cancel),
            (commands.again, lambda: self._actions.run_again(panel.chosen())),
            (commands.report, panel.ask_for_report),
            (commands.reads, lambda: window.go_to("reads")),
            (commands.runs, lambda: window.go_to("runs")),
            (commands.pipelines, lambda: window.go_to("pipelines")),
            (commands.plugins, lambda: window.go_to("plugins")),
            (commands.overview, self._compare.show_overview),
            (commands.compare, panel.ask_to_compare),
            (commands.profiles, self.profiles.open),
            (commands.settings, lambda: window.go_to("settings")),
            (commands.shortcuts, lambda: ShortcutsDialog(window.menuBar(), window).open()),
            (commands.about, lambda: AboutDialog(window).open()),
        ):
            commands.connect(action, slot)

    def _undo(self) -> None:
        """Take back the last step of what is done on the page that is shown."""
        if self._window.place == "pipelines":
            self.pipelines.builder.undo()
        elif self._window.place == "plugins":
            self.plugins.undo()
        else:
            self._actions.undo()

    def _search(self) -> None:
        self._window.go_to("runs")
        self._window.runs.panel.focus_search()

    def _show_refused(self, errors: tuple[InputError, ...]) -> None:
        self._recent.forget(error.path for error in errors)
        self._window.notices.add(refusal(errors))

    def _show_strange_drop(self) -> None:
        self._window.notices.add(
            Message("Only files of this computer can be read", "What was dropped is an address.", "Download it first.")
        )

    def _show_problem(self, error: LanescopeError) -> None:
        self._window.notices.add(told(error))
        self._watch_store()

    def _show_engine(self) -> None:
        self._window.status.show_workers(self._session.engine.workers)

    def _show_warming(self, done: int, total: int) -> None:
        self._warming.tell(done, total)
        self._window.status.show_activity(self._warming.text)
        self._window.runs.run.notes.set_waiting(self._warming.reason)

    def _watch_store(self) -> None:
        self._window.status.show_problem(self._session.store_problem)

    def _watch_others(self) -> None:
        """Ask what other processes have done; nobody needs to know while nobody sees it."""
        if self._window.isVisible() and not self._window.isMinimized():
            self._session.tasks.start(self._session.elsewhere.look())

    def _set_mode(self, mode: Mode) -> None:
        self._settings.mode = mode
        theme().set_mode(mode)

    def _set_tuning(self, on: bool) -> None:
        self._settings.tuning = on
        self._session.engine.set_tuning(on=on)

    def _set_tells(self, on: bool) -> None:
        self._settings.tells = on

    def _set_workers(self, workers: int) -> None:
        self._settings.workers = workers or None
        self._session.engine.set_workers(self._settings.workers)
