"""The engine, which is fetched while the window is already up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from engine.devices.wanted import CPU
from engine.errors import LanescopeError
from engine.store.store import Store
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.run.queue import RunQueue
    from engine.run.settings import RunSettings

Result = TypeVar("Result")


class EngineAwayError(LanescopeError):
    """The queue of runs is being made anew, or the window closes."""

    title = "The engine is not there at the moment"
    hint = "Try again in a second."


class EngineLink(QObject):
    """Brings up the engine in the background, once, and takes it down.

    Importing it loads Numba, which takes longer than the window may.

    Attributes:
        current: the queue of runs, once it is there.
        workers: worker threads of a run, 0 before the engine is there.
        is_warm: whether every kernel is ready.

    Signals:
        ready: the queue is there.
        renewed: the queue that is there does what is wanted anew. Comes from any thread.
        warming: kernels prepared so far, and all of them, 0 before they have been counted.
    """

    ready = Signal()
    warming = Signal(int, int)
    renewed = Signal()

    def __init__(
        self,
        store: Callable[[], Awaitable[Store]],
        tasks: Tasks,
        *,
        workers: int | None,
        device: str = CPU,
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
        self._wanted_device = device
        self._wants_tuning = False
        self._made_with = self._wanted
        self._on_change = on_change
        self._lock = asyncio.Lock()
        self._shared: RunQueue | None = None
        self._sharing = threading.Lock()
        self._is_closed = False

    def set_workers(self, workers: int | None) -> None:
        """Use so many workers once nothing is running; ``None`` leaves it to the engine."""
        self._wanted_workers = workers
        self._renew()

    def set_device(self, device: str) -> None:
        """Have runs count so once nothing is running; see `engine.devices.wanted.wanted`."""
        self._wanted_device = device
        self._renew()

    def set_tuning(self, *, on: bool) -> None:
        """Tune runs by their load once nothing is running."""
        self._wants_tuning = on
        self._renew()

    def freeze_tuning(self, run_id: int, frozen: bool) -> None:
        """Hold what tuning moves in a run, or let it be moved again; harmless for a run that does not go."""
        if self.current is not None:
            self.current.freeze_tuning(run_id, frozen=frozen)

    @property
    def _wanted(self) -> tuple[int | None, str, bool]:
        return self._wanted_workers, self._wanted_device, self._wants_tuning

    async def queue(self) -> RunQueue:
        """The queue of runs, made on the first call, and anew when what is wanted of it is another."""
        async with self._lock:
            outdated = self._made_with != self._wanted
            if self.current is not None and outdated and await self._tasks.aside(self._retire, self.current):
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
                with self._sharing:
                    self._shared = None
                await self._tasks.aside(self.current.close)
                self.current = None

    def with_queue(self, function: Callable[[RunQueue], Result]) -> Result:
        """What ``function`` makes of the queue, which stays open meanwhile. For any thread but the window's.

        Raises:
            EngineAwayError: there is no queue at the moment.
        """
        self._renew()
        with self._sharing:
            if self._shared is None:
                raise EngineAwayError("Runs cannot be taken right now.")
            return function(self._shared)

    def _renew(self) -> None:
        """Have the queue do what is wanted now, unless it is busy; whoever asks next finds it outdated then."""
        with self._sharing:
            wanted = self._wanted
            if self._shared is None or self._made_with == wanted:
                return
            settings = _settings(wanted)
            if not self._shared.renew(settings):
                return
            self._made_with, self.workers = wanted, settings.workers
        self.renewed.emit()

    def _retire(self, queue: RunQueue) -> bool:
        """Close a queue, unless it is busy."""
        with self._sharing:
            if queue.busy:
                return False
            self._shared = None
        queue.close()
        return True

    def _make_queue(self, store: Store) -> RunQueue:
        from engine.run.queue import RunQueue

        self._made_with = self._wanted
        settings = _settings(self._made_with)
        self.workers = settings.workers
        queue = RunQueue(store, settings=settings, on_change=self._on_change)
        with self._sharing:
            self._shared = queue
        return queue

    def _warm_up(self) -> None:
        from engine.run.warmup import WarmUpUnwanted, warm_up

        with contextlib.suppress(WarmUpUnwanted):
            warm_up(self.warming.emit, is_wanted=lambda: not self._is_closed)


def _settings(wanted: tuple[int | None, str, bool]) -> RunSettings:
    from engine.run.settings import RunSettings

    workers, device, tuning = wanted
    # Polite: the window shares its cores with the workers.
    settings = RunSettings(polite=True, device=device, tuning=tuning)
    return settings if workers is None else settings.model_copy(update={"workers": workers})
