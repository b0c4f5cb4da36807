"""Tells how far the work is, and that it is over, to who looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from engine.run.snapshot import RunSnapshot
from gui.models.endings import Endings
from gui.models.session import Session
from gui.models.settings import Settings
from gui.models.window_title import window_title
from gui.theme.icons import icon
from gui.views.window import Window

_SHOWN_MS = 10_000
_THERE_MS = 60_000
"""Some desktops take the message away with the icon."""


class Attention(QObject):
    """Keeps the title of the window up to date; asks for attention when long work ends while it is not in front.

    Attributes:
        last: what was told last, or an empty string.
    """

    def __init__(self, window: Window, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self.last = ""
        self._window = window
        self._session = session
        self._settings = settings
        self._endings = Endings()
        self._tray: QSystemTrayIcon | None = None
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(_THERE_MS)
        self._leaving.timeout.connect(self._leave)
        session.entering.submitted.connect(self._retitle)
        session.changed.connect(self._hear)

    def tell(self, words: str) -> None:
        """Say ``words`` outside of the window, where the desktop has a place for that, and mark the window."""
        self.last = words
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon("logo", "accent"), self)
            self._tray.messageClicked.connect(self._come)
            self._tray.activated.connect(lambda _reason: self._come())
        self._tray.show()
        self._leaving.start()
        # Some desktops take what they show for markup: a name must not begin any.
        self._tray.showMessage(
            "Lanescope",
            words.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"),
            icon("logo", "accent"),
            _SHOWN_MS,
        )

    def _hear(self, news: tuple[RunSnapshot, ...]) -> None:
        self._retitle()
        words = self._endings.hear(news)
        if words and self._settings.tells and not self._window.isActiveWindow():
            self.tell(words)

    def _retitle(self) -> None:
        # Qt has a sign of its own in titles, which it shows only where it is doubled.
        title = window_title(self._session.going).replace("[*]", "[*][*]")
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)

    def _leave(self) -> None:
        if self._tray is not None:
            self._tray.hide()

    def _come(self) -> None:
        self._leave()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()
        self._window.go_to("runs")
