"""Buttons of which one is on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup


class ChoiceGroup(QButtonGroup):
    """Buttons of which one is on: Tab enters them at that one, the arrow keys go on to the others.

    Qt itself sees to that only once one of them has had the focus; until then Tab would enter at the first.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.buttonToggled.connect(self._let_tab_in)

    def addButton(self, button: QAbstractButton, number: int = -1) -> None:
        """Qt's call: one more, which may be on already."""
        super().addButton(button, number)
        self._let_tab_in()

    def _let_tab_in(self) -> None:
        chosen = self.checkedButton()
        for button in self.buttons():
            enters = chosen is None or button is chosen
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if enters else Qt.FocusPolicy.ClickFocus)
