"""How a run came out, module by module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from engine.collectors.profiles import DEFAULT, Profile, profile, profile_names
from gui.models.plot_modules import MODULES
from gui.models.verdict import Judged, tally
from gui.models.verdict_choices import KEPT
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.verdict_row import VerdictRow
from gui.views.widgets.card import TitledCard
from gui.views.widgets.tooltip import as_tooltip

_PROFILE_WIDTH = 134
_LIST_WIDTH = 190
_EDIT = "edit profiles"
_KEPT_WORDS = "The limits that this run keeps: the profile that had them has others now, is gone, or was a file."


class VerdictCard(TitledCard):
    """A line a module with its symbol and the number that decided, and the profile that says what is good.

    Attributes:
        profile: chooses the profile.
        rows: the lines by key of their module; those without a verdict are hidden.

    Signals:
        module_chosen: key of the module whose plot is wanted.
        profile_chosen: name of the profile to judge by.
        edit_requested: profiles shall be looked at, copied and changed.
    """

    module_chosen = Signal(str)
    profile_chosen = Signal(str)
    edit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Verdict", "", parent)
        self.profile = QComboBox()
        self.profile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.profile.setAccessibleName("Judge as a library of this kind")
        self.profile.setMaximumWidth(_PROFILE_WIDTH)
        self.profile.view().setMinimumWidth(_LIST_WIDTH)
        self.profile.activated.connect(self._choose)
        self._chosen = DEFAULT
        self.set_profiles({name: profile(name) for name in profile_names()})
        self.header.addWidget(self.profile)
        self.rows = {module.key: VerdictRow(module) for module in MODULES}
        self._nothing = PlainLabel("No reads to judge", muted=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.setContentsMargins(-SPACE, 0, -SPACE, 0)
        for key, row in self.rows.items():
            row.hide()
            row.clicked.connect(partial(self.module_chosen.emit, key))
            lines.addWidget(row)
        self.content.addLayout(lines)
        self.content.addWidget(self._nothing, 1)
        self.content.addStretch(1)

    def set_profiles(self, profiles: Mapping[str, Profile]) -> None:
        """Offer ``profiles``, by name; behind them stands the way to change them."""
        self.profile.clear()
        for name, offered in profiles.items():
            self.profile.addItem(offered.title, name)
            # Qt takes what looks like markup for markup.
            self.profile.setItemData(
                self.profile.count() - 1, as_tooltip(offered.description), Qt.ItemDataRole.ToolTipRole
            )
        self._offered = self.profile.count()
        self.profile.insertSeparator(self._offered)
        self.profile.addItem("Edit profiles\N{HORIZONTAL ELLIPSIS}", _EDIT)
        self._kept = ""
        self.profile.setCurrentIndex(self.profile.findData(self._chosen))

    def offer_kept(self, title: str) -> None:
        """Offer limits that the run keeps though no profile has them any more, by their ``title``; empty: none."""
        if title == self._kept:
            return
        if self._kept:
            self.profile.removeItem(self._offered)
        self._kept = title
        if self._kept:
            self.profile.insertItem(self._offered, f"Kept: {title}", KEPT)
            self.profile.setItemData(self._offered, _KEPT_WORDS, Qt.ItemDataRole.ToolTipRole)

    def _choose(self, _place: int) -> None:
        if self.profile.currentData() == _EDIT:
            self.profile.setCurrentIndex(self.profile.findData(self._chosen))
            self.edit_requested.emit()
        else:
            self.profile_chosen.emit(self.profile.currentData())

    def show_verdict(self, judged: Sequence[Judged], profile_name: str) -> None:
        """Show how all modules came out by the profile ``profile_name``."""
        self._chosen = profile_name
        place = self.profile.findData(profile_name)
        if place != self.profile.currentIndex():
            self.profile.setCurrentIndex(place)
        self.profile.setToolTip(str(self.profile.itemData(place, Qt.ItemDataRole.ToolTipRole) or ""))
        by_key = {entry.module.key: entry for entry in judged}
        for key, row in self.rows.items():
            entry = by_key.get(key)
            if entry is not None:
                row.set_judged(entry)
            row.setVisible(entry is not None)
        self._nothing.setVisible(not judged)
        self.set_note(tally(judged))
        self.setAccessibleDescription(tally(judged))
