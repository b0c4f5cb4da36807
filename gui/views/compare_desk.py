"""Shows the overview of all runs and the comparison of some."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models import format as show
from gui.models.compare_choice import comparable
from gui.models.run_list import ENTRY_ROLE, RunEntry
from gui.models.session import Session
from gui.models.settings import Settings
from gui.views.window import Window

if TYPE_CHECKING:
    from engine.store.watch import StoreNews
    from gui.models.compare_parts import Part
    from gui.views.compare_page import ComparePage


class CompareDesk(QObject):
    """Fetches runs and verdicts one by one, first those that are looked at.

    What it takes to judge and to draw is imported when it is first wanted: the window comes up sooner without.

    Attributes:
        page: the page, made when first wanted.
    """

    def __init__(self, window: Window, session: Session, settings: Path) -> None:
        super().__init__(window)
        self.page: ComparePage | None = None
        self._window = window
        self._session = session
        self._wanted: dict[int, None] = {}  # the newest wish last
        self._is_judging = False
        self._judging = 0  # key of the run that is judged now, unless it has changed meanwhile
        self._is_overview = False
        self._parts: dict[int, Part] = {}
        self._whole = 0
        self._is_copying = False
        self._settings = Settings(settings)
        session.choices.changed.connect(self._judge_anew)
        window.runs.panel.overview_requested.connect(self.show_overview)
        window.runs.panel.compare_requested.connect(self.compare)
        window.runs.run.compare_requested.connect(self.compare_parts)
        # The current line can be clicked too, which changes nothing in the list.
        window.runs.panel.list.clicked.connect(lambda _index: self._leave())
        session.changed.connect(self._hear)
        session.elsewhere.moved.connect(self._hear_elsewhere)
        for signal in (session.runs.rowsInserted, session.runs.rowsRemoved, session.runs.layoutChanged):
            signal.connect(self._list_anew)

    @property
    def is_shown(self) -> bool:
        """Whether the page is shown in the place of a run."""
        return self.page is not None and self._window.runs.right.currentWidget() is self.page

    def show_overview(self) -> None:
        """Show the verdicts of all runs that the search finds."""
        page = self._open()
        self._is_overview, self._whole = True, 0
        column, is_down = self._settings.overview_order
        page.view.allow_sorting(True, column, down=is_down)
        self._list_all(page)
        page.take_keys()
        self._go_on()

    def compare(self, run_ids: list[int]) -> None:
        """Show runs in the same plots, from two to six."""
        if comparable(run_ids):
            self._session.tasks.start(self._compare(run_ids))

    def compare_parts(self, run_id: int) -> None:
        """Show the mates of a run, or its reads before and after a pipeline, in the same plots."""
        self._session.tasks.start(self._compare_parts(run_id))

    async def _compare_parts(self, run_id: int) -> None:
        page = self._open()
        self._show_parts(await self._session.load(run_id))
        page.view.setFocus()

    def _show_parts(self, run: RunSnapshot) -> None:
        from gui.models.compare_parts import parts_of, titled

        parts = parts_of(run)
        if self.page is None:
            return
        self._is_overview, self._whole = False, run.run_id
        self._parts = {part.key: part for part in parts}
        self.page.show_runs([part.compared for part in parts], *titled(run))
        for key in self._parts:  # also those whose verdict is shown, which stays until it is known anew
            self._want_anew(key)

    async def _compare(self, run_ids: list[int]) -> None:
        from gui.models.compare import Compared

        snapshots = [await self._session.load(run_id) for run_id in run_ids]
        page = self._open()
        self._is_overview, self._whole = False, 0
        page.show_runs([Compared(one.run_id, _called(one.name, one.state), one.results) for one in snapshots])
        page.view.setFocus()

    def _open(self) -> ComparePage:
        if self.page is None:
            from gui.views.compare_page import ComparePage

            self.page = ComparePage()
            self.page.opened.connect(self._open_run)
            self.page.closed.connect(self._leave)
            self.page.report_requested.connect(self._window.runs.panel.report_requested)
            self.page.nothing.reads_wanted.connect(lambda: self._window.go_to("reads"))
            self.page.table.missing.connect(self._want)
            self.page.table.completed.connect(self._copy_completed)
            self.page.view.copy_requested.connect(self._copy)
            self.page.view.sorted.connect(self._keep_order)
            self._window.runs.right.addWidget(self.page)
        self._is_copying = False  # what was to be copied makes room
        self._window.go_to("runs")
        self._window.runs.right.setCurrentWidget(self.page)
        return self.page

    def _open_run(self, run_id: int) -> None:
        part = self._parts.get(run_id)
        if part is None:
            self._leave()
            self._window.runs.panel.choose(run_id)
            return
        run = self._window.runs.run
        (run.mates.second if part.is_second else run.mates.first).setChecked(True)
        (run.stages.after if part.is_after else run.stages.before).setChecked(True)
        self._leave()

    def _leave(self) -> None:
        if self.page is not None and self.is_shown:
            had_keys = self.page.isAncestorOf(self._window.focusWidget())
            self._window.runs.show_run(self._window.runs.panel.current() != 0)
            if had_keys:
                self._window.runs.take_keys()

    def _keep_order(self, column: int, is_down: bool) -> None:
        self._settings.overview_order = column, is_down

    def _copy(self) -> None:
        """Put the table into the clipboard, as soon as all verdicts are known."""
        self._is_copying = True
        unknown = () if self.page is None else self.page.table.unknown
        for run_id in unknown:
            self._want(run_id)
        if not unknown:
            self._copy_completed()

    def _copy_completed(self) -> None:
        if self._is_copying and self.page is not None:
            self._is_copying = False
            QGuiApplication.clipboard().setText(self.page.table.as_text())
            self._window.toast.say("The table is in the clipboard")

    def _list_all(self, page: ComparePage) -> None:
        runs = self._session.runs
        found = (runs.index(row).data(ENTRY_ROLE) for row in range(runs.rowCount()))
        entries = [entry for entry in found if isinstance(entry, RunEntry)]
        names = told_apart(entries, datetime.now().astimezone())
        page.show_all(names, {entry.run_id: entry.state for entry in entries}, are_searched=runs.total > 0)

    def _list_anew(self, *_: object) -> None:
        if self.page is not None and self.is_shown and self._is_overview:
            self._list_all(self.page)
            self._go_on()

    def _hear(self, news: tuple[RunSnapshot, ...]) -> None:
        """A run that has ended is judged anew; one whose parts are shown goes on there."""
        for snapshot in news:
            if self.is_shown and snapshot.run_id == self._whole:
                self._show_parts(snapshot)
            if snapshot.state.is_final:
                self._forget(snapshot.run_id)

    def _hear_elsewhere(self, news: StoreNews) -> None:
        for row in news.rows:
            if row.state.is_final:
                self._forget(row.run_id)

    def _forget(self, run_id: int) -> None:
        if self.page is None:
            return
        self._outdate(run_id)
        self.page.table.forget(run_id)
        if self._is_copying and run_id in self.page.table.unknown:
            self._want(run_id)
        self._list_anew()

    def _want(self, run_id: int) -> None:
        if run_id not in self._wanted:
            self._wanted[run_id] = None
            self._go_on()

    def _want_anew(self, run_id: int) -> None:
        self._outdate(run_id)
        self._want(run_id)

    def _outdate(self, run_id: int) -> None:
        """What is being found out about a run is not so any more: it is judged once more then."""
        if self._judging == run_id:
            self._judging = 0

    def _go_on(self) -> None:
        if not self._is_judging and self._next() is not None:
            self._is_judging = True
            self._session.tasks.start(self._judge_wanted())

    def _next(self) -> int | None:
        """The newest wish: that is what is looked at. Then the others, for all it takes to tell what stands out."""
        if self._wanted:
            return next(reversed(self._wanted))
        if self.page is None or not (self.is_shown and self._is_overview):
            return None
        return next(iter(self.page.table.unknown), None)

    async def _judge_wanted(self) -> None:
        from gui.models.overview import RunVerdicts, verdicts_of, verdicts_of_part

        try:
            while self.page is not None and (run_id := self._next()) is not None:
                part = self._parts.get(run_id)
                told = RunVerdicts()
                self._judging = run_id
                with suppress(LanescopeError):  # the run itself tells when it is opened
                    run = await self._session.load(self._whole if part else run_id)
                    if part:
                        told = await self._session.tasks.aside(verdicts_of_part, part.results, run)
                    else:
                        told = await self._session.tasks.aside(verdicts_of, run)
                is_current = self._judging == run_id
                if is_current or part:  # parts of a run that goes change all the time
                    self.page.table.set_judged(run_id, told)
                self._wanted.pop(run_id, None)
                if not is_current:  # once more, behind the others
                    self._wanted = {run_id: None, **self._wanted}
                self.page.tell_progress(len(self.page.table.unknown))
                await asyncio.sleep(0)
        finally:
            self._is_judging = False
            self._wanted.clear()

    def _judge_anew(self, run_id: int) -> None:
        if self.page is None:
            return
        self._outdate(run_id)
        self.page.table.forget(run_id)
        for key in self._parts if run_id == self._whole else ():
            self._want_anew(key)
        self._go_on()  # nothing else asks for runs that are out of sight


def told_apart(entries: Sequence[RunEntry], now: datetime) -> list[tuple[int, str]]:
    """Key and name of each run; those that are called alike get when they were made, and their key if that is alike."""
    times = [show.moment(entry.created, now) for entry in entries]
    names = Counter(entry.name for entry in entries)
    both = Counter(zip((entry.name for entry in entries), times, strict=True))
    told = []
    for entry, time in zip(entries, times, strict=True):
        parts = [entry.name]
        if names[entry.name] > 1:
            parts.append(time)
        if both[entry.name, time] > 1:
            parts.append(f"run {entry.run_id}")
        told.append((entry.run_id, " \N{MIDDLE DOT} ".join(parts)))
    return told


def _called(name: str, state: RunState) -> str:
    """The name of a run, and its state unless it was read whole: its verdicts are those of a part of the file."""
    return name if state is RunState.COMPLETED else f"{name} \N{MIDDLE DOT} {state}"
