"""Questions that hold a person up, asked without holding up the event loop."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import QGridLayout, QMessageBox, QPushButton, QSpacerItem, QWidget

from gui.theme.icons import image
from gui.theme.theme import theme
from gui.views.plain_label import wrappable

_SYMBOL = 28
_LEAST_WIDTH = 420


class PlainBox(QMessageBox):
    """A message as plain text, with one of Lanescope's symbols beside it and not the desktop's."""

    def __init__(self, parent: QWidget | None, text: str, explanation: str, symbol: str = "warned") -> None:
        super().__init__(parent)
        self.setWindowTitle("Lanescope")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(wrappable(text))
        self.setInformativeText(wrappable(explanation))
        token_name = "accent" if symbol == "help" else "warned"
        drawn = image(symbol, theme().tokens[token_name], _SYMBOL, self.devicePixelRatioF())
        self.setIconPixmap(QPixmap.fromImage(drawn))

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call: be wide enough that short words do not make a tall box. Qt lays boxes out anew with each text."""
        grid = self.layout()
        if isinstance(grid, QGridLayout):
            grid.addItem(QSpacerItem(_LEAST_WIDTH, 0), grid.rowCount(), 0, 1, grid.columnCount())
        super().showEvent(event)


class Question(PlainBox):
    """Two answers; the careful one is the default, and what Escape means.

    Attributes:
        keep: the careful answer.
        go: the other one.
    """

    def __init__(self, parent: QWidget | None, text: str, explanation: str, *, keep: str, go: str) -> None:
        super().__init__(parent, text, explanation, "help")
        self.keep: QPushButton = self.addButton(keep, QMessageBox.ButtonRole.RejectRole)
        self.go: QPushButton = self.addButton(go, QMessageBox.ButtonRole.AcceptRole)
        self.go.setProperty("role", "danger")
        self.setDefaultButton(self.keep)
        self.setEscapeButton(self.keep)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    async def ask(self) -> bool:
        """Whether the user chose ``go``."""
        answer: asyncio.Future[bool] = asyncio.get_event_loop().create_future()

        def answered() -> None:
            if not answer.done():
                answer.set_result(self.clickedButton() is self.go)

        self.finished.connect(answered)
        self.open()
        return await answer


class Telling(PlainBox):
    """One thing that has to be read before anything else."""

    def __init__(self, parent: QWidget | None, text: str, explanation: str) -> None:
        super().__init__(parent, text, explanation)
        self.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    async def tell(self) -> None:
        """Wait until it has been read."""
        read: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        self.finished.connect(lambda: None if read.done() else read.set_result(None))
        self.open()
        await read
