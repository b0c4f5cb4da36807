"""Lines of what is so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gui.models.plugin_list import Fact
from gui.theme.fonts import font
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel

_NAMES = 128


class FactGrid(QWidget):
    """Names at the left, what is so at the right, wrapped where it is long."""

    def __init__(self, facts: Sequence[Fact], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(SPACE + 2)
        grid.setColumnMinimumWidth(0, _NAMES)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(facts):
            name = PlainLabel(fact.name, muted=True)
            name.setMaximumWidth(2 * _NAMES)
            name.setWordWrap(True)
            value = _code(fact.value) if fact.is_code else PlainLabel(fact.value, wraps=True, selectable=True)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)


def _code(text: str) -> ElidedLabel:
    """Letters in one piece, shortened where there is no room; the menu copies all of them."""
    label = ElidedLabel(text)
    label.setFont(font("mono"))
    copy = QAction("Copy", label)
    copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(text))
    label.addAction(copy)
    label.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return label


class Section(Card):
    """A card with a heading and whatever belongs to it.

    Attributes:
        column: for what stands below the heading.
    """

    def __init__(self, title: str, *contents: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PADDING, PADDING - 2, PADDING, PADDING)
        self.column.setSpacing(2 * SPACE)
        self.column.addWidget(PlainLabel(title, "strong"))
        for content in contents:
            self.column.addWidget(content)
