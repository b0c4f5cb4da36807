"""Letting programs in: what is wanted, and what has become of it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError
from engine.home import Home
from gui.models.server_host import Open, ServerHost
from gui.models.server_settings import ServerSettings
from gui.models.session import Session


class ProgramAccess(QObject):
    """The switch that lets programs of this machine in over HTTP. It waits for the engine, and ends with the session.

    Attributes:
        is_on: whether programs are, or soon will be, let in.
        is_settled: whether what is wanted is so, or has failed.
        opened: the server that listens, ``None`` while none does.
        problem: why none does although one should.

    Signals:
        changed: any of this, the port or the folders.
    """

    changed = Signal()

    def __init__(self, session: Session, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = ServerSettings(home.settings)
        self.is_on = self._settings.is_on
        self.is_settled = not self.is_on
        self.opened: Open | None = None
        self.problem: LanescopeError | None = None
        self._session = session
        self._host = ServerHost(home, session.engine, session.choices)
        self._news = asyncio.Event()
        self._is_watched = False
        self._is_to_renew = False
        session.engine.ready.connect(self._watch)

    @property
    def port(self) -> int:
        """Where programs knock."""
        return self._settings.port

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that programs may name files in."""
        return self._settings.folders

    def set_on(self, on: bool) -> None:
        """Let programs in, or no longer; remembered."""
        self._settings.is_on = on
        self.is_on = on
        self._adapt()

    def set_port(self, port: int) -> None:
        """Listen there instead; remembered."""
        if port != self.port:
            self._settings.port = port
            self._adapt()

    def add_folder(self, folder: Path) -> None:
        """Let programs name files in ``folder`` too; remembered."""
        if folder not in self.folders:
            self._settings.folders = (*self.folders, folder)
            self._adapt()

    def remove_folder(self, folder: Path) -> None:
        """Let programs name files in ``folder`` no longer; remembered."""
        self._settings.folders = (kept for kept in self.folders if kept != folder)
        self._adapt()

    def renew_token(self) -> None:
        """Make another token while the server is on; programs with the old one are let in no longer."""
        self._is_to_renew = True
        self._adapt()

    def _adapt(self) -> None:
        self.is_settled = False
        self._news.set()
        self.changed.emit()

    def _watch(self) -> None:
        """The engine is there: from now on until the session ends, keep the server as it is wanted."""
        if not self._is_watched:
            self._is_watched = True
            self._news.set()
            self._session.tasks.start(self._keep())

    async def _keep(self) -> None:
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._settle()
        finally:
            await self._session.tasks.aside(self._host.close)

    async def _settle(self) -> None:
        opened, problem = None, None
        renew, self._is_to_renew = self._is_to_renew, False
        try:
            if self.is_on:
                store = await self._session.store()
                opened = await self._session.tasks.aside(
                    partial(self._host.serve, store, self.port, self.folders, renew=renew)
                )
            else:
                await self._session.tasks.aside(self._host.stop)
        except LanescopeError as error:
            problem = error
        if self._news.is_set():  # something else is wanted already
            return
        self.opened, self.problem, self.is_settled = opened, problem, True
        self.is_on = opened is not None
        self.changed.emit()
