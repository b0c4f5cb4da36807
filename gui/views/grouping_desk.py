"""Shows how files will be read where there is more than one way, and reads them as the user says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from gui.models.grouping import Grouping
from gui.models.session import Session
from gui.models.settings import Settings
from gui.views.window import Window


class GroupingDesk(QObject):
    """The choice is remembered from one day to the next."""

    def __init__(self, window: Window, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        known = next((grouping for grouping in Grouping if grouping == settings.grouping), Grouping.PAIRS)
        session.entering.grouping = known
        self._bar, self._card = window.reads.grouping, window.reads.proposal
        self._bar.show_grouping(known)
        self._bar.chosen.connect(self._choose)
        self._card.accepted.connect(self._accept)
        self._card.dismissed.connect(self._dismiss)
        session.entering.proposed.connect(self._propose)

    def _choose(self, grouping: Grouping) -> None:
        self._settings.grouping = grouping.value
        self._session.entering.grouping = grouping
        if self._card.files:
            self._card.propose(self._card.files, grouping)

    def _propose(self, files: tuple[Path, ...]) -> None:
        """Ask about ``files``, together with those that still wait for an answer."""
        self._card.propose(tuple(dict.fromkeys((*self._card.files, *files))), self._bar.grouping)
        self._window.reads.show_proposal(True)
        self._window.go_to("reads")
        self._card.start.setFocus()

    def _accept(self) -> None:
        files = self._card.files
        self._dismiss()
        self._session.tasks.start(self._session.entering.accept(files, self._bar.grouping))

    def _dismiss(self) -> None:
        self._card.clear()
        self._window.reads.show_proposal(False)
