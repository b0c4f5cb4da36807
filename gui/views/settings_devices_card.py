"""The card that says which devices count."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QPushButton, QWidget

from engine.devices.discovery import INSTALL, install_command
from gui.models.device_choice import DeviceChoice
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.settings_grid import settings_grid
from gui.views.widgets.card import TitledCard

_NOTE = (
    "NVIDIA GPUs can count beside the CPU, or in its place; results are the same. Whether that is faster nobody has "
    "measured yet: Automatic finds it out in each run. Holds as soon as nothing is running."
)
_LOOKING = "Looking for GPUs…"


class DevicesCard(TitledCard):
    """What counts, which GPUs there are, and what is missing where there is none.

    Signals:
        copied: what has been put into the clipboard.
    """

    copied = Signal(str)

    def __init__(self, choice: DeviceChoice, parent: QWidget | None = None) -> None:
        super().__init__("Devices", parent=parent)
        self._choice = choice
        self.options = QComboBox()
        self.options.setAccessibleName("What counts reads")
        self.options.setAccessibleDescription(_NOTE)
        self.options.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.options.setMinimumContentsLength(24)
        self.options.activated.connect(self._choose)
        self.found = PlainLabel(wraps=True, selectable=True)
        self.found.setAccessibleName("GPUs of this computer")
        self.again = QPushButton("Look again")
        self.again.setAccessibleName("Look for GPUs again")
        self.again.clicked.connect(choice.look)
        self.copy = QPushButton("Copy command")
        self.copy.setAccessibleName("Copy the command that installs what is missing")
        self.copy.clicked.connect(self._copy)
        self._lay_out()
        choice.changed.connect(self.refresh)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call: look for devices when somebody first wants to see them."""
        super().showEvent(event)
        if self._choice.found is None:
            self._choice.look()

    def refresh(self) -> None:
        """Show what is so now."""
        choice = self._choice
        options = choice.options()
        if [option.value for option in options] != [self.options.itemData(n) for n in range(self.options.count())]:
            self.options.clear()
            for option in options:
                self.options.addItem(option.text, option.value)
        self.options.setCurrentIndex(self.options.findData(choice.value))
        lines = [line for line in (*choice.lines(), choice.driver, choice.trouble) if line]
        self.found.setText(_LOOKING if choice.is_looking else "\n".join(lines))
        self.again.setEnabled(not choice.is_looking)
        self.copy.setVisible(INSTALL in choice.trouble)

    def _lay_out(self) -> None:
        count = QHBoxLayout()
        count.addWidget(self.options, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addWidget(self.again)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        grid = settings_grid(2 * SPACE)
        grid.addWidget(PlainLabel("Count with", role="strong"), 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(count, 0, 1)
        grid.addWidget(PlainLabel("Found", role="strong"), 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.found, 1, 1)
        grid.addLayout(buttons, 2, 1)
        self.content.setSpacing(2 * SPACE)
        self.content.addWidget(PlainLabel(_NOTE, role="note", muted=True, wraps=True))
        self.content.addLayout(grid)

    def _choose(self, row: int) -> None:
        self._choice.choose(str(self.options.itemData(row)))

    def _copy(self) -> None:
        QApplication.clipboard().setText(install_command())
        self.copied.emit("The command is in the clipboard")
