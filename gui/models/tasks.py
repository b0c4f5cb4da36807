"""Work beside the window: coroutines that are looked after, and a place for what blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError

Result = TypeVar("Result")


class Tasks(QObject):
    """Coroutines of the GUI thread, kept until they end.

    Attributes:
        executor: threads for what blocks.

    Signals:
        failed: one ended with a ``LanescopeError``, which goes with it. Any other exception is a defect and goes
            to the event loop's exception handler.
    """

    failed = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.executor = executor
        self._running: set[asyncio.Task[object]] = set()
        self._is_closed = False

    def start(self, work: Coroutine[object, object, object]) -> None:
        """Let ``work`` run on its own; after ``close`` it is dropped, since its threads go away."""
        if self._is_closed:
            work.close()
            return
        task: asyncio.Task[object] = asyncio.get_event_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def aside(self, function: Callable[..., Result], *args: object) -> Result:
        """The result of ``function``, called in a thread of the executor."""
        return await asyncio.get_event_loop().run_in_executor(self.executor, function, *args)

    async def close(self) -> None:
        """Cancel everything but the caller and wait until it has ended."""
        self._is_closed = True
        others = self._running - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        match task.exception():
            case None:
                return
            case LanescopeError() as error:
                self.failed.emit(error)
            case error:
                context = {"message": "A task of the window failed", "exception": error, "task": task}
                asyncio.get_event_loop().call_exception_handler(context)
