"""Closing the window without losing anything."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.store.errors import StoreError
from gui.models.format import plural
from gui.models.session import Session
from gui.views.dialogs import Question, Telling
from gui.views.store_opening import StoreOpening
from gui.views.window import Window

_EXPLANATION = "What has been counted so far is kept, as the numbers of part of the file."


class Closing(QObject):
    """Asks where runs would be cut short, ends them while the window lives on, and only then lets it go.

    Signals:
        closed: the window is closed and nothing is left running.
    """

    closed = Signal()

    def __init__(self, window: Window, session: Session, opening: StoreOpening) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._opening = opening
        self._is_asking = False
        self._is_closing = False

    def close(self, *, ask: bool = True) -> None:
        """Close the window, after asking where runs would be cut short. A second time is harmless."""
        if not self._is_closing:
            self._session.tasks.start(self._close(ask))

    async def _close(self, ask: bool) -> None:
        if ask and (self._is_asking or not await self._may_close()):
            return
        if self._is_closing:
            return
        self._is_closing = True
        self._window.status.show_activity("Closing…")
        self._window.remember()
        try:
            await self._session.close()
        except StoreError as error:
            await Telling(self._window, error.title, f"{error}\n\n{error.hint}").tell()
        finally:
            await self._opening.clean_up()
            self._window.close_for_good()
            self.closed.emit()

    async def _may_close(self) -> bool:
        going = self._session.going
        if not going:
            return True
        if len(going) == 1:
            text, go = f"{going[0].name} is not finished", "Cancel run and close"
        else:
            text, go = f"{plural(len(going), 'run')} are not finished", "Cancel runs and close"
        self._is_asking = True
        try:
            return await Question(self._window, text, _EXPLANATION, keep="Keep running", go=go).ask()
        finally:
            self._is_asking = False
