"""How files become runs: what is opened, followed, run again or continued is entered into the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import InputError, LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.store.store import Store
from gui.models.engine_link import EngineLink
from gui.models.grouping import Grouping, Plan, again, is_worth_asking, plan
from gui.models.pipelines.orders import Order, Orders
from gui.models.run_page import is_followed
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.collectors.judged_by import JudgedBy
    from engine.run.queue import RunQueue
    from engine.source.inputs import Inputs
    from engine.source.naming import Dataset


class Entering(QObject):
    """Enters runs one after another, in the order in which they were wanted.

    Attributes:
        grouping: how files become runs where nobody is asked.
        orders: tells what is to be done with each input; ``None``: QC only.

    Signals:
        began: snapshot of the first run of files that were opened; the others are being added.
        submitted: snapshots (a tuple) of runs that were just added, all of them.
        refused: inputs (a tuple of ``InputError``) that cannot be read.
        proposed: files (a tuple) that can be read in more than one way; nothing is done with them yet.
        searching: a text that says what is being looked through, empty when done.
        queueing: a text that says which of many runs is being added, empty when done.
    """

    began = Signal(object)
    submitted = Signal(object)
    refused = Signal(object)
    proposed = Signal(object)
    searching = Signal(str)
    queueing = Signal(str)

    def __init__(
        self,
        store: Callable[[], Awaitable[Store]],
        engine: EngineLink,
        tasks: Tasks,
        *,
        load: Callable[[int], Awaitable[RunSnapshot]],
        known: Callable[[RunSnapshot], RunSnapshot],
        count: Callable[[], Awaitable[None]],
        judged_by: Callable[[], JudgedBy | None] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        """Enter runs.

        Args:
            store: brings the store as soon as it is there.
            engine: has the queue.
            tasks: does what blocks.
            load: brings a run that there is.
            known: takes in a run that was entered, and gives its newest snapshot.
            count: learns how many runs there are.
            judged_by: says by which profile a run that is made now is judged.
            parent: Qt's.
        """
        super().__init__(parent)
        self.grouping = Grouping.EACH
        self.orders: Orders | None = None
        self._store = store
        self._engine = engine
        self._tasks = tasks
        self._load = load
        self._known = known
        self._count = count
        self._judged_by = judged_by
        self._opening = asyncio.Lock()
        self._submitting: asyncio.Future[RunSnapshot] | None = None

    async def open(self, paths: Sequence[Path], *, ask: bool = False) -> None:
        """Run every FASTQ file in ``paths``, folders included; what cannot be read is refused with its reason.

        Args:
            paths: files and folders.
            ask: propose files that can be read in more than one way instead; else each file is a run of its own.
        """
        async with self._opening:
            self.searching.emit("Looking at the files…")
            try:
                found = await self._tasks.aside(_find_inputs, paths)
                if found.refused:
                    self.refused.emit(found.refused)
                if ask and found.files and is_worth_asking(found.files, self.grouping):
                    self.proposed.emit(found.files)
                elif found.files:
                    await self._submit(plan(found.files, Grouping.EACH))
            finally:
                self.searching.emit("")

    async def run_again(self, run_ids: Iterable[int]) -> None:
        """Run the inputs of runs that are over once more, each as a new run that does what the old one did."""
        async with self._opening:
            snapshots = [await self._load(run_id) for run_id in run_ids]
            orders = [
                replace(await self._order_again(snapshot), judged_by=snapshot.judged_by) for snapshot in snapshots
            ]
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
            queue = await self._engine.queue()
            for run_id in run_ids:
                try:
                    entered.append(await self._enter(partial(queue.continue_run, run_id)))
                except LanescopeError as error:
                    failures.append(error)
            await self._tell_submitted(entered)
        for failure in failures:
            self._tasks.failed.emit(failure)

    async def follow(self, path: Path) -> None:
        """Read a file that grows, or a folder that fills, until it is silent or told to finish."""
        async with self._opening:
            order = self._judged(Order() if self.orders is None else await self.orders.order_for(path))
            await self._tell_submitted([await self._enter_followed(path, order)])

    async def accept(self, files: Sequence[Path], grouping: Grouping) -> None:
        """Run files that were proposed, grouped as was chosen; what cannot be grouped is refused with its reason."""
        async with self._opening:
            wanted = plan(files, grouping)
            if wanted.refused:
                self.refused.emit(wanted.refused)
            await self._submit(wanted)

    async def settle(self) -> None:
        """Wait for what is being entered: once begun it cannot be taken back."""
        if self._submitting is not None:
            await asyncio.gather(self._submitting, return_exceptions=True)

    def _judged(self, order: Order) -> Order:
        return replace(order, judged_by=self._judged_by())

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
        store = await self._store()
        parameters = await self._tasks.aside(store.parameters, snapshot.run_id)
        return await self.orders.order_again(parameters, snapshot.path)

    async def _submit(self, wanted: Plan) -> None:
        await self._tell_submitted(await self._enter_all(wanted))

    async def _enter_followed(self, path: Path, order: Order) -> RunSnapshot | None:
        queue = await self._engine.queue()
        submit = partial(
            queue.submit_following, path, pipeline=order.pipeline, output=order.output, judged_by=order.judged_by
        )
        return await self._enter(submit)

    async def _enter_all(self, wanted: Plan, known: Order | None = None) -> list[RunSnapshot | None]:
        """Enter a run for each sample, with what is to be done with it where that is ``known``."""
        queue = await self._engine.queue()
        many = len(wanted.datasets)
        try:
            entered: list[RunSnapshot | None] = []
            for number, dataset in enumerate(wanted.datasets, 1):
                which = f"{number:,} of {many:,}" if many > 1 else ""
                snapshot = await self._enter_dataset(queue, dataset, wanted, known, which)
                if known is None and snapshot is not None and not any(entered):
                    self.began.emit(snapshot)
                entered.append(snapshot)
            return entered
        finally:
            self.queueing.emit("")

    async def _enter_dataset(
        self, queue: RunQueue, dataset: Dataset, wanted: Plan, known: Order | None, which: str
    ) -> RunSnapshot | None:
        if which:
            self.queueing.emit(f"Queueing {which} runs")
        order = self._judged(await self._order(dataset)) if known is None else known
        submit = partial(
            queue.submit_dataset,
            dataset,
            interleaved=wanted.interleaved,
            pipeline=order.pipeline,
            output=order.output,
            judged_by=order.judged_by,
        )
        return await self._enter(submit)

    async def _enter(self, submit: Callable[[], RunSnapshot]) -> RunSnapshot | None:
        """Enter one run; ``None`` where its input was refused."""
        self._submitting = asyncio.ensure_future(self._tasks.aside(submit))
        try:
            # Once begun it cannot be taken back: who closes has to wait for it.
            snapshot = await asyncio.shield(self._submitting)
        except InputError as error:
            # It was there a moment ago, when it was found.
            self.refused.emit((error,))
            return None
        return self._known(snapshot)

    async def _tell_submitted(self, entered: Iterable[RunSnapshot | None]) -> None:
        snapshots = tuple(snapshot for snapshot in entered if snapshot is not None)
        if snapshots:
            self.submitted.emit(snapshots)
            await self._count()


def _find_inputs(paths: Sequence[Path]) -> Inputs:
    from engine.source.inputs import find_inputs

    return find_inputs(paths)
