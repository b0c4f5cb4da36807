"""What can be done with a plot: save it, copy it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from engine.errors import LanescopeError
from gui.theme.icons import bind_icon
from gui.theme.tokens import SPACE
from gui.views.dialogs import Telling

_KINDS = {"png": "PNG picture (*.png)", "svg": "SVG drawing (*.svg)", "csv": "Table of values (*.csv)"}
_FORBIDDEN = '<>:"/\\|?*'


class Plot(Protocol):
    """What the menu needs of a plot."""

    @property
    def title(self) -> str:
        """What it shows."""

    @property
    def run_name(self) -> str:
        """The run it shows."""

    def save(self, path: Path) -> None:
        """Write it to ``path``."""

    def copy_image(self) -> None:
        """Put it on the clipboard."""

    def copy_values(self) -> None:
        """Put its values there, as a spreadsheet takes them."""

    def reset_zoom(self) -> None:
        """Show all of it."""

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part is shown."""


class PlotMenu(QToolButton):
    """The button with three dots, and the menu that it and a right click open."""

    def __init__(self, plot: Plot, parent: QWidget) -> None:
        super().__init__(parent)
        self._plot = plot
        bind_icon(self, "more", "muted")
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("Save or copy this plot")
        self.setAccessibleName(f"Save or copy: {plot.title}")
        self.clicked.connect(lambda: self.open_at(self.mapToGlobal(QPoint(0, self.height() + SPACE))))

    def open_at(self, place: QPoint) -> None:
        """Open the menu at ``place`` on the screen."""
        self.make_menu().popup(place)

    def make_menu(self) -> QMenu:
        """The menu as it is now; it goes when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in _KINDS:
            menu.addAction(f"Save as {kind.upper()}…").triggered.connect(partial(self._ask_for_path, kind))
        menu.addSeparator()
        menu.addAction("Copy image").triggered.connect(self._plot.copy_image)
        menu.addAction("Copy values").triggered.connect(self._plot.copy_values)
        if self._plot.is_zoomed:
            menu.addAction("Show all").triggered.connect(self._plot.reset_zoom)
        return menu

    def file_name(self, kind: str) -> str:
        """What to call the file: name of the run, title of the plot, suffix."""
        name = " ".join(filter(None, (self._plot.run_name, self._plot.title.lower())))
        kept = "".join("_" if letter in _FORBIDDEN or not letter.isprintable() else letter for letter in name)
        return f"{kept.strip(' .')}.{kind}"

    def save_or_tell(self, name: str) -> None:
        """Save the plot as the file ``name``, or tell why it could not be."""
        try:
            self._plot.save(Path(name))
        except LanescopeError as error:
            Telling(self.window(), error.title, f"{error}\n\n{error.hint}").open()

    def _ask_for_path(self, kind: str) -> None:
        dialog = QFileDialog(self.window(), f"Save {self._plot.title} as {kind.upper()}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_KINDS[kind])
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(self.file_name(kind))
        dialog.fileSelected.connect(self.save_or_tell)
        dialog.open()
