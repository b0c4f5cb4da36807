"""Interrupted runs that can go on from a checkpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.checkpoint.beside import runs_with_checkpoints, safe_reads
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store
from gui.models.checkpoints import CheckpointsPage, present_checkpoints, remove_checkpoints
from gui.models.format import plural
from gui.models.run_list import RunListModel
from gui.models.tasks import Tasks


class Continuing(QObject):
    """Knows which runs of the list can go on, and which of them are still to be offered.

    Runs are offered once in the life of the window, until they are gone on with, deleted or dismissed.

    Signals:
        changed: other runs are offered than before.
        pruned: checkpoints were removed; the key of their run goes with it.
    """

    changed = Signal()
    pruned = Signal(int)

    def __init__(
        self, runs: RunListModel, store: Callable[[], Awaitable[Store]], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runs = runs
        self._store = store
        self._tasks = tasks
        self._kept: frozenset[int] = frozenset()
        self._answered: set[int] = set()
        self._offered: tuple[int, ...] = ()

    @property
    def offered(self) -> tuple[int, ...]:
        """Keys of the runs that are offered, oldest first: they go on in the order in which they were begun."""
        return self._offered

    @property
    def words(self) -> str:
        """The offer in a sentence; empty when there is none."""
        if len(self._offered) == 1 and (entry := self._runs.entry(self._offered[0])) is not None:
            return f"{entry.name} was interrupted, and can go on from where it was."
        return (
            f"{plural(len(self._offered), 'interrupted run')} can go on from where they were." if self._offered else ""
        )

    async def find(self) -> None:
        """Look at what lies beside the store."""
        store = await self._store()
        self._kept = await self._tasks.aside(runs_with_checkpoints, store.path)

    def can(self, run_id: int) -> bool:
        """Whether a run of the list was interrupted and has a checkpoint."""
        entry = self._runs.entry(run_id)
        return run_id in self._kept and entry is not None and entry.state is RunState.INTERRUPTED

    def among(self, run_ids: Iterable[int]) -> list[int]:
        """Those of the runs that can go on."""
        return [run_id for run_id in run_ids if self.can(run_id)]

    async def safe_reads(self, run_id: int) -> int | None:
        """Reads that need not be counted again; ``None`` where the run cannot go on."""
        if not self.can(run_id):
            return None
        store = await self._store()
        return await self._tasks.aside(partial(safe_reads, store.path, run_id))

    async def safe(self, run: RunSnapshot) -> CheckpointsPage | None:
        """What the checkpoints of a run hold; ``None`` where it cannot go on."""
        if not self.can(run.run_id):
            return None
        store, now = await self._store(), datetime.now().astimezone()
        return await self._tasks.aside(present_checkpoints, store.path, run, now)

    async def prune(self, run_id: int) -> int | None:
        """Remove the checkpoints of a run; gives the bytes that became free, ``None`` while somebody works on it."""
        store = await self._store()
        freed = await self._tasks.aside(remove_checkpoints, store.path, run_id)
        await self.find()
        self.refresh()
        if freed is not None:
            self.pruned.emit(run_id)
        return freed

    def refresh(self) -> None:
        """The list has changed: offer what can go on and has not been answered yet."""
        offered = tuple(run_id for run_id in sorted(self._kept) if run_id not in self._answered and self.can(run_id))
        if offered != self._offered:
            self._offered = offered
            self.changed.emit()

    def answer(self) -> tuple[int, ...]:
        """Offer these runs no more, whatever was answered; returns their keys."""
        answered = self._offered
        self._answered.update(answered)
        self.refresh()
        return answered
