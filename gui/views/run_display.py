"""Which run is shown, and what the menus offer for it."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import RunNotFoundError, StoreError
from engine.store.watch import StoreNews
from gui.models.compare_choice import comparable
from gui.models.input_list import names_of
from gui.models.session import Session
from gui.models.waiting import ahead
from gui.views.window import Window

_PATIENCE_MS = 2000


class RunDisplay(QObject):
    """Follows the choice in the list, and the news of the run that is shown.

    Attributes:
        run_id: key of the run that is to be shown, 0 when there is none.
    """

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self.run_id = 0
        self._late = self._first = 0
        self._window = window
        self._session = session
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._lose_patience)
        panel = window.runs.panel
        panel.current_changed.connect(self.show_run)
        panel.list.selectionModel().selectionChanged.connect(self.adapt_commands)
        window.place_changed.connect(self.adapt_commands)
        window.reads.run_requested.connect(self.go_to)
        window.runs.nothing.reads_wanted.connect(lambda: window.go_to("reads"))
        for signal in (session.runs.rowsInserted, session.runs.rowsRemoved, session.runs.modelReset):
            signal.connect(self.adapt_commands)
        session.changed.connect(self._show_news)
        session.elsewhere.moved.connect(self._show_moved)
        session.entering.began.connect(self._show_first)
        session.entering.submitted.connect(self._show_submitted)
        session.undo.changed.connect(self.adapt_commands)
        session.continuing.pruned.connect(self.forget_checkpoints)

    def show_run(self, run_id: int) -> None:
        """Show a run, or nothing for 0."""
        self.run_id = run_id
        newest = self._session.newest(run_id)
        if not run_id:
            self._window.runs.show_run(False)
        elif newest is not None:
            self._show(newest)
        else:
            self._session.tasks.start(self._load(run_id))
        self.adapt_commands()

    def go_to(self, run_id: int) -> None:
        """Go to the page of a run, whatever is being searched for."""
        panel = self._window.runs.panel
        if not self._session.runs.index_of(run_id).isValid():
            panel.search.clear()
        self._window.go_to("runs")
        panel.choose(run_id)

    def adapt_commands(self, *_: object) -> None:
        """Offer what would work now."""
        commands, page = self._window.commands, self._window.runs.run.page
        is_on_runs = self._window.place == "runs"
        if not is_on_runs or self.run_id == 0:
            page = None
        commands.pause.setEnabled(page is not None and (page.can_pause or page.can_resume))
        commands.pause.setText("&Resume" if page is not None and page.can_resume else "&Pause")
        commands.cancel.setEnabled(page is not None and page.can_cancel)
        chosen = [self._session.runs.entry(run_id) for run_id in self._window.runs.panel.chosen()]
        are_over = is_on_runs and bool(chosen) and all(entry is not None and entry.state.is_final for entry in chosen)
        commands.again.setEnabled(are_over)
        commands.report.setEnabled(is_on_runs and bool(chosen))
        commands.overview.setEnabled(self._session.runs.total > 0)
        commands.compare.setEnabled(comparable(chosen))
        commands.delete.setEnabled(are_over)
        if self._window.place in {"pipelines", "plugins"}:
            return  # other steps are undone there
        deletion = self._session.undo.next
        commands.undo.setEnabled(deletion is not None)
        commands.undo.setText("&Undo" if deletion is None else f"&Undo: {deletion.text}")

    async def _load(self, run_id: int) -> None:
        snapshot = await self._session.load(run_id)
        # By the time it is there, another may have been chosen.
        if run_id == self.run_id:
            self._show(snapshot)

    def _show(self, snapshot: RunSnapshot) -> None:
        self._tell_what_is_ahead()
        self._window.runs.run.show_snapshot(snapshot, is_elsewhere=self._session.elsewhere.has(snapshot.run_id))
        self._window.runs.show_run(True)
        self.adapt_commands()
        self._ask_what_is_safe(snapshot)

    def _lose_patience(self) -> None:
        self._late = self.run_id
        self._tell_what_is_ahead()

    def _tell_what_is_ahead(self) -> None:
        """Why the run that is shown does not begin; most begin at once, and no word shall flash up before they do."""
        newest = self._session.newest(self.run_id)
        is_queued = newest is not None and newest.state is RunState.CREATED
        words = ahead(self._session.going, self.run_id, is_late=self._late == self.run_id) if is_queued else ""
        self._window.runs.run.notes.set_ahead(words)
        if is_queued and not words:
            self._patience.start()

    def _ask_what_is_safe(self, snapshot: RunSnapshot) -> None:
        if self._session.continuing.can(snapshot.run_id):
            self._session.tasks.start(self._tell_what_is_safe(snapshot))

    async def _tell_what_is_safe(self, snapshot: RunSnapshot) -> None:
        reads = await self._session.continuing.safe_reads(snapshot.run_id)
        page = await self._session.continuing.safe(snapshot)
        if snapshot.run_id == self.run_id:
            self._window.runs.run.set_safe_reads(reads)
            self._window.runs.run.set_checkpoints(page)

    def forget_checkpoints(self, run_id: int) -> None:
        """Those of a run have been removed."""
        if run_id == self.run_id:
            self._window.runs.run.set_safe_reads(None)

    def _show_news(self, news: tuple[RunSnapshot, ...]) -> None:
        self._tell_what_is_ahead()
        for snapshot in news:
            if snapshot.run_id == self.run_id:
                # News do not take away what else is shown in the place of the run.
                is_elsewhere = self._session.elsewhere.has(snapshot.run_id)
                self._window.runs.run.show_snapshot(snapshot, is_elsewhere=is_elsewhere)
                self.adapt_commands()
                self._ask_what_is_safe(snapshot)

    def _show_moved(self, news: StoreNews) -> None:
        if any(row.run_id == self.run_id for row in news.rows):
            self._session.tasks.start(self._show_anew(self.run_id))

    async def _show_anew(self, run_id: int) -> None:
        # What is wrong with its record was told when it was chosen; it may also have been deleted meanwhile.
        with suppress(StoreError, RunNotFoundError):
            snapshot = await self._session.load(run_id)
            self._session.changed.emit((snapshot,))

    def _show_first(self, first: RunSnapshot) -> None:
        """Show the first of new runs at once: adding many takes time, and by then something else is looked at."""
        if all(snapshot.run_id == first.run_id for snapshot in self._session.going):
            self._first = first.run_id
            self.go_to(first.run_id)

    def _show_submitted(self, snapshots: tuple[RunSnapshot, ...]) -> None:
        """Show the first of the new runs, unless that would take away one that is being watched."""
        if snapshots[0].run_id == self._first:
            return
        new = {snapshot.run_id for snapshot in snapshots}
        if any(snapshot.run_id not in new for snapshot in self._session.going):
            self._window.toast.say(f"Queued {names_of([snapshot.path for snapshot in snapshots])}")
        else:
            self.go_to(snapshots[0].run_id)
