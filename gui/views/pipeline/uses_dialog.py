"""Which datasets use which pipelines, to look at and to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.models.pipelines.shelf import ShelfModel
from gui.models.pipelines.uses import TYPES, Use, Uses
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.pipeline.elided_combo import ElidedComboBox
from gui.views.pipeline.uses_delegate import USE_ROLE, use_lines
from gui.views.plain_label import PlainLabel
from gui.views.plugins_page import UndoBar
from gui.views.two_lines import TwoLineDelegate
from gui.views.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from engine.pipeline.keeping.associations import DatasetKind

_SIZE = (760, 480)
_LOW = 200
"""Points, while there is nothing to list."""

_LIST_WIDTH = 300
_NONE = "no pipeline"
_EMPTY = (
    "No folder or sample uses a pipeline yet. Add one: files that come from there then run its pipeline by themselves, "
    "unless you choose another one for them."
)
_NOTHING_CHOSEN = "Choose a folder or sample at the left, or add one."


class UsesDialog(QDialog):
    """Datasets at the left; what the chosen one uses at the right. What is chosen holds at once, and can be undone.

    Attributes:
        list: the datasets.
        choices: the pipeline of each type, by type.
        error: why the last change could not be made.

    Signals:
        set_wanted: kind and place of a dataset, and the reference of the pipeline that it shall use.
        remove_wanted: key of a dataset that shall use no pipeline of some types (a tuple) any more.
        undo_wanted: the last change shall be taken back.
    """

    set_wanted = Signal(str, str, str)
    remove_wanted = Signal(object, object)
    undo_wanted = Signal()

    def __init__(self, uses: Uses, shelf: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._uses = uses
        self._shelf = shelf
        self._pipeline = ""
        self._new: Use | None = None
        self._wanted: tuple[str, str] | None = None
        self.setWindowTitle("Used for…")
        self.resize(*_SIZE)
        self.about = PlainLabel(wraps=True, muted=True)
        self.list = QListWidget()
        self.list.setItemDelegate(TwoLineDelegate(use_lines, self.list))
        self.list.setMouseTracking(True)
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setAccessibleName("Folders and samples")
        self.title, self.note = ElidedLabel(), ElidedLabel()
        self.title.setProperty("role", "title")
        self.note.setProperty("role", "note")
        self.choices = {kind: ElidedComboBox() for kind in TYPES}
        self.error = PlainLabel(wraps=True)
        self.error.setProperty("role", "error")
        self.undo = UndoBar()
        self.add_folder = _button("Folder…", "Let a folder use a pipeline", lambda: self._ask_for_folder("folder"))
        self.add_watched = _button(
            "Watched folder…",
            "Let an instrument's output folder use a pipeline",
            lambda: self._ask_for_folder("watched"),
        )
        self.add_sample = _button("Sample…", "Let a sample use a pipeline", self._ask_for_sample)
        self.remove = _button("Remove", "Let it use no pipeline any more (Del)", self._remove)
        self.close_button = _button("Close", "", self.close)
        self._lay_out()
        self._connect()
        self._list_anew()

    def show_for(self, pipeline: str = "", key: tuple[DatasetKind, str] | None = None) -> None:
        """Come up to choose what uses a pipeline, or what a dataset uses.

        Args:
            pipeline: datasets that are added use this one at once; empty: none yet.
            key: the dataset to look at.
        """
        self._pipeline, self._new = pipeline, None
        if key is not None:
            self._look_at(Use(*key))
        words = f"What is added here uses {pipeline}. " if pipeline else ""
        self.about.setText(f"{words}Files from a folder, or of a sample, run the pipeline that it uses.")
        self.tell("")
        self._list_anew()
        if not self.isVisible():
            self.resize(_SIZE[0], _SIZE[1] if self.list.count() else _LOW)
        self.show()
        self.raise_()
        self.activateWindow()

    def add(self, kind: DatasetKind, place: str) -> None:
        """Take a dataset in; it uses the pipeline that this is about."""
        if self._pipeline:
            self._wanted = (kind, place)
            self.set_wanted.emit(kind, place, self._pipeline)
        else:
            self._look_at(Use(kind, place))
            self._list_anew()

    def tell(self, words: str) -> None:
        """Say why the last change could not be made; nothing hides it."""
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def chosen(self) -> Use | None:
        """The dataset that is looked at."""
        use = self.list.currentIndex().data(USE_ROLE)
        return use if isinstance(use, Use) else None

    def _look_at(self, use: Use) -> None:
        self._wanted = use.key
        self._new = None if self._uses.entry(use.key) else use

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._follow)
        for kind, choice in self.choices.items():
            choice.activated.connect(lambda place, kind=kind: self._choose(kind, place))
        self._uses.changed.connect(self._list_anew)
        self._shelf.modelReset.connect(self._follow)
        self.undo.undo.clicked.connect(self.undo_wanted)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self.undo_wanted.emit)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list, self._remove).setContext(
            Qt.ShortcutContext.WidgetShortcut
        )

    def _list_anew(self) -> None:
        chosen = self.chosen()
        wanted = self._wanted or (chosen.key if chosen else None)
        entries = list(self._uses.entries)
        if self._new is not None and self._uses.entry(self._new.key) is None:
            entries.append(self._new)
        self.list.blockSignals(True)
        self.list.clear()
        for use in entries:
            item = QListWidgetItem(use.title)
            item.setData(USE_ROLE, use)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, use.spoken)
            item.setToolTip(use.place)
            self.list.addItem(item)
        self.list.setVisible(bool(entries))
        if entries and self.height() < _SIZE[1]:
            self.resize(*_SIZE)
        rows = [row for row, use in enumerate(entries) if use.key == wanted]
        self.list.setCurrentRow(rows[0] if rows else 0)
        self.list.blockSignals(False)
        if rows:
            self._wanted = None
        self.undo.say(self._uses.undo_text)
        self._follow()

    def _follow(self, *_: object) -> None:
        use = self.chosen()
        self.title.setText("" if use is None else use.title)
        self.note.setText((_EMPTY if not self.list.count() else _NOTHING_CHOSEN) if use is None else use.note)
        self._empty.setVisible(use is None)
        self._empty.setText(self.note.text() if use is None else "")
        self._details.setVisible(use is not None)
        self.remove.setEnabled(use is not None)
        for kind, choice in self.choices.items():
            held = "" if use is None else use.pipelines.get(kind, "")
            names = [entry.name for entry in self._shelf.entries if entry.definition.type == kind]
            choice.clear()
            choice.addItem(_NONE, "")
            for name in names if held in ("", *names) else [held, *names]:
                choice.addItem(name, name)
            choice.setCurrentIndex(choice.findData(held))

    def _choose(self, kind: str, place: int) -> None:
        use, reference = self.chosen(), ""
        choice = next(choice for each, choice in self.choices.items() if each == kind)
        reference = str(choice.itemData(place))
        if use is None:
            return
        self.tell("")
        self._look_at(use)
        if reference:
            self.set_wanted.emit(use.kind, use.place, reference)
        else:
            self.remove_wanted.emit(use.key, (kind,))

    def _remove(self) -> None:
        use = self.chosen()
        if use is None:
            return
        self.tell("")
        if use.pipelines:
            self.remove_wanted.emit(use.key, tuple(TYPES))
        else:
            self._new = None
            self._list_anew()

    def _ask_for_folder(self, kind: DatasetKind) -> None:
        dialog = QFileDialog(self, "Which folder shall use a pipeline?")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.add(kind, str(Path(name))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_for_sample(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Sample")
        dialog.setLabelText("Its name, as in the names of its files before lane and read:")
        dialog.textValueSelected.connect(lambda text: self.add("sample", text.strip()) if text.strip() else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        self._details = QWidget()
        grid = QGridLayout(self._details)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2 * SPACE)
        grid.setHorizontalSpacing(GAP)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(self.note, 1, 0, 1, 2)
        for row, (kind, words) in enumerate(TYPES.items(), 2):
            label = PlainLabel(words, muted=True)
            label.setBuddy(self.choices[kind])
            self.choices[kind].setAccessibleName(f"{words}: which pipeline")
            grid.addWidget(label, row, 0)
            grid.addWidget(self.choices[kind], row, 1)
        self._empty = PlainLabel(wraps=True, muted=True)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self._details)
        right.addWidget(self._empty)
        right.addWidget(self.error)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(GAP)
        both.addWidget(self.list)
        both.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE)
        foot.addWidget(PlainLabel("Add", muted=True))
        for button in (self.add_folder, self.add_watched, self.add_sample):
            button.setAccessibleName(f"Add: {button.text()}")
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.remove)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GAP)
        column.addWidget(self.about)
        column.addLayout(both, 1)
        column.addWidget(self.undo)
        column.addLayout(foot)


def _button(text: str, description: str, slot: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(description)
    button.setAccessibleDescription(description)
    button.clicked.connect(lambda _checked=False: slot())
    return button
