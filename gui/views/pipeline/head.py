"""The line above the table: what is on it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.models.format import plural
from gui.models.pipelines.builder import Builder
from gui.theme.fonts import font
from gui.theme.tokens import GAP, SPACE
from gui.views.dressing import dress
from gui.views.keys import key_names
from gui.views.widgets.elided_label import ElidedLabel

_KEYS = {"undo": "Ctrl+Z", "redo": "Ctrl+Shift+Z"}
_LEAST_NAME = 160
_TIGHTER = 12
"""Points that a button is narrower by with ``fit`` set to ``tight``; the stylesheet has them."""


class Head(QWidget):
    """Name, version and state of the draft, and its buttons.

    Signals:
        save_wanted: the draft shall be saved.
        versions_wanted: its versions shall be shown.
        done_wanted: what it has done in all its runs shall be shown.
        uses_wanted: the folders and samples that use it shall be shown.
        export_wanted: it shall be written to a file.
        general_wanted: what holds for the whole pipeline shall be edited.
    """

    save_wanted = Signal()
    versions_wanted = Signal()
    done_wanted = Signal()
    uses_wanted = Signal()
    export_wanted = Signal()
    general_wanted = Signal()

    def __init__(self, builder: Builder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self._users = ""
        self._is_tight = False
        self.title = ElidedLabel()
        self.title.setFont(font("title"))
        self.note = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.note.setFont(font("note"))
        self.note.setProperty("role", "note")
        self.undo = _button("Undo", builder.undo)
        self.redo = _button("Redo", builder.redo)
        self.general = _button("Settings", self.general_wanted.emit)
        self.general.setAccessibleName("Pipeline settings")
        self.general.setToolTip("What holds for the whole pipeline")
        self.versions = _button("Versions…", self.versions_wanted.emit)
        self.uses = _button("Used for…", self.uses_wanted.emit)
        self.uses.setToolTip("Folders and samples whose files run this pipeline by themselves")
        self.done = _button("Statistics…", self.done_wanted.emit)
        self.done.setToolTip("What this pipeline has done in all its runs")
        self.export = _button("Export…", self.export_wanted.emit)
        self.save = _button("Save", self.save_wanted.emit, role="primary")
        self.save.setToolTip(f"Keep this pipeline ({key_names('Ctrl+S')})")
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        words.addWidget(self.title)
        words.addWidget(self.note)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addStretch(1)
        for button in (self.undo, self.redo, self.general, self.versions, self.uses, self.done, self.export):
            row.addWidget(button)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * SPACE)
        self._grid.setVerticalSpacing(GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(words, 0, 0)
        self._grid.addWidget(self._buttons, 0, 1)
        self._grid.addWidget(self.save, 0, 2)
        builder.changed.connect(self._follow)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: where there is no room for a name beside the buttons, they stand below it."""
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        self._tighten()
        needed = self._buttons.minimumSizeHint().width() + self.save.minimumSizeHint().width() + 4 * SPACE + _LEAST_NAME
        is_wide = self.width() >= needed
        if is_wide == (self._grid.getItemPosition(self._grid.indexOf(self._buttons)) == (0, 1, 1, 1)):
            return
        self._grid.removeWidget(self._buttons)
        if is_wide:
            self._grid.addWidget(self._buttons, 0, 1)
        else:
            self._grid.addWidget(self._buttons, 1, 0, 1, 3)

    def _tighten(self) -> None:
        """Let the buttons stand closer together where the name would not be read whole beside them."""
        buttons = (self.undo, self.redo, self.general, self.versions, self.uses, self.done, self.export)
        usual = self._buttons.minimumSizeHint().width() + (_TIGHTER * len(buttons) if self._is_tight else 0)
        needed = usual + self.save.minimumSizeHint().width() + 4 * SPACE
        needed += max(_LEAST_NAME, self.title.sizeHint().width())
        if self._is_tight != (self.width() < needed):
            self._is_tight = not self._is_tight
            for button in buttons:
                dress(button, "fit", "tight" if self._is_tight else "")

    def minimumSizeHint(self) -> QSize:
        """Qt's call: as narrow as its buttons, whether a name stands beside them or above."""
        return QSize(self._buttons.minimumSizeHint().width(), super().minimumSizeHint().height())

    def show_uses(self, names: Sequence[str]) -> None:
        """Tell which datasets use the pipeline."""
        self._users = "" if not names else f"used for {names[0]}"
        if len(names) > 1:
            self._users += f" and {len(names) - 1} more"
        self._follow()

    def _follow(self) -> None:
        builder = self._builder
        self.title.setText(builder.draft.name or "A pipeline without a name")
        state = "not saved yet" if builder.is_new else f"version {builder.saved_version}"
        if builder.is_dirty and not builder.is_new:
            state += " · changed"
        faults = len(builder.troubles)
        parts = (state, plural(faults, "fault") if faults else "", self._users)
        self.note.setText(" · ".join(part for part in parts if part))
        for button, text in ((self.undo, builder.undo_text), (self.redo, builder.redo_text)):
            button.setEnabled(bool(text))
            key = _KEYS[button.text().lower()]
            # What was done is named by what may come from a file: no markup in tooltips.
            button.setToolTip(f"{button.text()} ({key_names(key)})")
            button.setAccessibleDescription(text)
        self.save.setEnabled(builder.can_save)
        self.save.setText("Save" if builder.is_new else "Save new version")
        self.export.setEnabled(not faults)
        self.versions.setEnabled(not builder.is_new)
        self.done.setEnabled(not builder.is_new)
        self._place_buttons()


def _button(text: str, slot: Callable[[], object], role: str = "quiet") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", role)
    button.clicked.connect(lambda _checked=False: slot())
    return button
