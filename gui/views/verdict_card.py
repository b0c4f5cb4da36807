"""How a run came out, module by module."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from engine.collectors.profiles import profile
from gui.models.plot_modules import MODULES
from gui.models.verdict import Judged, tally
from gui.models.verdict_choices import titles
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.verdict_row import VerdictRow
from gui.views.widgets.card import TitledCard

_PROFILE_WIDTH = 118


class VerdictCard(TitledCard):
    """A line a module with its symbol and the number that decided, and the profile that says what is good.

    Attributes:
        profile: chooses the profile.
        rows: the lines by key of their module; those without a verdict are hidden.

    Signals:
        module_chosen: key of the module whose plot is wanted.
        profile_chosen: name of the profile to judge by.
    """

    module_chosen = Signal(str)
    profile_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Verdict", "", parent)
        self.profile = QComboBox()
        self.profile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.profile.setAccessibleName("Judge as a library of this kind")
        self.profile.setMaximumWidth(_PROFILE_WIDTH)
        for name, title in titles().items():
            self.profile.addItem(title, name)
            self.profile.setItemData(self.profile.count() - 1, profile(name).description, Qt.ItemDataRole.ToolTipRole)
        self.profile.activated.connect(lambda _index: self.profile_chosen.emit(self.profile.currentData()))
        self.header.addWidget(self.profile)
        self.rows = {module.key: VerdictRow(module) for module in MODULES}
        self._nothing = PlainLabel("No reads yet", muted=True)
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

    def show_verdict(self, judged: Sequence[Judged], profile_name: str) -> None:
        """Show how all modules came out by the profile ``profile_name``."""
        place = self.profile.findData(profile_name)
        if place != self.profile.currentIndex():
            self.profile.setCurrentIndex(place)
        self.profile.setToolTip(profile(profile_name).description)
        by_key = {entry.module.key: entry for entry in judged}
        for key, row in self.rows.items():
            entry = by_key.get(key)
            if entry is not None:
                row.set_judged(entry)
            row.setVisible(entry is not None)
        self._nothing.setVisible(not judged)
        self.set_note(tally(judged))
        self.setAccessibleDescription(tally(judged))
