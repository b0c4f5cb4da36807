"""The versions of a pipeline, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.keeping.difference import differences
from gui.models.format import plural
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.pipeline.editors import CalmComboBox
from gui.views.plain_label import PlainLabel

_SIZE = (720, 460)
_LOW = 200
"""Points, while there is nothing to compare."""

_LIST_WIDTH = 150
_FIRST = "This is the first version: there is none before it."
_SAME = "There is no difference."
_MARKS = {"added": "+", "removed": "-"}


class VersionsDialog(QDialog):
    """A version at the left, what it has that another one has not at the right.

    Attributes:
        versions: the latest on top.
        other: what it is compared with.
        changes: what is another.

    Signals:
        wanted: a ``PipelineDefinition`` that shall be put on the table.
    """

    wanted = Signal(object)

    def __init__(
        self, versions: Sequence[PipelineDefinition], draft: PipelineDefinition | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._versions = list(reversed(versions))
        self._draft = draft
        self.setWindowTitle(f"Versions of {self._versions[0].name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE[0], _SIZE[1] if len(versions) > 1 or draft is not None else _LOW)
        self.versions = QListWidget()
        self.versions.addItems([version.version for version in self._versions])
        self.versions.setFixedWidth(_LIST_WIDTH)
        self.versions.setAccessibleName("Versions")
        self.other = CalmComboBox()
        self.other.setAccessibleName("Compared with")
        self.other.addItem("the version before", None)
        if draft is not None:
            self.other.addItem("what is on the table", draft)
        for version in self._versions:
            self.other.addItem(f"version {version.version}", version)
        self.count = PlainLabel(role="note", muted=True)
        self.changes = QListWidget()
        self.changes.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.changes.setWordWrap(True)
        self.changes.setAccessibleName("Differences")
        self.open_button = QPushButton("Open this version")
        self.open_button.clicked.connect(self._take)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.reject)
        self.close_button.setDefault(True)
        for part in (self.versions, self.changes):
            part.setSpacing(SPACE // 2)
        self._lay_out()
        self.versions.currentRowChanged.connect(self._compare)
        self.other.activated.connect(self._compare)
        self.versions.setCurrentRow(0)

    def _compare(self, *_: object) -> None:
        row = self.versions.currentRow()
        chosen = self._versions[row]
        before = self.other.currentData()
        if before is None:
            before = self._versions[row + 1] if row + 1 < len(self._versions) else None
        self.changes.clear()
        if before is None:
            self.count.setText(_FIRST)
            self.changes.hide()
            return
        found = differences(before, chosen)
        self.count.setText(plural(len(found), "change") if found else _SAME)
        self.changes.setVisible(bool(found))
        self.changes.addItems([f"{_MARKS.get(each.kind, '~')}  {each}" for each in found])

    def _take(self) -> None:
        self.wanted.emit(self._versions[self.versions.currentRow()])
        self.accept()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(PlainLabel("Compared with", muted=True))
        head.addWidget(self.other, 1)
        right = QVBoxLayout()
        right.setSpacing(2 * SPACE)
        right.addLayout(head)
        right.addWidget(self.count)
        right.addWidget(self.changes, 1)
        right.addStretch(0)
        both = QHBoxLayout()
        both.setSpacing(GAP)
        both.addWidget(self.versions)
        both.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.open_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GAP)
        column.addLayout(both, 1)
        column.addLayout(foot)
