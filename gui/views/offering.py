"""Offers to go on with runs that were interrupted."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.models.session import Session
from gui.views.window import Window


class Offering(QObject):
    """Brings together the offer in the window and the runs that can go on."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        session.continuing.changed.connect(self._show)
        window.offer.taken.connect(self._take)
        window.offer.dismissed.connect(session.continuing.answer)

    def _show(self) -> None:
        offer, words = self._window.offer, self._session.continuing.words
        if not words and (offer.take.hasFocus() or offer.dismiss.hasFocus()):
            # What goes must not throw the keyboard's focus to the far end of the window.
            self._window.runs.panel.list.setFocus()
        offer.say(words)

    def _take(self) -> None:
        self._session.tasks.start(self._session.entering.continue_runs(self._session.continuing.answer()))
