"""Opens the profiles, and sees to it that what is changed in them holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.home import Home
from gui.models.format import plural
from gui.models.settings import Settings
from gui.models.verdict_choices import ProfileChoices
from gui.views.window import Window

if TYPE_CHECKING:
    from gui.models.profile_bench import ProfileBench
    from gui.views.profile_dialog import ProfileDialog


class ProfileDesk(QObject):
    """Brings the user's profiles to those who judge by them. Nothing of it is needed before the plots are there.

    Attributes:
        bench: the profiles as they are edited, once the plots are there.
        dialog: the open window with profiles, or ``None``.
    """

    def __init__(self, window: Window, choices: ProfileChoices, home: Home) -> None:
        super().__init__(window)
        self._choices = choices
        choices.remember(Settings(home.settings), home.profiles)
        window.runs.run.plots.choices = choices
        window.runs.panel.profiles = choices.titles
        window.runs.panel.judge_requested.connect(self._judge)
        self.bench: ProfileBench | None = None
        self.dialog: ProfileDialog | None = None
        self._window = window
        self._home = home
        window.runs.run.plots.built.connect(self._attach)

    def open(self) -> None:
        """Show the profiles, that of the run which is shown first."""
        if self.bench is None:
            return
        self.bench.look()  # the command line may have changed them
        self._choices.shelved.emit("")
        if self.dialog is None:
            from gui.views.profile_dialog import ProfileDialog

            self.dialog = ProfileDialog(self.bench, self._choices, self._window)
        verdict = self._window.runs.run.plots.verdict
        if verdict is not None:
            self.bench.look_at(verdict.shelf_name)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _judge(self, run_ids: list[int], name: str) -> None:
        self._choices.choose_for(run_ids, name)
        are = "is" if len(run_ids) == 1 else "are"
        self._window.toast.say(f"{plural(len(run_ids), 'run')} {are} judged by {self._choices.titles()[name]}")

    def _attach(self) -> None:
        from gui.models.profile_bench import ProfileBench

        verdict = self._window.runs.run.plots.verdict
        if verdict is None:
            return
        self.bench = ProfileBench(self._choices.shelf, self)
        self._choices.shelved.emit("")
        self._choices.take_over(self._home.settings)
        self.bench.changed.connect(self._choices.shelved)
        verdict.card.edit_requested.connect(self.open)
