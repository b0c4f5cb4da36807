"""The engine, which is fetched while the window is already up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.store.store import Store
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.run.queue import RunQueue


class EngineLink(QObject):
    """Brings up the engine in the background, once, and takes it down.

    Importing it loads Numba, which takes longer than the window may.

    Attributes:
        current: the queue of runs, once it is there.
        workers: worker threads of a run, 0 before the engine is there.
        is_warm: whether every kernel is ready.

    Signals:
        ready: the queue is there.
        warming: kernels prepared so far, and all of them, 0 before they have been counted.
    """

    ready = Signal()
    warming = Signal(int, int)

    def __init__(
        self,
        store: Callable[[], Awaitable[Store]],
        tasks: Tasks,
        *,
        workers: int | None,
        on_change: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.current: RunQueue | None = None
        self._store = store
        self._tasks = tasks
        self.workers = 0
        self.is_warm = False
        self._wanted_workers = workers
        self._made_with = workers
        self._on_change = on_change
        self._lock = asyncio.Lock()
        self._is_closed = False

    def set_workers(self, workers: int | None) -> None:
        """Use so many workers once nothing is running; ``None`` leaves it to the engine."""
        self._wanted_workers = workers

    async def queue(self) -> RunQueue:
        """The queue of runs, made on the first call, and anew when the number of workers is another."""
        async with self._lock:
            outdated = self._made_with != self._wanted_workers
            if self.current is not None and outdated and not self.current.busy:
                await self._tasks.aside(self.current.close)
                self.current = None
            if self.current is None:
                self.current = await self._tasks.aside(self._make_queue, await self._store())
                self.ready.emit()
            return self.current

    async def warm_up(self) -> None:
        """Prepare all kernels, so that the first run starts at once."""
        await self.queue()
        self.warming.emit(0, 0)
        await self._tasks.aside(self._warm_up)
        self.is_warm = True

    async def close(self) -> None:
        """Cancel what runs and wait for it."""
        self._is_closed = True
        async with self._lock:
            if self.current is not None:
                await self._tasks.aside(self.current.close)
                self.current = None

    def _make_queue(self, store: Store) -> RunQueue:
        from engine.run.queue import RunQueue
        from engine.run.settings import RunSettings

        self._made_with = self._wanted_workers
        # Polite: the window shares its cores with the workers.
        settings = RunSettings(polite=True)
        if self._made_with is not None:
            settings = settings.model_copy(update={"workers": self._made_with})
        self.workers = settings.workers
        return RunQueue(store, settings=settings, on_change=self._on_change)

    def _warm_up(self) -> None:
        from engine.run.warmup import WarmUpUnwanted, warm_up

        with contextlib.suppress(WarmUpUnwanted):
            warm_up(self.warming.emit, is_wanted=lambda: not self._is_closed)
