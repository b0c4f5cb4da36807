"""What a person does with runs, and what becomes of it; everything behind the window but the window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.devices.wanted import CPU
from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.store.store import Store
from gui.bridge import Bridge
from gui.models.continuing import Continuing
from gui.models.elsewhere import Elsewhere
from gui.models.engine_link import EngineLink
from gui.models.entering import Entering
from gui.models.input_list import InputListModel
from gui.models.run_list import RunEntry, RunListModel
from gui.models.tasks import Tasks
from gui.models.undo import Deletion, UndoStack
from gui.models.verdict_choices import ProfileChoices

if TYPE_CHECKING:
    from engine.store.watch import StoreNews


class Session(QObject):
    """The runs of the store and those that are going, and everything that can be done with them.

    All of it belongs to the GUI thread; what touches the disk is done aside. It works from the start: what needs
    the store waits until :meth:`attach` brings it.

    Attributes:
        runs: all runs, for the list.
        inputs: inputs of this session, for the page *Reads*.
        undo: what can be taken back.
        tasks: work that is going on beside the window.
        engine: the engine, once it is there.
        continuing: interrupted runs that can go on.
        choices: by which profile each run is judged.
        elsewhere: runs that other processes do on the same store.
        entering: makes runs of files.

    Signals:
        listed: the runs of the store are in ``runs``.
        changed: newer snapshots (a tuple) of runs of this session.
        deleted: a ``Deletion`` was made.
        restored: a ``Deletion`` was taken back.
        counted: statistics of the store.
        problem: the store cannot write; the ``LanescopeError`` goes with it.
    """

    listed = Signal()
    changed = Signal(object)
    deleted = Signal(object)
    restored = Signal(object)
    counted = Signal(object)
    problem = Signal(object)

    def __init__(
        self, executor: Executor, *, workers: int | None = None, device: str = CPU, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store: Store | None = None
        self._is_attached = asyncio.Event()
        self.runs = RunListModel(self)
        self.inputs = InputListModel(self)
        self.undo = UndoStack(self)
        self.tasks = Tasks(executor, self)
        self._bridge = Bridge(self)
        self._bridge.updated.connect(self._update)
        self.engine = EngineLink(
            self.store, self.tasks, workers=workers, device=device, on_change=self._bridge.publish, parent=self
        )
        self.continuing = Continuing(self.runs, self.store, self.tasks, self)
        self.choices = ProfileChoices(self.store, self.tasks, self)
        self._newest: dict[int, RunSnapshot] = {}
        self.elsewhere = Elsewhere(self.runs, self.store, self.tasks, self.continuing, self._newest, self)
        self.elsewhere.moved.connect(self._hear_elsewhere)
        self.entering = Entering(
            self.store,
            self.engine,
            self.tasks,
            load=self.load,
            known=self._know,
            count=self.count,
            judged_by=self.choices.for_new_run,
            parent=self,
        )
        self.entering.refused.connect(self.inputs.refuse)

    @property
    def is_busy(self) -> bool:
        """Whether any run is going or waits."""
        return any(not snapshot.state.is_final for snapshot in self._newest.values())

    @property
    def going(self) -> tuple[RunSnapshot, ...]:
        """Runs that are going or wait, in the order they were added."""
        return tuple(snapshot for snapshot in self._newest.values() if not snapshot.state.is_final)

    @property
    def store_problem(self) -> LanescopeError | None:
        """Why the store cannot write at the moment, or ``None``."""
        return None if self._store is None else self._store.problem

    def attach(self, store: Store) -> None:
        """Work on ``store`` from now on; called once."""
        self._store = store
        store.on_problem = self.problem.emit
        self._is_attached.set()

    async def store(self) -> Store:
        """The store, as soon as it is there."""
        while self._store is None:
            await self._is_attached.wait()
        return self._store

    def newest(self, run_id: int) -> RunSnapshot | None:
        """The newest snapshot of a run of this session."""
        return self._newest.get(run_id)

    async def list_runs(self) -> None:
        """Fetch the list of runs from the store."""
        store = await self.store()
        rows = await self.tasks.aside(store.list_runs)
        await self.continuing.find()
        entries = {row.run_id: RunEntry.stored(row) for row in rows}
        # What is going is newer here than there.
        entries |= {run_id: RunEntry.of(snapshot) for run_id, snapshot in self._newest.items() if run_id in entries}
        self.runs.set_entries(entries.values())
        self.continuing.refresh()
        self.listed.emit()
        await self.count()

    async def count(self) -> None:
        """Fetch the statistics of the store."""
        store = await self.store()
        self.counted.emit(await self.tasks.aside(store.statistics))

    async def load(self, run_id: int) -> RunSnapshot:
        """A run of this session as it stands, or one from the store, with the profile that it is judged by now.

        Raises:
            StoreError: it cannot be read.
            RunNotFoundError: it was deleted elsewhere.
        """
        newest = self._newest.get(run_id)
        if newest is None:
            store = await self.store()
            newest = await self.tasks.aside(store.load, run_id)
        return self.choices.applied(newest)

    def pause(self, run_id: int) -> None:
        """Let a run wait; harmless when it cannot."""
        if self.engine.current is not None:
            self.engine.current.pause(run_id)

    def resume(self, run_id: int) -> None:
        """Let a paused run go on; harmless when it cannot."""
        if self.engine.current is not None:
            self.engine.current.resume(run_id)

    def finish(self, run_id: int) -> None:
        """Let a run that follows its input end with what has come; harmless for any other."""
        if self.engine.current is not None:
            self.engine.current.finish(run_id)

    def cancel(self, run_id: int) -> None:
        """End a run before its time; harmless when it cannot."""
        if self.engine.current is not None:
            self.engine.current.cancel(run_id)

    async def delete(self, run_ids: Iterable[int]) -> None:
        """Delete runs that are over, until they are restored or the window closes.

        Raises:
            RunStillGoingError: one of them is not over; none was deleted.
        """
        known = (self.runs.entry(run_id) for run_id in run_ids)
        deletion = Deletion(tuple(entry for entry in known if entry is not None))
        if not deletion.entries:
            return
        store = await self.store()
        await self.tasks.aside(store.delete_runs, deletion.run_ids)
        self.runs.remove(deletion.run_ids)
        self.continuing.refresh()
        self.inputs.remove_runs(deletion.run_ids)
        self.undo.push(deletion)
        self.deleted.emit(deletion)
        await self.count()

    async def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        deletion = self.undo.pop()
        if deletion is None:
            return
        try:
            store = await self.store()
            await self.tasks.aside(store.restore_runs, deletion.run_ids)
        except BaseException:
            self.undo.push(deletion)
            raise
        self.runs.update(deletion.entries)
        self.continuing.refresh()
        self.restored.emit(deletion)
        await self.count()

    async def close(self) -> None:
        """Cancel what runs, delete for good what was deleted, and close the store. Nothing works afterwards."""
        await self.tasks.close()
        await self.entering.settle()
        await self.engine.close()
        self._bridge.close()
        if self._store is None:
            return
        await self.tasks.aside(self.elsewhere.close)
        try:
            await self.choices.settle()
            await self.tasks.aside(self._store.purge)
        finally:
            await self.tasks.aside(self._store.close)

    def _know(self, snapshot: RunSnapshot) -> RunSnapshot:
        """Take in a run that was entered; it may have begun meanwhile, and an update have brought what is newer."""
        newest = self._newest.setdefault(snapshot.run_id, snapshot)
        self._take([newest])
        return newest

    def _update(self) -> None:
        """Fetch what is new from the queue."""
        if self.engine.current is None:
            return
        snapshots = self.engine.current.snapshots()
        news = tuple(snapshot for snapshot in snapshots if self._newest.get(snapshot.run_id) is not snapshot)
        ended = [snapshot for snapshot in news if snapshot.state.is_final and self._was_going(snapshot.run_id)]
        self._newest.update({snapshot.run_id: snapshot for snapshot in news})
        if news:
            self._take(news)
            self.changed.emit(news)
        if ended:
            self.tasks.start(self.count())

    def _hear_elsewhere(self, news: StoreNews) -> None:
        self.inputs.remove_runs(news.gone)
        self.tasks.start(self.count())

    def _was_going(self, run_id: int) -> bool:
        known = self._newest.get(run_id)
        return known is None or not known.state.is_final

    def _take(self, snapshots: Iterable[RunSnapshot]) -> None:
        kept = [snapshot for snapshot in snapshots if not self.undo.holds(snapshot.run_id)]
        self.runs.update(map(RunEntry.of, kept))
        self.continuing.refresh()
        self.inputs.update(kept)
