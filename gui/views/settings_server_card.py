"""The card that lets programs in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.models.server import ProgramAccess
from gui.models.server_settings import GREATEST_PORT, LEAST_PORT
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.settings_grid import settings_grid
from gui.views.widgets.card import TitledCard
from gui.views.widgets.elided_label import ElidedLabel

_NOTE = (
    "Programs of this computer can keep pipelines and start runs over HTTP, with the token. Their runs appear in the "
    "list like yours. Nobody can connect from another computer."
)
_HIDDEN = "•" * 24


class ServerCard(TitledCard):
    """Switch, port, address, token and folders.

    Signals:
        copied: what has been put into the clipboard.
    """

    copied = Signal(str)

    def __init__(self, access: ProgramAccess, parent: QWidget | None = None) -> None:
        super().__init__("Programs on this computer", parent=parent)
        self._access = access
        self.switch = QCheckBox("Let programs in")
        self.switch.setAccessibleDescription(_NOTE)
        self.switch.clicked.connect(access.set_on)
        self.port = QSpinBox()
        self.port.setRange(LEAST_PORT, GREATEST_PORT)
        self.port.setMinimumWidth(128)
        self.port.lineEdit().setTextMargins(6, 0, 0, 0)
        self.port.setKeyboardTracking(False)
        self.port.setAccessibleName("Port")
        self.port.setValue(access.port)
        self.port.valueChanged.connect(access.set_port)
        self.address, self.token = ElidedLabel(), ElidedLabel()
        self.copy_address = _button("Copy", "Copy address", self._copy_address)
        self.show_token = _button("Show", "Show token", self.refresh)
        self.show_token.setCheckable(True)
        self.copy_token = _button("Copy", "Copy token", self._copy_token)
        self.renew = _button("Renew", "Renew token", access.renew_token)
        self.add = _button("Add folder…", "Add a folder that programs may use", self._ask)
        self.removes: dict[Path, QPushButton] = {}
        self.problem = PlainLabel(wraps=True, selectable=True)
        self._folders = QVBoxLayout()
        self._listed: tuple[Path, ...] | None = None
        self._lay_out()
        access.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        access, opened = self._access, self._access.opened
        self.switch.setChecked(access.is_on)
        self.address.setText(opened.url if opened else "Starting…" if access.is_on else "Off")
        shown = self.show_token.isChecked()
        self.token.setText((opened.token if shown else _HIDDEN) if opened else "None while programs are not let in")
        self.show_token.setText("Hide" if shown else "Show")
        for button in (self.copy_address, self.show_token, self.copy_token, self.renew):
            button.setEnabled(opened is not None)
        problem = access.problem
        self.problem.setText("" if problem is None else f"{problem.title}. {problem} {problem.hint}")
        self.problem.setVisible(problem is not None)
        if self._listed != access.folders:
            self._listed = access.folders
            self._list_folders()

    def _lay_out(self) -> None:
        grid = settings_grid(2 * SPACE)
        self._folders.setSpacing(SPACE)
        rows = (
            ("Port", _row(self.port, None)),
            ("Address", _row(self.address, self.copy_address)),
            ("Token", _row(self.token, self.show_token, self.copy_token, self.renew)),
            ("Folders", self._folders),
        )
        for number, (name, control) in enumerate(rows):
            grid.addWidget(PlainLabel(name, role="strong"), number, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addLayout(control, number, 1)
        self.content.setContentsMargins(0, SPACE, 0, 0)
        self.content.setSpacing(2 * SPACE)
        self.content.addWidget(self.switch)
        self.content.addWidget(PlainLabel(_NOTE, role="note", muted=True, wraps=True))
        self.content.addWidget(self.problem)
        self.content.addLayout(grid)
        grid.addLayout(_row(self.add, None), len(rows), 1)

    def _list_folders(self) -> None:
        while (item := self._folders.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.removes = {}
        for folder in self._access.folders:
            self.removes[folder] = _button("Remove", f"Remove {folder}", partial(self._access.remove_folder, folder))
            line = QWidget()
            row = _row(ElidedLabel(str(folder)), self.removes[folder])
            row.setContentsMargins(0, 0, 0, 0)
            line.setLayout(row)
            self._folders.addWidget(line)
        if not self.removes:
            self._folders.addWidget(PlainLabel("None: programs can send reads, but name no files.", muted=True))

    def _copy_address(self) -> None:
        self._copy("The address", self._access.opened.url if self._access.opened else "")

    def _copy_token(self) -> None:
        self._copy("The token", self._access.opened.token if self._access.opened else "")

    def _copy(self, what: str, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.copied.emit(f"{what} is in the clipboard")

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), "Let programs use a folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self._access.add_folder(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _button(text: str, name: str, slot: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(name)
    button.clicked.connect(lambda _checked=False: slot())
    return button


def _row(first: QWidget, *others: QWidget | None) -> QHBoxLayout:
    """Widgets beside each other; the first takes what room there is, unless ``None`` does."""
    row = QHBoxLayout()
    row.setSpacing(2 * SPACE)
    row.addWidget(first, 0 if None in others else 1)
    for other in others:
        if other is None:
            row.addStretch(1)
        else:
            row.addWidget(other)
    return row
