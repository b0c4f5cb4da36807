"""Opening the store under a window that is up already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from engine.home import Home
from engine.store.errors import StoreError
from engine.store.store import Store
from gui.models.opening import Opened, open_store, open_temporary_store
from gui.models.tasks import Tasks
from gui.views.dialogs import Question
from gui.views.notice import Message
from gui.views.window import Window


class StoreOpening:
    """Opens the user's store, or, where that cannot be used, asks what to do."""

    def __init__(self, window: Window, tasks: Tasks, home: Home) -> None:
        self._window = window
        self._tasks = tasks
        self._home = home
        self._opening: asyncio.Future[Opened] | None = None

    async def open(self) -> Store | None:
        """The user's store, one that lasts as long as the window is open, or ``None`` where the user wants neither."""
        try:
            return (await self._open(open_store, self._home)).store
        except StoreError as error:
            if not await self._ask(error):
                return None
        opened = await self._open(open_temporary_store)
        self._window.notices.add(Message("Runs of this session are not kept", "They go away when the window closes."))
        return opened.store

    async def clean_up(self) -> None:
        """Leave no store behind that was opened too late to be used, and no temporary folder."""
        if self._opening is None:
            return
        opened = (await asyncio.gather(self._opening, return_exceptions=True))[0]
        if isinstance(opened, Opened):
            await self._tasks.aside(opened.store.close)
            await self._tasks.aside(opened.clean_up)

    async def _open(self, how: Callable[..., Opened], *where: Home) -> Opened:
        # Once begun it cannot be taken back: who closes has to wait for it.
        self._opening = asyncio.ensure_future(self._tasks.aside(how, *where))
        return await asyncio.shield(self._opening)

    async def _ask(self, error: StoreError) -> bool:
        """Whether to go on without the user's store."""
        explanation = f"{error}\n\n{error.hint}"
        return await Question(
            self._window, error.title, explanation, keep="Quit", go="Go on without keeping runs"
        ).ask()
