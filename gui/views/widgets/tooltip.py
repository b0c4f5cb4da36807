"""Tooltips for text that comes from files."""

from __future__ import annotations

import html

from PySide6.QtWidgets import QWidget


def as_tooltip(text: str) -> str:
    """``text`` for a tooltip, letter by letter: Qt would otherwise read a file named ``<b>`` as markup."""
    return f"<p style='white-space: pre-wrap; margin: 0'>{html.escape(text)}</p>" if text else ""


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give ``widget`` the plain ``text`` as its tooltip; an empty one takes it away."""
    widget.setToolTip(as_tooltip(text))
