"""The theme in force."""

from __future__ import annotations

from typing import Literal

from gui.theme.tokens import DARK, Tokens
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

Mode = Literal["system", "dark", "light"]


class Theme(QObject):
    """The application's one theme.

    Attributes:
        tokens: the colours in force.
        is_dark: whether they are the dark ones.

    Signals:
        changed: :attr:`tokens` are others now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens: Tokens = DARK
        self.is_dark = True

    def apply(self, app: QApplication) -> None:
        """Load fonts, set palette and stylesheet of ``app`` and follow the system from now on."""

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or be dark or light whatever it says."""


_theme: Theme | None = None


def theme() -> Theme:
    """The application's one theme."""
    global _theme  # noqa: PLW0603 - one theme for one application
    if _theme is None:
        _theme = Theme()
    return _theme
