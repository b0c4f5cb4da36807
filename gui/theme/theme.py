"""The theme in force."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme.fonts import font, load_fonts
from gui.theme.tokens import (
    DARK,
    LIGHT,
    RADIUS,
    RADIUS_SMALL,
    SERIES,
    SERIES_ON_LIGHT,
    SIZE_HEADING,
    SIZE_NOTE,
    SIZE_TITLE,
    Tokens,
    mixed,
)

Mode = Literal["system", "dark", "light"]
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "dark": Qt.ColorScheme.Dark,
    "light": Qt.ColorScheme.Light,
}


class Theme(QObject):
    """The application's one theme.

    Attributes:
        tokens: the colours in force.
        is_dark: whether they are the dark ones. Where a system has no say, they are.
        mode: ``system``, ``dark`` or ``light``.

    Signals:
        changed: :attr:`tokens` are others now; the application wears them already.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens: Tokens = DARK
        self.is_dark = True
        self.mode: Mode = "system"
        self._app: QApplication | None = None

    def apply(self, app: QApplication) -> None:
        """Dress ``app`` in fonts, palette and stylesheet, and follow the system from now on."""
        load_fonts()
        first = self._app is None
        self._app = app
        app.setStyle("Fusion")
        app.setFont(font())
        self._choose()
        self._dress()
        if first:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or be dark or light whatever it says."""
        self.mode = mode
        if self._app is not None:
            # Window frames and native dialogs follow too, where the platform lets them.
            QGuiApplication.styleHints().setColorScheme(_SCHEMES[mode])
        self._follow()

    def color(self, name: str) -> QColor:
        """The colour of the token, or of the base or series, ``name``.

        Raises:
            KeyError: there is neither.
        """
        series = SERIES if self.is_dark else SERIES_ON_LIGHT
        return QColor(series[name] if name in series else self.tokens[name])

    def _follow(self) -> None:
        was = self.is_dark
        self._choose()
        if self.is_dark != was:
            self._dress()
            self.changed.emit()

    def _choose(self) -> None:
        scheme = _SCHEMES[self.mode]
        if scheme == Qt.ColorScheme.Unknown and self._app is not None:
            scheme = QGuiApplication.styleHints().colorScheme()
        self.is_dark = scheme != Qt.ColorScheme.Light
        self.tokens = DARK if self.is_dark else LIGHT

    def _dress(self) -> None:
        if self._app is not None:
            self._app.setPalette(palette(self.tokens))
            self._app.setStyleSheet(stylesheet(self.tokens))


def palette(tokens: Tokens) -> QPalette:
    """The palette of ``tokens``, for all that no stylesheet reaches."""
    made = QPalette()
    role = QPalette.ColorRole
    for target, name in (
        (role.Window, "ground"),
        (role.WindowText, "text"),
        (role.Base, "panel"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.PlaceholderText, "muted"),
        (role.Button, "raised"),
        (role.ButtonText, "text"),
        (role.ToolTipBase, "raised"),
        (role.ToolTipText, "text"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.BrightText, "failed"),
    ):
        made.setColor(target, QColor(tokens[name]))
    for target in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, target, QColor(faint(tokens)))
    return made


def faint(tokens: Tokens) -> str:
    """The colour of text that cannot be acted on now."""
    return mixed(tokens.panel, tokens.muted, 0.6)


def edge(tokens: Tokens) -> str:
    """The outline of fields, which has to be seen: nothing else tells where one may write."""
    return mixed(tokens.line, tokens.muted, 0.72)


def stylesheet(tokens: Tokens) -> str:
    """The application's stylesheet, in the colours of ``tokens``."""
    template = files("resources").joinpath("themes", "lanescope.qss").read_text("utf-8")
    return Template(template).substitute(
        asdict(tokens),
        accent_soft=tokens.soft("accent"),
        failed_soft=tokens.soft("failed"),
        accent_lit=mixed(tokens.accent, tokens.text, 0.15),
        hover=mixed(tokens.raised, tokens.text, 0.06),
        pressed=mixed(tokens.raised, tokens.text, 0.12),
        faint=faint(tokens),
        edge=edge(tokens),
        icons=Path(str(files("resources").joinpath("icons"))).as_posix(),
        check="check-on-light.svg" if tokens is DARK else "check-on-dark.svg",
        radius=RADIUS,
        radius_small=RADIUS_SMALL,
        size_title=SIZE_TITLE,
        size_heading=SIZE_HEADING,
        size_note=SIZE_NOTE,
    )


_themes: list[Theme] = []


def theme() -> Theme:
    """The application's one theme."""
    if not _themes:
        _themes.append(Theme())
    return _themes[0]
