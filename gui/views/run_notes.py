"""What stands above the numbers of a run, where there is something to tell of them."""

from __future__ import annotations

from engine.run.state import RunState
from gui.models.run_page import RunPage
from gui.views.banner import Banner
from gui.views.failure_card import FailureCard


class RunNotes:
    """Why a run ended as it did, what its numbers cover, or why it does not begin.

    Attributes:
        failure: why it failed; hidden unless it did.
        banner: what qualifies its numbers, or comes before it; hidden where nothing does.
    """

    def __init__(self) -> None:
        self.failure = FailureCard()
        self.banner = Banner()
        self._page: RunPage | None = None
        self._waiting = self._ahead = ""

    def show_page(self, page: RunPage) -> None:
        """Tell of the run that is shown."""
        self._page = page
        if page.failure is not None:
            self.failure.show_failure(page.failure, page.state)
        self.failure.setVisible(page.failure is not None)
        if page.state is RunState.CREATED and not page.is_elsewhere:
            self.banner.say(self._waiting or self._ahead, is_warning=False)
        else:
            self.banner.say(page.partial, is_warning=not page.is_elsewhere)

    def set_waiting(self, reason: str) -> None:
        """Tell on the page of a queued run why none begins; an empty string tells nothing."""
        if reason != self._waiting:
            self._waiting = reason
            self._tell_anew()

    def set_ahead(self, words: str) -> None:
        """Tell on the page of a queued run what comes before it; an empty string tells nothing."""
        if words != self._ahead:
            self._ahead = words
            self._tell_anew()

    def _tell_anew(self) -> None:
        if self._page is not None:
            self.show_page(self._page)
