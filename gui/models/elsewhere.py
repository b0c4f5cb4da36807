"""Runs that other processes do on the same store: a command line, another window."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from PySide6.QtCore import QObject, Signal

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import StoreError
from engine.store.store import Store
from engine.store.watch import StoreNews, StoreWatch
from gui.models.continuing import Continuing
from gui.models.run_list import RunEntry, RunListModel
from gui.models.tasks import Tasks

_LOOKS_BETWEEN_SEARCHES = 10
"""Looks after which it is asked again whether processes that have runs still live."""


class Elsewhere(QObject):
    """Keeps the list of runs up to what other processes write.

    Belongs to the GUI thread; the database is read aside.

    Signals:
        moved: other processes have done something; the ``StoreNews`` goes with it. The list has them by then.
    """

    moved = Signal(object)

    def __init__(
        self,
        runs: RunListModel,
        store: Callable[[], Awaitable[Store]],
        tasks: Tasks,
        continuing: Continuing,
        own: Mapping[int, RunSnapshot],
        parent: QObject | None = None,
    ) -> None:
        """Keep ``runs`` up to date.

        Args:
            runs: the list.
            store: brings the store as soon as it is there.
            tasks: does what blocks.
            continuing: knows which runs can go on.
            own: this process's own runs, which it knows better.
            parent: Qt's.
        """
        super().__init__(parent)
        self._runs = runs
        self._store = store
        self._tasks = tasks
        self._continuing = continuing
        self._own = own
        self._watch: StoreWatch | None = None
        self._going: frozenset[int] = frozenset()
        self._is_looking = False
        self._looks = 0

    def has(self, run_id: int) -> bool:
        """Whether a run is going in another process."""
        return run_id in self._going

    async def look(self) -> None:
        """Bring the list up to date; costs next to nothing where nobody wrote. A second look waits for no first."""
        if self._is_looking:
            return
        self._is_looking = True
        try:
            # Whoever writes tells of what is wrong with the store; the next look may do better.
            with suppress(StoreError):
                await self._look()
        finally:
            self._is_looking = False

    def close(self) -> None:
        """Look no more; may wait for a look that is going on."""
        if self._watch is not None:
            self._watch.close()

    async def _look(self) -> None:
        store = await self._store()
        if self._watch is None:
            self._watch = StoreWatch(store.path)
        self._looks += 1
        if self._going and self._looks % _LOOKS_BETWEEN_SEARCHES == 0:
            await self._tasks.aside(store.mark_lost_runs)
        if not await self._tasks.aside(self._watch.has_news):
            return
        known, going = self._runs.run_ids(), self._runs.run_ids(going=True)
        news = await self._tasks.aside(self._watch.look, known, going - self._own.keys())
        if any(row.state is RunState.INTERRUPTED for row in news.rows):
            await self._continuing.find()
        self._take(news)

    def _take(self, news: StoreNews) -> None:
        self._going = news.going
        if news.rows or news.gone:
            self._runs.update(RunEntry.stored(row, news.bytes_read.get(row.run_id)) for row in news.rows)
            self._runs.remove(news.gone)
            self._continuing.refresh()
            self.moved.emit(news)
