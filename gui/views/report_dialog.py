"""What reports to write, and where."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.models.reports import KINDS
from gui.theme.tokens import GAP, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.widgets.elided_label import ElidedLabel

_WIDTH = 560


class ReportDialog(QDialog):
    """Kinds of files, and the folder they go to.

    Attributes:
        kinds: a box for each of :data:`gui.models.reports.KINDS`.
        folder: where to.
        show_page: whether to show the page afterwards.
        write: writes.

    Signals:
        wanted: a folder (a path) and the names of the kinds (a tuple) that shall be written there.
    """

    wanted = Signal(object, object)

    def __init__(
        self, what: str, judged: str, folder: str, kinds: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self.kinds = {kind: QCheckBox(title) for kind, (title, _) in KINDS.items()}
        for kind, box in self.kinds.items():
            box.setChecked(kind in kinds)
            box.setAccessibleDescription(KINDS[kind][1])
            box.toggled.connect(self._follow)
        self.folder = QLineEdit(folder)
        self.folder.setAccessibleName("Folder for the reports")
        self.folder.setAcceptDrops(False)
        self.folder.textChanged.connect(self._follow)
        self._choose = QPushButton("Choose…")
        self._choose.setAccessibleName("Choose the folder")
        self._choose.clicked.connect(self._ask)
        self.show_page = QCheckBox("Show the page when it is written")
        self.show_page.setChecked(True)
        self._problem = PlainLabel(role="note", muted=True)
        self.write = QPushButton("Write")
        self.write.setProperty("role", "primary")
        self.write.setDefault(True)
        self.write.clicked.connect(self._write)
        self._cancel = QPushButton("Cancel")
        self._cancel.clicked.connect(self.reject)
        self._lay_out(what, judged)
        self._follow()

    def _lay_out(self, what: str, judged: str) -> None:
        title = ElidedLabel(what)
        title.setProperty("role", "title")
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(4 * SPACE)
        boxes.setVerticalSpacing(2 * SPACE)
        boxes.setColumnStretch(1, 1)
        for row, (kind, box) in enumerate(self.kinds.items()):
            boxes.addWidget(box, row, 0)
            boxes.addWidget(PlainLabel(KINDS[kind][1], role="note", muted=True), row, 1)
        place = QHBoxLayout()
        place.setSpacing(2 * SPACE)
        place.addWidget(PlainLabel("Folder", role="strong"))
        place.addWidget(self.folder, 1)
        place.addWidget(self._choose)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addWidget(self.show_page)
        buttons.addStretch(1)
        buttons.addWidget(self.write)
        buttons.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * SPACE] * 4)
        column.setSpacing(GAP)
        column.addWidget(title)
        column.addWidget(PlainLabel(judged, muted=True))
        column.addSpacing(SPACE)
        column.addLayout(boxes)
        column.addSpacing(SPACE)
        column.addLayout(place)
        column.addWidget(self._problem)
        column.addSpacing(SPACE)
        column.addLayout(buttons)

    def _chosen(self) -> tuple[str, ...]:
        return tuple(kind for kind, box in self.kinds.items() if box.isChecked())

    def _follow(self) -> None:
        place, chosen = self.folder.text().strip(), self._chosen()
        problem = ""
        if not chosen:
            problem = "Choose what to write."
        elif not Path(place).is_absolute():
            problem = "Name the folder by its whole path."
        self._problem.setText(problem or "Files of the same names that are there already are replaced.")
        self.write.setEnabled(not problem)
        self.show_page.setEnabled("html" in chosen)

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Write reports into a folder", self.folder.text().strip())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self) -> None:
        self.wanted.emit(Path(self.folder.text().strip()), self._chosen())
        self.accept()
