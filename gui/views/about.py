"""What Lanescope is, and its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from gui.models.version import installed_version
from gui.theme.tokens import GAP, SPACE
from gui.views.keys import key_names
from gui.views.plain_label import PlainLabel

_KEYS = (
    ("Open files", "Ctrl+O"),
    ("Open a folder", "Ctrl+Shift+O"),
    ("Pause or resume the run", "Ctrl+P"),
    ("Cancel the run", "Ctrl+."),
    ("Run again", "Ctrl+R"),
    ("Write reports", "Ctrl+E"),
    ("Search runs", "Ctrl+F"),
    ("Overview of all runs", "Ctrl+Shift+A"),
    ("Compare the chosen runs", "Ctrl+Shift+C"),
    ("Delete the chosen runs", "Del"),
    ("Undo and redo", "Ctrl+Z, Ctrl+Shift+Z"),
    ("Save the pipeline", "Ctrl+S"),
    ("Duplicate the stage", "Ctrl+D"),
    ("Reads, Runs, Pipelines, Plugins", "Ctrl+1, Ctrl+2, Ctrl+3, Ctrl+4"),
    ("Settings", "Ctrl+,"),
)


class AboutDialog(QDialog):
    """Name, version, licence and keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Lanescope")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keys = QGridLayout()
        keys.setHorizontalSpacing(8 * SPACE)
        keys.setVerticalSpacing(SPACE + 2)
        for row, (what, combination) in enumerate(_KEYS):
            keys.addWidget(PlainLabel(what, muted=True), row, 0)
            keys.addWidget(PlainLabel(key_names(combination)), row, 1)
        buttons = QDialogButtonBox()
        # Not the standard one, which brings an icon along.
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * SPACE, 6 * SPACE, 6 * SPACE, 5 * SPACE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("Lanescope", role="title"))
        column.addWidget(PlainLabel(f"Version {installed_version()}  ·  Qt {qVersion()}  ·  MIT licence", muted=True))
        column.addWidget(PlainLabel("Quality control for sequencing reads, live. Nothing leaves this computer."))
        column.addSpacing(GAP)
        column.addLayout(keys)
        column.addSpacing(GAP)
        column.addWidget(buttons)
