"""Fonts shipped with the application: Inter for the window, JetBrains Mono for sequences."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase

from gui.theme.tokens import SIZE_FIGURE, SIZE_HEADING, SIZE_NOTE, SIZE_TEXT, SIZE_TITLE

Role = Literal["title", "heading", "figure", "text", "strong", "note", "mono"]

_FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "JetBrainsMono-Regular.ttf")
_SANS = ["Inter", "Segoe UI", "Helvetica Neue", "Arial"]
_MONO = ["JetBrains Mono", "Menlo", "Consolas", "DejaVu Sans Mono"]
_ROLES: dict[Role, tuple[int, QFont.Weight]] = {
    "title": (SIZE_TITLE, QFont.Weight.DemiBold),
    "heading": (SIZE_HEADING, QFont.Weight.DemiBold),
    "figure": (SIZE_FIGURE, QFont.Weight.DemiBold),
    "text": (SIZE_TEXT, QFont.Weight.Normal),
    "strong": (SIZE_TEXT, QFont.Weight.DemiBold),
    "note": (SIZE_NOTE, QFont.Weight.Normal),
    "mono": (SIZE_TEXT - 1, QFont.Weight.Normal),
}


@cache
def load_fonts() -> None:
    """Make the shipped fonts known to Qt, once. Needs an application."""
    folder = files("resources").joinpath("fonts")
    for name in _FILES:
        QFontDatabase.addApplicationFontFromData(folder.joinpath(name).read_bytes())


def font(role: Role = "text") -> QFont:
    """The font of a role. Its figures are tabular, so that numbers may change in place.

    Roles: ``title`` 20 semibold, ``figure`` 24 semibold, ``heading`` 14 semibold, ``text`` 13,
    ``strong`` 13 semibold, ``note`` 11, ``mono`` 12 for sequences; sizes in logical pixels.
    """
    size, weight = _ROLES[role]
    made = QFont(_MONO if role == "mono" else _SANS)
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setStyleHint(QFont.StyleHint.Monospace if role == "mono" else QFont.StyleHint.SansSerif)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
