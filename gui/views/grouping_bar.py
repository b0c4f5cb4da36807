"""How files that come together become runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QWidget

from gui.models.grouping import NOTES, TITLES, Grouping
from gui.theme.tokens import GAP
from gui.views.choice_group import ChoiceGroup
from gui.views.plain_label import PlainLabel


class GroupingBar(QWidget):
    """One of three ways, told in a sentence.

    Attributes:
        buttons: a button for each way.
        note: what the chosen one means.

    Signals:
        chosen: a ``Grouping``, chosen by the user.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {grouping: QRadioButton(title) for grouping, title in TITLES.items()}
        self.note = PlainLabel(role="note", muted=True, wraps=True)
        self._group = ChoiceGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(PlainLabel("Files", role="strong"))
        for grouping, button in self.buttons.items():
            button.setToolTip(NOTES[grouping])
            button.setAccessibleDescription(NOTES[grouping])
            button.clicked.connect(lambda _checked=False, grouping=grouping: self._choose(grouping))
            self._group.addButton(button)
            row.addWidget(button)
        row.addWidget(self.note, 1)
        self.show_grouping(Grouping.EACH)

    @property
    def grouping(self) -> Grouping:
        """The chosen way."""
        return next(grouping for grouping, button in self.buttons.items() if button.isChecked())

    def show_grouping(self, grouping: Grouping) -> None:
        """Show that files are grouped so."""
        self.buttons[grouping].setChecked(True)
        self.note.setText(NOTES[grouping])

    def _choose(self, grouping: Grouping) -> None:
        self.note.setText(NOTES[grouping])
        self.chosen.emit(grouping)
