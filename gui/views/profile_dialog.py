"""The window in which profiles are looked at, copied and changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.errors import LanescopeError
from gui.models.profile_bench import ProfileBench
from gui.models.verdict_choices import ProfileChoices
from gui.theme.fonts import font
from gui.theme.tokens import GAP, SPACE
from gui.views.dressing import dress
from gui.views.keys import key_names
from gui.views.plain_label import PlainLabel
from gui.views.profile_form import ProfileForm

_SIZE = (880, 640)
_LIST_WIDTH = 236
_BESIDE_TEXT = 11
"""From the frame of a field to its text, logical pixels."""

_FILTER = "Profile (*.toml)"
_MOST_TITLE = 60
_FOR_NEW = " \N{MIDDLE DOT} new runs"


class ProfileDialog(QDialog):
    """Profiles at the left; title, description and limits of one of them at the right. What is changed holds at once.

    Attributes:
        list: all profiles by title; the name is each line's data.
        title: the title of the profile, to be changed.
        description: its description.
        form: its limits.
        use: judges new runs by the profile that is shown.
        error: what is wrong with what was set last.
    """

    def __init__(self, bench: ProfileBench, choices: ProfileChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._choices = choices
        self.setWindowTitle("Quality profiles")
        self.resize(QSize(*_SIZE).boundedTo(self.screen().availableSize()))
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setAccessibleName("Profiles")
        self.title, self.description = QLineEdit(), QLineEdit()
        self.title.setMaxLength(_MOST_TITLE)
        self.title.setFont(font("heading"))
        self.title.setAccessibleName("Name of the profile")
        self.description.setAccessibleName("What the profile is for")
        self.note = PlainLabel(role="note", muted=True, wraps=True)
        self.note.setContentsMargins(_BESIDE_TEXT, 0, 0, 0)
        self.error = PlainLabel(wraps=True)
        self.error.setProperty("role", "error")
        self.form = ProfileForm(bench)
        self.copy = _button("Copy", "Copy this profile and change the copy", lambda: self._try(bench.copy))
        self.delete = _button("Delete", "Delete this profile; Undo brings it back", lambda: self._try(bench.remove))
        self.bring_in = _button("Import…", "Copy a file of limits", self._ask_for_import)
        self.send_out = _button("Export…", "Write this profile to a file for others", self._ask_for_export)
        self.undo = _button("Undo", f"Take back the last change ({key_names('Ctrl+Z')})", lambda: self._try(bench.undo))
        self.reset = _button("Reset limits", "As in the profile this is a copy of", lambda: self._try(bench.reset))
        self.use = _button("", "Judge runs that are made in this window from now on by this profile", self._use)
        self.close_button = _button("Close", "", self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self.undo.click)
        self._lay_out()
        self._connect()
        self._list_anew()

    def take_in(self, name: str) -> None:
        """Copy the file of limits ``name``, or tell why it cannot be."""
        self._try(lambda: self._bench.take_in(Path(name)))

    def write_to(self, name: str) -> None:
        """Write the profile that is looked at to the file ``name``, or tell why it cannot be."""
        self._try(lambda: self._bench.write_to(Path(name)))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except LanescopeError as error:
            self._tell(f"{error} {error.hint}".strip())

    def _tell(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def _use(self) -> None:
        self._choices.for_new_runs = self._bench.current
        self._list_anew()

    def _connect(self) -> None:
        self._bench.listed.connect(self._list_anew)
        self._bench.moved.connect(self._follow)
        self._bench.changed.connect(lambda _name: self._follow())
        self.form.told.connect(self._tell)
        self.list.currentItemChanged.connect(self._choose)
        self.title.editingFinished.connect(lambda: self._rename("title", self.title))
        self.description.editingFinished.connect(lambda: self._rename("description", self.description))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._bench.look_at(str(item.data(Qt.ItemDataRole.UserRole)))

    def _rename(self, key: str, line: QLineEdit) -> None:
        text = line.text().strip()
        if self._bench.is_own and text != getattr(self._bench.profile, key):
            self._try(lambda: self._bench.set_value((key,), text))

    def _list_anew(self) -> None:
        bench = self._bench
        self.list.blockSignals(True)
        self.list.clear()
        for name in bench.shelf.names():
            own = bench.shelf.is_own(name)
            title = bench.shelf.get(name).title
            item = QListWidgetItem(f"{title}{_FOR_NEW}" if name == self._choices.for_new_runs else title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFont(font("strong" if own else "text"))
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, "yours" if own else "comes with Lanescope")
            self.list.addItem(item)
            if name == bench.current:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._follow()

    def _follow(self) -> None:
        bench = self._bench
        row = bench.shelf.names().index(bench.current)
        if row != self.list.currentRow():
            self.list.setCurrentRow(row)
        is_own = bench.is_own
        for line, text in ((self.title, bench.profile.title), (self.description, bench.profile.description)):
            if line.text() != text:
                line.setText(text)
            line.setReadOnly(not is_own)
            dress(line, "locked", not is_own)
            line.setCursorPosition(0)
        self.note.setText(
            "Yours. What you change holds at once for the run that is shown, if this is its profile, and for runs that "
            "you choose it for from now on. Other runs keep the limits that they were judged by."
            if is_own
            else "Comes with Lanescope and stays as it is. Copy it to set other limits."
        )
        self.copy.setText("Copy" if is_own else "Copy to change")
        is_used = self._choices.for_new_runs == bench.current
        self.use.setText("Used for new runs" if is_used else "Use for new runs")
        self.use.setEnabled(not is_used)
        self.delete.setEnabled(is_own)
        self.reset.setEnabled(not bench.is_original)
        self.undo.setEnabled(bool(bench.undo_text))
        self.undo.setAccessibleDescription(bench.undo_text)

    def _ask_for_import(self) -> None:
        dialog = QFileDialog(self, "Import a profile", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_for_export(self) -> None:
        dialog = QFileDialog(self, "Export this profile", f"{self._bench.current}.toml", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.fileSelected.connect(self.write_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2 * SPACE)
        left.addWidget(self.list, 1)
        for pair in ((self.copy, self.delete), (self.bring_in, self.send_out)):
            row = QHBoxLayout()
            row.setSpacing(2 * SPACE)
            for button in pair:
                row.addWidget(button, 1)
            left.addLayout(row)
        scroll = QScrollArea()
        scroll.setAccessibleName("Limits")
        scroll.setProperty("role", "stop")
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QHBoxLayout()
        foot.setSpacing(2 * SPACE)
        foot.addWidget(self.undo)
        foot.addWidget(self.reset)
        foot.addStretch(1)
        foot.addWidget(self.use)
        foot.addWidget(self.close_button)
        right = QVBoxLayout()
        right.setSpacing(2 * SPACE)
        for part in (self.title, self.description, self.note):
            right.addWidget(part)
        right.addWidget(scroll, 1)
        right.addWidget(self.error)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(*[4 * SPACE] * 4)
        row.setSpacing(GAP + SPACE)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.error.hide()


def _button(text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    # Enter belongs to the field that is being filled in.
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: slot())
    return button
