"""Judges the run that is shown, and sees to it that all cards tell the verdict."""

from __future__ import annotations

from functools import partial
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from engine.collectors.judged_by import JudgedBy
from engine.collectors.profiles import DEFAULT
from engine.collectors.results import QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.verdict import Judged, judge
from gui.models.verdict_choices import ProfileChoices
from gui.views.explanation_panel import explain
from gui.views.plots.result_card import ResultCard
from gui.views.stagger import Stagger
from gui.views.verdict_card import VerdictCard

_PAUSE = 1.0


class VerdictDesk(QObject):
    """Judges at once what is new or has ended, and once a second what is going.

    Attributes:
        card: lists all verdicts.
        choices: the profile of each run.
        judged: the verdicts as they are told.

    Signals:
        card_wanted: a card (a widget) shall be scrolled to.
    """

    card_wanted = Signal(object)

    def __init__(self, stagger: Stagger, choices: ProfileChoices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.card = VerdictCard()
        self.choices = choices
        self.judged: tuple[Judged, ...] = ()
        self._cards: dict[str, ResultCard] = {}
        self._stagger = stagger
        self._snapshot: RunSnapshot | None = None
        self._last: tuple[int, JudgedBy, QcResults] | None = None
        self._named = (0, "")
        self._when = -_PAUSE
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self.card.module_chosen.connect(self._go_to)
        self.card.profile_chosen.connect(self._choose)
        self.choices.changed.connect(lambda _run_id: self._ask())
        self.choices.shelved.connect(self._offer)

    @property
    def shelf_name(self) -> str:
        """Name of the profile by which the run that is shown is judged, also if it has other limits now."""
        return DEFAULT if self._snapshot is None else self.choices.of(self._snapshot).name

    def add(self, card: ResultCard) -> None:
        """Tell the verdict of its module on ``card`` too."""
        if card.module is not None:
            if card.module.is_judged:
                self._cards[card.module.key] = card
            card.help.clicked.connect(partial(self._explain, card))
            card.help.show()
            self._tell(card)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Judge ``snapshot``, soon."""
        is_other = self._snapshot is None or self._snapshot.run_id != snapshot.run_id
        self._snapshot = snapshot
        wait = 0.0 if is_other or snapshot.state.is_final else self._when + _PAUSE - monotonic()
        if wait <= 0:
            self._ask()
        elif not self._timer.isActive():
            self._timer.start(round(wait * 1000))

    def _offer(self, name: str) -> None:
        """Other profiles are there, or one is another now: whoever changes it sees what that does to the shown run."""
        self.card.set_profiles({name: self.choices.shelf.get(name) for name in self.choices.shelf.names()})
        if self._snapshot is not None and self._named == (self._snapshot.run_id, name):
            self.choices.follow(self._snapshot, name)
        self._last = None
        self._ask()

    def _ask(self) -> None:
        if self._snapshot is not None:
            self._named = (self._snapshot.run_id, self.choices.name_of(self._snapshot))
        self._stagger.ask("verdict", self._judge)

    def _judge(self) -> None:
        if self._snapshot is None:
            return
        run_id, results = self._snapshot.run_id, self._snapshot.results
        judged_by = self.choices.of(self._snapshot)
        if self._last is not None and self._last[:2] == (run_id, judged_by) and self._last[2] is results:
            return
        self._last, self._when = (run_id, judged_by, results), monotonic()
        self.judged = judge(results, judged_by.limits)
        kept = self.choices.kept_of(self._snapshot)
        self.card.offer_kept("" if kept is None else kept.limits.title)
        self.card.show_verdict(self.judged, self.choices.name_of(self._snapshot))
        for card in self._cards.values():
            self._tell(card)

    def _tell(self, card: ResultCard) -> None:
        entry = next((entry for entry in self.judged if entry.module is card.module), None)
        if entry is None:
            card.set_verdict("", "", "")
        else:
            card.set_verdict(entry.look.symbol, entry.look.symbol, entry.words)

    def _explain(self, card: ResultCard) -> None:
        entry = next((entry for entry in self.judged if entry.module is card.module), None)
        if card.module is not None:
            explain(card.module, entry, card.help)

    def _choose(self, name: str) -> None:
        if self._snapshot is not None:
            self.choices.choose(self._snapshot, name)

    def _go_to(self, key: str) -> None:
        card = self._cards.get(key)
        if card is not None:
            self.card_wanted.emit(card)
