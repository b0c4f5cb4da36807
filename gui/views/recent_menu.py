"""The menu of what was opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu

from gui.models.recent import Recent, label

_WIDEST = 480


class RecentMenu(QObject):
    """Fills a menu anew whenever it opens.

    Signals:
        chosen: paths (a list) to open once more.
    """

    chosen = Signal(list)

    def __init__(self, menu: QMenu, recent: Recent) -> None:
        super().__init__(menu)
        self._menu = menu
        self._recent = recent
        menu.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Put in what was opened, the newest first."""
        self._menu.clear()
        metrics = QFontMetrics(self._menu.font())
        for path in self._recent.paths:
            text = metrics.elidedText(label(path), Qt.TextElideMode.ElideMiddle, _WIDEST)
            # A name may hold the sign by which menus mark keys.
            action = self._menu.addAction(text.replace("&", "&&"), partial(self._choose, path))
            action.setStatusTip(str(path))
        if self._menu.isEmpty():
            self._menu.addAction("Nothing yet").setEnabled(False)
        else:
            self._menu.addSeparator()
            self._menu.addAction("&Clear this list", self._recent.clear)

    def _choose(self, path: Path) -> None:
        self.chosen.emit([path])
