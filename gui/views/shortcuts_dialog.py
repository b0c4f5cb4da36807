"""All keys, by where they work."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QMenu,
    QMenuBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.models.shortcuts import SCATTERED
from gui.theme.tokens import GAP, SPACE
from gui.views.keys import key_names
from gui.views.plain_label import PlainLabel
from gui.views.widgets.search_field import SearchField

_SIZE = (560, 620)


class ShortcutsDialog(QDialog):
    """What the menus offer with a key, and the keys that are in no menu; a search leaves what is looked for.

    Attributes:
        search: what is looked for.
    """

    def __init__(self, menus: QMenuBar, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lines: list[tuple[str, list[PlainLabel]]] = []
        self._headings: list[tuple[PlainLabel, list[PlainLabel]]] = []
        self.search = SearchField("Search keys", "Search keys by what they do")
        self.search.textChanged.connect(self._find)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8 * SPACE)
        self._grid.setVerticalSpacing(SPACE + 2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        for title, keys in (*_in_menus(menus), *SCATTERED):
            self._add(title, keys)
        self._lay_out()
        room = parent.size()
        self.resize(min(_SIZE[0], room.width() - 8 * SPACE), min(_SIZE[1], room.height() - 8 * SPACE))

    def shown(self) -> list[str]:
        """What is done by the keys that are shown now."""
        return [labels[0].text() for _, labels in self._lines if not labels[0].isHidden()]

    def _add(self, title: str, keys: tuple[tuple[str, str], ...]) -> None:
        heading = PlainLabel(title, role="strong")
        heading.setContentsMargins(0, 2 * SPACE if self._headings else 0, 0, 0)
        row = self._grid.rowCount()
        self._grid.addWidget(heading, row, 0, 1, 2)
        names = []
        for at, (what, combination) in enumerate(keys, row + 1):
            labels = [PlainLabel(what, muted=True), PlainLabel(key_names(combination))]
            for column, label in enumerate(labels):
                self._grid.addWidget(label, at, column)
            self._lines.append((f"{title} {what} {labels[1].text()}".casefold(), labels))
            names.append(labels[0])
        self._headings.append((heading, names))

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        for line, labels in self._lines:
            for label in labels:
                label.setHidden(not all(word in line for word in words))
        for heading, names in self._headings:
            heading.setHidden(all(name.isHidden() for name in names))

    def _lay_out(self) -> None:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(2 * SPACE, SPACE, 4 * SPACE, SPACE)
        rows.addLayout(self._grid)
        rows.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName("Keys")
        area.setProperty("role", "stop")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * SPACE, 5 * SPACE, 5 * SPACE, 4 * SPACE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("Keyboard shortcuts", role="title"))
        column.addWidget(self.search)
        column.addWidget(area, 1)
        column.addWidget(buttons)


def _in_menus(menus: QMenuBar) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Titles of menus, and what in them has a key."""
    for head in menus.actions():
        menu = head.menu()
        actions = menu.actions() if isinstance(menu, QMenu) else []
        keys = tuple(
            (_plain(action.text()), action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))
            for action in actions
            if not action.shortcut().isEmpty()
        )
        if keys:
            yield _plain(head.text()), keys


def _plain(text: str) -> str:
    return text.replace("&", "").removesuffix("…").partition(":")[0]
