"""What can be set."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.models.device_choice import DeviceChoice
from gui.models.server import ProgramAccess
from gui.models.settings import MODES, Settings
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.choice_group import ChoiceGroup
from gui.views.plain_label import PlainLabel
from gui.views.settings_devices_card import DevicesCard
from gui.views.settings_grid import settings_grid
from gui.views.settings_server_card import ServerCard
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel

_SIDE = 20
_WIDTH = 720
_MODE_WORDS = {"system": "As the system", "dark": "Dark", "light": "Light"}


class SettingsPage(QWidget):
    """Theme, workers, and where everything is kept. What is set holds at once.

    Signals:
        mode_changed: ``system``, ``dark`` or ``light``.
        workers_changed: number of workers of the next runs, 0 for as many as Lanescope thinks fit.
        tuning_changed: whether the next runs are tuned by their load.
        tells_changed: whether to tell of long work that is over while another window is in front.
    """

    mode_changed = Signal(str)
    workers_changed = Signal(int)
    tuning_changed = Signal(bool)
    tells_changed = Signal(bool)

    def __init__(self, settings: Settings, root: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self.modes = {mode: QRadioButton(_MODE_WORDS[mode]) for mode in MODES}
        self._group = ChoiceGroup(self)
        for mode, button in self.modes.items():
            self._group.addButton(button)
            button.setChecked(mode == settings.mode)
            button.toggled.connect(lambda on, mode=mode: self.mode_changed.emit(mode) if on else None)
        self.workers = QSpinBox()
        self.workers.setRange(0, max(64, 2 * (os.cpu_count() or 1)))
        self.workers.setSpecialValueText("Automatic")
        self.workers.setMinimumWidth(128)
        self.workers.lineEdit().setTextMargins(6, 0, 0, 0)
        self.workers.setValue(settings.workers or 0)
        self.workers.setAccessibleName("Worker threads of a run")
        self.workers.valueChanged.connect(self.workers_changed)
        self.tuning = QCheckBox("Tune runs by their load")
        self.tuning.setChecked(settings.tuning)
        self.tuning.toggled.connect(self.tuning_changed)
        self.tells = QCheckBox("Tell when long runs are over")
        self.tells.setChecked(settings.tells)
        self.tells.toggled.connect(self.tells_changed)
        self.open_folder = QPushButton("Open folder")
        self.open_folder.clicked.connect(self._open_root)
        self._lay_out()

    def _lay_out(self) -> None:
        modes = QHBoxLayout()
        modes.setSpacing(GAP)
        for button in self.modes.values():
            modes.addWidget(button)
        modes.addStretch(1)
        workers = QHBoxLayout()
        workers.addWidget(self.workers)
        workers.addStretch(1)
        tuning = QHBoxLayout()
        tuning.addWidget(self.tuning)
        tuning.addStretch(1)
        tells = QHBoxLayout()
        tells.addWidget(self.tells)
        tells.addStretch(1)
        place = QHBoxLayout()
        place.setSpacing(GAP)
        path = ElidedLabel(str(self._root))
        place.addWidget(path, 1)
        place.addWidget(self.open_folder)
        card = Card()
        card.setMaximumWidth(_WIDTH)
        grid = settings_grid(SPACE)
        grid.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        card.setLayout(grid)
        rows = (
            ("Theme", modes, ""),
            (
                "Workers",
                workers,
                "Threads that count reads. Holds as soon as nothing is running.",
            ),
            (
                "Tuning",
                tuning,
                "Moves workers and batches while a run goes, and keeps what helped; results stay the same.",
            ),
            (
                "Notices",
                tells,
                "After half a minute of work, while another window is in front. The title tells how far it is.",
            ),
            ("Data", place, "Runs and settings are kept here, on this computer alone."),
        )
        for number, (name, control, note) in enumerate(rows):
            grid.addWidget(PlainLabel(name, role="strong"), 3 * number, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addLayout(control, 3 * number, 1)
            if note:
                grid.addWidget(PlainLabel(note, role="note", muted=True, wraps=True), 3 * number + 1, 1)
            grid.setRowMinimumHeight(3 * number + 2, 3 * SPACE if number < len(rows) - 1 else 0)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(_SIDE, _SIDE - SPACE, _SIDE, _SIDE)
        self._column.setSpacing(GAP)
        self._column.addWidget(PlainLabel("Settings", role="title"))
        self._column.addWidget(card)
        self._column.addStretch(1)
        area = QScrollArea()
        # A stop where nothing can be done: what has the focus is scrolled to.
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def add_devices(self, choice: DeviceChoice) -> DevicesCard:
        """Show what can count, below the rest."""
        card = DevicesCard(choice)
        card.setMaximumWidth(_WIDTH)
        self._column.insertWidget(self._column.count() - 1, card)
        return card

    def add_server(self, access: ProgramAccess) -> ServerCard:
        """Show how programs are let in, below the rest."""
        card = ServerCard(access)
        card.setMaximumWidth(_WIDTH)
        self._column.insertWidget(self._column.count() - 1, card)
        return card

    def _open_root(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._root)))
