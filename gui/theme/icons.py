"""Icons, tinted to a token."""

from __future__ import annotations

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QAbstractButton


def icon(name: str, token_name: str = "text") -> QIcon:
    """The icon ``name`` of ``resources/icons`` in the colour of a token."""
    return QIcon()


def bind_icon(target: QAbstractButton | QAction, name: str, token_name: str = "text") -> None:
    """Give ``target`` the icon ``name`` and tint it anew whenever the theme changes."""
    target.setIcon(icon(name, token_name))
