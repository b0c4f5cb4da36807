"""What a person does with runs, and what becomes of it; everything behind the window but the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.devices.wanted import CPU
from engine.errors import InputError, LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.store.store import Store
from gui.bridge import Bridge
from gui.models.continuing import Continuing
from gui.models.elsewhere import Elsewhere
from gui.models.engine_link import EngineLink
from gui.models.grouping import Grouping, Plan, again, is_worth_asking, plan
from gui.models.input_list import InputListModel
from gui.models.pipelines.orders import Order, Orders
from gui.models.run_list import RunEntry, RunListModel
from gui.models.run_page import is_followed
from gui.models.tasks import Tasks
from gui.models.undo import Deletion, UndoStack

if TYPE_CHECKING:
    from engine.source.inputs import Inputs
    from engine.source.naming import Dataset
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
        elsewhere: runs that other processes do on the same store.
        grouping: how files become runs where nobody is asked.
        orders: tells what is to be done with each input; ``None``: QC only.

    Signals:
        listed: the runs of the store are in ``runs``.
        changed: newer snapshots (a tuple) of runs of this session.
        submitted: snapshots (a tuple) of runs that were just added.
        refused: inputs (a tuple of ``InputError``) that cannot be read.
        proposed: files (a tuple) that can be read in more than one way; nothing is done with them yet.
        searching: a text that says what is being looked through, empty when done.
        deleted: a ``Deletion`` was made.
        restored: a ``Deletion`` was taken back.
        counted: statistics of the store.
        problem: the store cannot write; the ``LanescopeError`` goes with it.
    """

    listed = Signal()
    changed = Signal(object)
    submitted = Signal(object)
    refused = Signal(object)
    proposed = Signal(object)
    searching = Signal(str)
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
        self.grouping = Grouping.EACH
        self.orders: Orders | None = None
        self.engine = EngineLink(
            self.store, self.tasks, workers=workers, device=device, on_change=self._bridge.publish, parent=self
        )
        self.continuing = Continuing(self.runs, self.store, self.tasks, self)
        self._newest: dict[int, RunSnapshot] = {}
        self.elsewhere = Elsewhere(self.runs, self.store, self.tasks, self.continuing, self._newest, self)
        self.elsewhere.moved.connect(self._hear_elsewhere)
        self._opening = asyncio.Lock()
        self._submitting: asyncio.Future[RunSnapshot] | None = None

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

    async def open(self, paths: Sequence[Path], *, ask: bool = False) -> None:
        """Run every FASTQ file in ``paths``, folders included; what cannot be read is refused with its reason.

        Args:
            paths: files and folders.
            ask: propose files that can be read in more than one way instead; else each file is a run of its own.
        """
        async with self._opening:
            self.searching.emit("Looking at the files…")
            try:
                found = await self.tasks.aside(_find_inputs, paths)
                if found.refused:
                    self._refuse(found.refused)
                if ask and found.files and is_worth_asking(found.files, self.grouping):
                    self.proposed.emit(found.files)
                elif found.files:
                    await self._submit(plan(found.files, Grouping.EACH))
            finally:
                self.searching.emit("")

    async def run_again(self, run_ids: Iterable[int]) -> None:
        """Run the inputs of runs that are over once more, each as a new run that does what the old one did."""
        async with self._opening:
            snapshots = [await self.load(run_id) for run_id in run_ids]
            orders = [await self._order_again(snapshot) for snapshot in snapshots]
            entered: list[RunSnapshot | None] = []
            for snapshot, order in zip(snapshots, orders, strict=True):
                if is_followed(snapshot):
                    entered.append(await self._enter_followed(snapshot.path, order))
                else:
                    entered += await self._enter_all(again(snapshot), order)
            await self._tell_submitted(entered)

    async def continue_runs(self, run_ids: Iterable[int]) -> None:
        """Go on with interrupted runs from their last checkpoints; why one of them cannot is told as a failed task."""
        entered, failures = [], []
        async with self._opening:
            queue = await self.engine.queue()
            for run_id in run_ids:
                try:
                    entered.append(await self._enter(partial(queue.continue_run, run_id)))
                except LanescopeError as error:
                    failures.append(error)
            await self._tell_submitted(entered)
        for failure in failures:
            self.tasks.failed.emit(failure)

    async def follow(self, path: Path) -> None:
        """Read a file that grows, or a folder that fills, until it is silent or told to finish."""
        async with self._opening:
            order = Order() if self.orders is None else await self.orders.order_for(path)
            await self._tell_submitted([await self._enter_followed(path, order)])

    async def accept(self, files: Sequence[Path], grouping: Grouping) -> None:
        """Run files that were proposed, grouped as was chosen; what cannot be grouped is refused with its reason."""
        async with self._opening:
            wanted = plan(files, grouping)
            if wanted.refused:
                self._refuse(wanted.refused)
            await self._submit(wanted)

    async def load(self, run_id: int) -> RunSnapshot:
        """A run of this session as it stands, or one from the store.

        Raises:
            StoreError: it cannot be read.
            RunNotFoundError: it was deleted elsewhere.
        """
        newest = self._newest.get(run_id)
        if newest is not None:
            return newest
        store = await self.store()
        return await self.tasks.aside(store.load, run_id)

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
        if self._submitting is not None:
            await asyncio.gather(self._submitting, return_exceptions=True)
        await self.engine.close()
        self._bridge.close()
        if self._store is None:
            return
        await self.tasks.aside(self.elsewhere.close)
        try:
            await self.tasks.aside(self._store.purge)
        finally:
            await self.tasks.aside(self._store.close)

    async def _order(self, dataset: Dataset) -> Order:
        """What is to be done with a sample; mates go to files of their own."""
        if self.orders is None:
            return Order()
        order = await self.orders.order_for(dataset.files[0][0])
        if order.output is None or not dataset.is_paired:
            return order
        other = (await self.orders.order_for(dataset.files[0][1])).output
        return replace(order, output=replace(order.output, second=None if other is None else other.first))

    async def _order_again(self, snapshot: RunSnapshot) -> Order:
        """What a run did, by what the store keeps of it."""
        if self.orders is None:
            return Order()
        store = await self.store()
        parameters = await self.tasks.aside(store.parameters, snapshot.run_id)
        return await self.orders.order_again(parameters, snapshot.path)

    async def _submit(self, wanted: Plan) -> None:
        await self._tell_submitted(await self._enter_all(wanted))

    async def _enter_followed(self, path: Path, order: Order) -> RunSnapshot | None:
        queue = await self.engine.queue()
        return await self._enter(partial(queue.submit_following, path, pipeline=order.pipeline, output=order.output))

    async def _enter_all(self, wanted: Plan, known: Order | None = None) -> list[RunSnapshot | None]:
        """Enter a run for each sample, with what is to be done with it where that is ``known``."""
        queue = await self.engine.queue()
        entered = []
        for dataset in wanted.datasets:
            order = await self._order(dataset) if known is None else known
            submit = partial(
                queue.submit_dataset,
                dataset,
                interleaved=wanted.interleaved,
                pipeline=order.pipeline,
                output=order.output,
            )
            entered.append(await self._enter(submit))
        return entered

    async def _enter(self, submit: Callable[[], RunSnapshot]) -> RunSnapshot | None:
        """Enter one run; ``None`` where its input was refused."""
        self._submitting = asyncio.ensure_future(self.tasks.aside(submit))
        try:
            # Once begun it cannot be taken back: who closes has to wait for it.
            snapshot = await asyncio.shield(self._submitting)
        except InputError as error:
            # It was there a moment ago, when it was found.
            self._refuse((error,))
            return None
        # It may have begun meanwhile, and an update have brought what is newer.
        self._newest.setdefault(snapshot.run_id, snapshot)
        self._take([self._newest[snapshot.run_id]])
        return snapshot

    async def _tell_submitted(self, entered: Iterable[RunSnapshot | None]) -> None:
        snapshots = tuple(snapshot for snapshot in entered if snapshot is not None)
        if snapshots:
            self.submitted.emit(snapshots)
            await self.count()

    def _refuse(self, errors: tuple[InputError, ...]) -> None:
        self.inputs.refuse(errors)
        self.refused.emit(errors)

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


def _find_inputs(paths: Sequence[Path]) -> Inputs:
    from engine.source.inputs import find_inputs

    return find_inputs(paths)
