"""What Lanescope is."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from gui.models.version import installed_version
from gui.theme.tokens import GAP, SPACE
from gui.views.plain_label import PlainLabel


class AboutDialog(QDialog):
    """Name, version and licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Lanescope")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
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
        column.addWidget(buttons)
