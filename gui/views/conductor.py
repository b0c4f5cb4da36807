"""What happens when: brings the window and the session together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from engine.errors import InputError, LanescopeError
from engine.home import Home
from engine.run.snapshot import RunSnapshot
from engine.store.errors import StoreError
from gui.models.format import plural
from gui.models.input_list import names_of
from gui.models.opening import Opened, open_store, open_temporary_store
from gui.models.session import Session
from gui.models.settings import Mode, Settings
from gui.models.undo import Deletion
from gui.models.warming import Warming
from gui.theme.theme import theme
from gui.views.about import AboutDialog
from gui.views.choosing import Choosing
from gui.views.dialogs import Question
from gui.views.notice import Message, refusal, told
from gui.views.window import Window

_STORE_WATCH_MS = 2000


class Conductor(QObject):
    """Hears what the user wants and what the engine does, and sees to it that the other learns of it.

    Attributes:
        gave_up: whether the user quit because there was no store to work on.

    Signals:
        closed: the window is closed and nothing is left running.
    """

    closed = Signal()

    def __init__(self, window: Window, session: Session, settings: Settings, home: Home) -> None:
        super().__init__(window)
        self._home = home
        self._opening: asyncio.Future[Opened] | None = None
        self.gave_up = False
        self._window = window
        self._session = session
        self._settings = settings
        self._choosing = Choosing(window)
        self._wanted = 0
        self._warming = Warming()
        self._deleted_from = 0
        self._is_asking = False
        self._is_closing = False
        self._hear_session()
        self._hear_window()
        self._hear_commands()
        self._store_watch = QTimer(self)
        self._store_watch.timeout.connect(self._watch_store)
        self._store_watch.start(_STORE_WATCH_MS)
        self._adapt_commands()

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Show the window, and only then fetch what takes long; then run what is in ``paths``."""
        self._window.go_to("runs" if self._settings.page == "runs" else "reads")
        self._window.painted.connect(lambda: self._session.tasks.start(self._settle(paths)))
        self._window.show()

    def open(self, paths: Sequence[Path]) -> None:
        """Run what is in ``paths``."""
        self._session.tasks.start(self._session.open(list(paths)))

    def close(self, *, ask: bool = True) -> None:
        """Close the window, after asking when runs would be lost."""
        if not self._is_closing:
            self._session.tasks.start(self._close(ask))

    async def _settle(self, paths: Sequence[Path]) -> None:
        """The window is on the screen: fetch the runs, the plots and the engine, in this order."""
        if not await self._open_store():
            self.gave_up = True
            self.close(ask=False)
            return
        await self._session.list_runs()
        if not self._session.runs.total:
            self._window.go_to("reads")
        elif not self._wanted:
            self._window.go_to("runs")
            self._window.runs.panel.choose_row(0)
        if paths:
            self.open(paths)
        # The plotting library takes a fifth of a second to import: long enough to be felt.
        await self._session.tasks.aside(import_module, "pyqtgraph")
        plots = self._window.runs.run.plots
        plots.built.connect(lambda: self._session.tasks.start(self._session.engine.warm_up()))
        plots.build()

    async def _open_store(self) -> bool:
        """Whether there is a store to work on: the user's, or an empty one for as long as the window is open."""
        try:
            opened = await self._open(open_store, self._home)
        except StoreError as error:
            question = Question(
                self._window,
                error.title,
                f"{error}\n\n{error.hint}",
                keep="Quit",
                go="Go on without keeping runs",
            )
            if not await question.ask():
                return False
            opened = await self._open(open_temporary_store)
            self._window.notices.add(
                Message("Runs of this session are not kept", "They go away when the window closes.")
            )
        self._session.attach(opened.store)
        return True

    async def _open(self, how: Callable[..., Opened], *where: Home) -> Opened:
        # Once begun it cannot be taken back: who closes has to wait for it.
        self._opening = asyncio.ensure_future(self._session.tasks.aside(how, *where))
        return await asyncio.shield(self._opening)

    async def _clean_up(self) -> None:
        """Leave no store behind that was opened too late, and no temporary folder."""
        if self._opening is None:
            return
        opened = (await asyncio.gather(self._opening, return_exceptions=True))[0]
        if isinstance(opened, Opened):
            await self._session.tasks.aside(opened.store.close)
            await self._session.tasks.aside(opened.clean_up)

    def _hear_session(self) -> None:
        session, window = self._session, self._window
        session.changed.connect(self._show_news)
        session.submitted.connect(self._show_submitted)
        session.refused.connect(self._show_refused)
        session.searching.connect(window.status.show_activity)
        session.deleted.connect(self._show_deletion)
        session.restored.connect(self._show_restored)
        session.counted.connect(window.status.show_statistics)
        session.tasks.failed.connect(self._show_problem)
        session.problem.connect(self._show_problem)
        session.engine.ready.connect(self._show_engine)
        session.engine.warming.connect(self._show_warming)
        session.undo.changed.connect(self._adapt_commands)

    def _hear_window(self) -> None:
        window, panel, run = self._window, self._window.runs.panel, self._window.runs.run
        window.close_requested.connect(self.close)
        window.place_changed.connect(self._adapt_commands)
        window.dropped.connect(self.open)
        window.strange_drop.connect(self._show_strange_drop)
        window.toast.undo_requested.connect(self._undo)
        window.reads.drop.open_requested.connect(self._choosing.files)
        window.reads.drop.samples_requested.connect(self._choosing.samples)
        window.reads.run_requested.connect(self._go_to_run)
        self._choosing.chosen.connect(self.open)
        panel.current_changed.connect(self._show_run)
        panel.delete_requested.connect(self._delete)
        panel.again_requested.connect(self._run_again)
        panel.folder_requested.connect(self._open_folder)
        panel.copy_requested.connect(self._copy_paths)
        panel.pause_requested.connect(lambda _run_id: run.toggle_pause())
        panel.list.selectionModel().selectionChanged.connect(self._adapt_commands)
        run.pause_requested.connect(self._session.pause)
        run.resume_requested.connect(self._session.resume)
        run.cancel_requested.connect(self._cancel)
        run.again_requested.connect(lambda run_id: self._run_again([run_id]))
        run.copied.connect(lambda: window.toast.say("The details are in the clipboard"))
        window.settings_page.mode_changed.connect(self._set_mode)
        window.settings_page.workers_changed.connect(self._set_workers)

    def _hear_commands(self) -> None:
        commands, window = self._window.commands, self._window
        for action, slot in (
            (commands.open_files, self._choosing.files),
            (commands.open_folder, self._choosing.folder),
            (commands.samples, self._choosing.samples),
            (commands.quit, window.close),
            (commands.undo, self._undo),
            (commands.delete, lambda: self._delete(window.runs.panel.chosen())),
            (commands.search, self._search),
            (commands.pause, window.runs.run.toggle_pause),
            (commands.cancel, window.runs.run.ask_to_cancel),
            (commands.again, lambda: self._run_again(window.runs.panel.chosen())),
            (commands.reads, lambda: window.go_to("reads")),
            (commands.runs, lambda: window.go_to("runs")),
            (commands.settings, lambda: window.go_to("settings")),
            (commands.about, lambda: AboutDialog(window).open()),
        ):
            commands.connect(action, slot)

    def _adapt_commands(self, *_: object) -> None:
        """Offer what would work now."""
        commands, page = self._window.commands, self._window.runs.run.page
        is_shown = self._window.place == "runs" and self._wanted != 0 and page is not None
        chosen = [self._session.runs.entry(run_id) for run_id in self._window.runs.panel.chosen()]
        are_over = bool(chosen) and all(entry is not None and entry.state.is_final for entry in chosen)
        over = self._window.place == "runs" and are_over
        commands.pause.setEnabled(is_shown and page is not None and (page.can_pause or page.can_resume))
        commands.pause.setText("&Resume" if page is not None and page.can_resume else "&Pause")
        commands.cancel.setEnabled(is_shown and page is not None and page.can_cancel)
        commands.again.setEnabled(over)
        commands.delete.setEnabled(over)
        deletion = self._session.undo.next
        commands.undo.setEnabled(deletion is not None)
        commands.undo.setText("&Undo" if deletion is None else f"&Undo: {deletion.text}")

    def _show_run(self, run_id: int) -> None:
        self._wanted = run_id
        newest = self._session.newest(run_id)
        if not run_id:
            self._window.runs.show_run(False)
        elif newest is not None:
            self._show_snapshot(newest)
        else:
            self._session.tasks.start(self._load(run_id))
        self._adapt_commands()

    async def _load(self, run_id: int) -> None:
        snapshot = await self._session.load(run_id)
        # By the time it is there, another may have been chosen.
        if run_id == self._wanted:
            self._show_snapshot(snapshot)

    def _show_snapshot(self, snapshot: RunSnapshot) -> None:
        self._window.runs.run.show_snapshot(snapshot)
        self._window.runs.show_run(True)
        self._adapt_commands()

    def _show_news(self, news: tuple[RunSnapshot, ...]) -> None:
        for snapshot in news:
            if snapshot.run_id == self._wanted:
                self._show_snapshot(snapshot)

    def _show_submitted(self, snapshots: tuple[RunSnapshot, ...]) -> None:
        """Show the first of the new runs, unless that would take away one that is being watched."""
        new = {snapshot.run_id for snapshot in snapshots}
        if any(snapshot.run_id not in new for snapshot in self._session.going):
            self._window.toast.say(f"Queued {names_of([snapshot.path for snapshot in snapshots])}")
        else:
            self._go_to_run(snapshots[0].run_id)

    def _go_to_run(self, run_id: int) -> None:
        panel = self._window.runs.panel
        if not self._session.runs.index_of(run_id).isValid():
            panel.search.clear()
        self._window.go_to("runs")
        panel.choose(run_id)

    def _show_refused(self, errors: tuple[InputError, ...]) -> None:
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
        self._window.runs.run.set_waiting(self._warming.reason)

    def _watch_store(self) -> None:
        self._window.status.show_problem(self._session.store_problem)

    def _show_deletion(self, deletion: Deletion) -> None:
        # Whatever came to stand in the place of the first that went.
        self._window.runs.panel.choose_row(self._deleted_from)
        self._window.toast.say(deletion.text, can_undo=True)

    def _show_restored(self, deletion: Deletion) -> None:
        self._window.toast.say(f"{plural(len(deletion.entries), 'run')} restored")
        if self._window.place == "runs":
            self._window.runs.panel.choose(deletion.run_ids[0])

    def _delete(self, run_ids: list[int]) -> None:
        if run_ids:
            self._deleted_from = min(self._session.runs.index_of(run_id).row() for run_id in run_ids)
            self._session.tasks.start(self._session.delete(run_ids))

    def _undo(self) -> None:
        self._window.toast.hide()
        self._session.tasks.start(self._session.undo_delete())

    def _run_again(self, run_ids: list[int]) -> None:
        self._session.tasks.start(self._session.run_again(run_ids))

    def _cancel(self, run_id: int) -> None:
        self._session.tasks.start(self._cancel_after_asking(run_id))

    async def _cancel_after_asking(self, run_id: int) -> None:
        page = self._window.runs.run.page
        if page is not None and page.run_id == run_id and page.asks_before_cancel:
            question = Question(
                self._window,
                f"Cancel {page.title}?",
                "What has been counted so far is kept, as the numbers of part of the file.",
                keep="Keep running",
                go="Cancel run",
            )
            if not await question.ask():
                return
        self._session.cancel(run_id)

    def _search(self) -> None:
        self._window.go_to("runs")
        self._window.runs.panel.focus_search()

    def _open_folder(self, run_id: int) -> None:
        entry = self._session.runs.entry(run_id)
        if entry is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent)))

    def _copy_paths(self, run_ids: list[int]) -> None:
        entries = [entry for entry in map(self._session.runs.entry, run_ids) if entry is not None]
        QGuiApplication.clipboard().setText("\n".join(str(entry.path) for entry in entries))
        self._window.toast.say(
            "The path is in the clipboard" if len(entries) == 1 else "The paths are in the clipboard"
        )

    def _set_mode(self, mode: Mode) -> None:
        self._settings.mode = mode
        theme().set_mode(mode)

    def _set_workers(self, workers: int) -> None:
        self._settings.workers = workers or None
        self._session.engine.set_workers(self._settings.workers)

    async def _close(self, ask: bool) -> None:
        if self._is_asking:
            return
        if ask and self._session.is_busy and not await self._ask_to_close():
            return
        if self._is_closing:
            return
        self._is_closing = True
        self._window.status.show_activity("Closing…")
        self._window.remember()
        try:
            await self._session.close()
        finally:
            await self._clean_up()
            self._window.close_for_good()
            self.closed.emit()

    async def _ask_to_close(self) -> bool:
        self._is_asking = True
        going = self._session.going
        if len(going) == 1:
            text, go = f"{going[0].name} is not finished", "Cancel run and close"
        else:
            text, go = f"{plural(len(going), 'run')} are not finished", "Cancel runs and close"
        explanation = "What has been counted so far is kept, as the numbers of part of the file."
        try:
            return await Question(self._window, text, explanation, keep="Keep running", go=go).ask()
        finally:
            self._is_asking = False
